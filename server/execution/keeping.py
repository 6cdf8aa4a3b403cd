"""A bounded store of what keys stand for, which a stream of keys that are asked for once can't empty.

What was asked for once has a quarter of the room; what was asked for again is kept apart, in the rest (the segmented
LRU of https://doi.org/10.1109/2.268884). There it is noted that it was asked for, and it is not moved, which costs more
than to find it: who is oldest and was asked for since goes to the end when room is needed (the second chance of the
clock algorithm).
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

KeyT = TypeVar("KeyT", bound=Hashable)
ValueT = TypeVar("ValueT")

MOST_PASSED = 64
"""How many that were asked for of late are passed over before one of them has to leave: all may have been."""


def _ignore(_value: object) -> None:
    """What becomes of a value that is kept no longer, where nobody wants to know."""


class Kept(Generic[KeyT, ValueT]):
    """Values by key, bounded by their number and by their sizes together.

    `on_drop` is told of every value that made room for another.
    """

    def __init__(self, *, most: int, most_size: int, on_drop: Callable[[ValueT], None] = _ignore) -> None:
        self._most = most
        self._most_once = max(most // 4, 1)
        self._most_size = most_size
        self._on_drop = on_drop
        self._once = _Shelf[KeyT, ValueT]()
        self._again = _Shelf[KeyT, ValueT]()

    def __len__(self) -> int:
        return len(self._once.values) + len(self._again.values)

    def __contains__(self, key: KeyT) -> bool:
        return key in self._once.values or key in self._again.values

    @property
    def size(self) -> int:
        """Of all values together."""
        return self._once.size + self._again.size

    def find(self, key: KeyT) -> ValueT | None:
        """The value of a key, if it is kept; it is taken for one that will be asked for again."""
        found = self._again.values.get(key)
        if found is not None:
            found.is_used = True
            return found.value
        if key not in self._once.values:
            return None
        taken = self._once.take(key)
        self._again.put(taken)
        self._settle()
        return taken.value

    def peek(self, key: KeyT) -> ValueT | None:
        """The value of a key, if it is kept; that it was looked at says nothing of it."""
        found = self._again.values.get(key) or self._once.values.get(key)
        return found.value if found else None

    def keep(self, key: KeyT, value: ValueT, *, size: int) -> None:
        """Keeps a new value as long as there is room; one that is kept stays as it is."""
        if key in self:
            return
        self._once.put(_Sized(key, value, size=size))
        self._shorten()

    def drop(self, key: KeyT) -> None:
        """Keeps the value of a key no longer, if it is kept."""
        for shelf in (self._once, self._again):
            if key in shelf.values:
                shelf.take(key)

    def clear(self) -> None:
        """Keeps nothing of what was kept."""
        self._once, self._again = _Shelf[KeyT, ValueT](), _Shelf[KeyT, ValueT]()

    def resize(self, key: KeyT, *, size: int) -> None:
        """Notes that the value of a key takes another size than it did, if it is kept."""
        for shelf in (self._once, self._again):
            if key in shelf.values:
                shelf.resize(key, size=size)
        self._settle()

    def _settle(self) -> None:
        """Gives what was asked for again no more than its room."""
        passed = 0
        while self._again.exceeds(self._most - self._most_once, self._most_size * 3 // 4):
            oldest = self._again.oldest()
            if oldest.is_used and passed < MOST_PASSED:
                oldest.is_used = False
                self._again.put(oldest)
                passed += 1
            else:
                self._once.put(oldest)
        self._shorten()

    def _shorten(self) -> None:
        while self._once.exceeds(self._most_once, self._most_size // 4):
            self._on_drop(self._once.oldest().value)


class _Sized(Generic[KeyT, ValueT]):
    """A value with its size, and the very key that it was kept at: to find that one needs no comparison."""

    __slots__ = ("is_used", "key", "size", "value")

    def __init__(self, key: KeyT, value: ValueT, *, size: int) -> None:
        self.key = key
        self.value = value
        self.size = size
        self.is_used = False
        """Whether it was asked for since it was last looked at whether it may stay."""


class _Shelf(Generic[KeyT, ValueT]):
    """Values in the order in which they were asked for."""

    def __init__(self) -> None:
        self.values: OrderedDict[KeyT, _Sized[KeyT, ValueT]] = OrderedDict()
        self.size = 0

    def put(self, sized: _Sized[KeyT, ValueT]) -> None:
        self.values[sized.key] = sized
        self.size += sized.size

    def take(self, key: KeyT) -> _Sized[KeyT, ValueT]:
        taken = self.values.pop(key)
        self.size -= taken.size
        return taken

    def resize(self, key: KeyT, *, size: int) -> None:
        sized = self.values[key]
        self.size += size - sized.size
        sized.size = size

    def exceeds(self, most: int, most_size: int) -> bool:
        """Whether there is more than may be."""
        return len(self.values) > most or self.size > most_size

    def oldest(self) -> _Sized[KeyT, ValueT]:
        """Takes the one that was asked for longest ago."""
        _, oldest = self.values.popitem(last=False)
        self.size -= oldest.size
        return oldest

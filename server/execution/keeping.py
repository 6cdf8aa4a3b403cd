"""A bounded store of what texts stand for, which a stream of texts that are asked for once can't empty.

What was asked for once has a quarter of the room; what was asked for again is kept apart, in the rest (the segmented
LRU of https://doi.org/10.1109/2.268884).
"""

from collections import OrderedDict
from typing import Generic, TypeVar

ValueT = TypeVar("ValueT")


class Kept(Generic[ValueT]):
    """Values by text, bounded by their number and by the characters of their texts."""

    def __init__(self, *, most: int, most_characters: int) -> None:
        self._most = most
        self._most_once = max(most // 4, 1)
        self._most_characters = most_characters
        self._once = _Shelf[ValueT]()
        self._again = _Shelf[ValueT]()

    def __len__(self) -> int:
        return len(self._once.values) + len(self._again.values)

    def find(self, text: str) -> ValueT | None:
        """The value of a text, if it is kept; it is taken for one that will be asked for again."""
        if text in self._again.values:
            self._again.values.move_to_end(text)
            return self._again.values[text]
        if text not in self._once.values:
            return None
        value = self._once.take(text)
        self._again.put(text, value)
        while self._again.exceeds(self._most - self._most_once, self._most_characters * 3 // 4):
            self._once.put(*self._again.drop())
        self._shorten()
        return value

    def keep(self, text: str, value: ValueT) -> None:
        """Keeps a new value as long as there is room; one that is kept stays as it is."""
        if text in self._once.values or text in self._again.values:
            return
        self._once.put(text, value)
        self._shorten()

    def _shorten(self) -> None:
        while self._once.exceeds(self._most_once, self._most_characters // 4):
            self._once.drop()


class _Shelf(Generic[ValueT]):
    """Values in the order in which they were asked for."""

    def __init__(self) -> None:
        self.values: OrderedDict[str, ValueT] = OrderedDict()
        self.characters = 0

    def put(self, text: str, value: ValueT) -> None:
        self.values[text] = value
        self.characters += len(text)

    def take(self, text: str) -> ValueT:
        self.characters -= len(text)
        return self.values.pop(text)

    def exceeds(self, most: int, most_characters: int) -> bool:
        """Whether there is more than may be."""
        return len(self.values) > most or self.characters > most_characters

    def drop(self) -> tuple[str, ValueT]:
        """Takes the one that was asked for longest ago."""
        text, value = self.values.popitem(last=False)
        self.characters -= len(text)
        return text, value

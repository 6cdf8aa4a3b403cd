"""What one process keeps of what it read, as long as the news says that it still stands.

A value is kept with the tags of what it was made of (see `touching`), and dropped when news touches one of them: also
when the news came while it was being read. It is for whoever asks to ask first whether the news is current.
"""

from collections import defaultdict, deque
from collections.abc import Hashable
from typing import Final, NamedTuple, TypeVar

from server.content.touching import Tag, told_tags
from server.events.news import News, Told
from server.execution.keeping import Kept

KeyT = TypeVar("KeyT", bound=Hashable)

MOST_OBJECTS = 1_000_000
MOST_TOLD = 256
"""How much news is remembered for what is being read: a read that lasts longer is not kept."""

ENTRY_BYTES = 500
"""What an entry takes beside its value."""


class Reading(NamedTuple):
    """A value that was read, the tags of what touches it, and the moment that it was read after."""

    value: object
    tags: frozenset[Tag]
    since: int


class _Entry:
    """A value, and what is needed to drop it."""

    __slots__ = ("key", "part", "tags", "value")

    def __init__(self, key: Hashable, value: object, *, tags: frozenset[Tag], part: Hashable | None) -> None:
        self.key: Final = key
        self.value: Final = value
        self.tags: Final = tags
        self.part: Final = part
        """The key of what the value holds as a part, whose size is counted there."""


class Objects:
    """Values by key, bounded by the bytes of their JSON."""

    def __init__(self, news: News, *, most_bytes: int) -> None:
        self.hits, self.misses, self.dropped = 0, 0, 0
        """How often something was kept, how often it was not, and how many were dropped by news."""
        self.moment = 0
        """How much was told so far."""
        self.is_current = news.is_current
        """Whether what is kept may be served."""
        self._told = deque[frozenset[Tag] | None](maxlen=MOST_TOLD)
        self._kept = Kept[Hashable, _Entry](most=MOST_OBJECTS, most_size=most_bytes, on_drop=self._forget)
        self._by_tag = defaultdict[Tag, set[_Entry]](set)
        self._by_part = defaultdict[Hashable, set[_Entry]](set)
        news.tell(self._hear)

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def size(self) -> int:
        """Of all that is kept, in bytes of its JSON."""
        return self._kept.size

    def find(self, key: Hashable) -> object | None:
        """The value at a key; null where none is kept."""
        entry = self._kept.find(key)
        if entry is None:
            return None
        if entry.part is not None:
            self._kept.find(entry.part)
        return entry.value

    def keep(self, key: Hashable, reading: "Reading", *, size: int, part: Hashable | None = None) -> None:
        """Keeps what was read in place of what is kept, unless it was touched meanwhile.

        What has a part that is kept is kept no longer than that.
        """
        if self._is_touched(reading.tags, reading.since) or (part is not None and part not in self._kept):
            return
        former = self._kept.find(key)
        if former is not None:
            self._remove(former)
        entry = _Entry(key, reading.value, tags=reading.tags, part=part)
        for tag in reading.tags:
            self._by_tag[tag].add(entry)
        if part is not None:
            self._by_part[part].add(entry)
        self._kept.keep(key, entry, size=size + ENTRY_BYTES)

    def _is_touched(self, tags: frozenset[Tag], since: int) -> bool:
        missed = self.moment - since
        if missed > len(self._told):
            return True
        recent = [self._told[-back] for back in range(1, missed + 1)]
        return any(told is None or not tags.isdisjoint(told) for told in recent)

    def _hear(self, told: Told) -> None:
        touched = None if told.is_everything else told_tags(told)
        self.moment += 1
        self._told.append(touched)
        if touched is None:
            self.dropped += len(self._kept)
            self._by_tag.clear()
            self._by_part.clear()
            self._kept.clear()
            return
        for tag in touched:
            for entry in tuple(self._by_tag.get(tag, ())):
                self.dropped += 1
                self._remove(entry)

    def _remove(self, entry: _Entry) -> None:
        self._kept.drop(entry.key)
        self._forget(entry)

    def _forget(self, entry: _Entry) -> None:
        """Takes an entry that is kept no longer from its tags, and what it is a part of with it."""
        for tag in entry.tags:
            _discard(self._by_tag, tag, entry=entry)
        if entry.part is not None:
            _discard(self._by_part, entry.part, entry=entry)
        for whole in tuple(self._by_part.get(entry.key, ())):
            self._remove(whole)


def _discard(index: defaultdict[KeyT, set[_Entry]], key: KeyT, *, entry: _Entry) -> None:
    bearing = index[key]
    bearing.discard(entry)
    if not bearing:
        del index[key]

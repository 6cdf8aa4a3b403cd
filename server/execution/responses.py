"""Responses that are kept: bytes by key, each dropped as soon as anything that it depends on may have changed.

A run that is under way when news comes hears of it too: what it read may be from before.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterable
from functools import partial
from typing import Final

from server.execution.encoding import Written
from server.execution.keepable import Key
from server.execution.keeping import Kept
from server.execution.operation import Result
from server.execution.tags import Tag, Tags

ENTRY_BYTES, ENTITY_BYTES, TAG_BYTES = 1_800, 250, 550
"""About what a response takes in memory beside its bytes and its key: itself, each of its entities, and each tag."""

MOST_RESPONSES = 1_000_000

AT_ONCE = 100
"""Responses that are taken out in one turn: some milliseconds, where they bear many tags."""


class Response:
    """What is kept of one response."""

    __slots__ = ("is_dropped", "key", "result", "tags")

    def __init__(self, key: Key, result: Result) -> None:
        self.key: Final = key
        self.result: Final = result
        """As it is served, its data written."""
        self.tags: Final = result.tags or frozenset()
        self.is_dropped = False
        """Whether it is kept no longer, so that nobody tells it what changes."""

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes."""
        entities = len(self.result.receipt.entities) if self.result.receipt else 0
        own = ENTRY_BYTES + ENTITY_BYTES * entities + TAG_BYTES * len(self.tags)
        written = self.result.plain
        return own + (written.size if written else len(self.result.body)) + self.key.size


class Hearing:
    """What one run has heard since it began."""

    __slots__ = ("_tags", "is_void")

    def __init__(self) -> None:
        self.is_void = False
        """Whether anything may have changed."""
        self._tags: set[Tag] = set()

    def note(self, tags: Iterable[Tag] | None) -> None:
        """Something changed; anything, where it is not known what."""
        if tags is None:
            self.is_void = True
        else:
            self._tags.update(tags)

    def touches(self, tags: Tags) -> bool:
        """Whether any of it is of what bears these tags."""
        return self.is_void or not self._tags.isdisjoint(tags)


class Responses:
    """The responses that one process keeps."""

    def __init__(self, *, most_bytes: int) -> None:
        self.dropped = 0
        """How many were dropped because something changed."""
        self._kept = Kept[Key, Response](most=MOST_RESPONSES, most_size=most_bytes, on_drop=self._forget)
        self._by_tag: defaultdict[Tag, set[Response]] = defaultdict(set)
        self._hearings: set[Hearing] = set()
        self._leaving: deque[Response] = deque()
        """What was dropped, and is to be taken out."""

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def size(self) -> int:
        """How many bytes of memory they take, about."""
        return self._kept.size

    def find(self, key: Key) -> Response | None:
        """The response at a key."""
        found = self._kept.find(key)
        return None if found is None or found.is_dropped else found

    def hear(self) -> Hearing:
        """What happens from now on, until it is told that nobody listens."""
        hearing = Hearing()
        self._hearings.add(hearing)
        return hearing

    def end(self, hearing: Hearing) -> None:
        """Nobody listens any more."""
        self._hearings.discard(hearing)

    def keep(self, response: Response) -> None:
        """Keeps a response, in place of the one at its key."""
        former = self._kept.peek(response.key)
        if former is not None:
            self._remove(former)
        for tag in response.tags:
            self._by_tag[tag].add(response)
        if response.result.written is not None:
            response.result.written.on_growth = partial(self._note_growth, response.key)
        self._kept.keep(response.key, response, size=response.size)

    def drop(self, tags: Tags | None) -> None:
        """Drops what bears any of the tags, as what they are of changed; everything, where that is not known."""
        for hearing in self._hearings:
            hearing.note(tags)
        if tags is None:
            self._drop_all()
            return
        for tag in tags:
            dropped = [response for response in self._by_tag.get(tag, ()) if not response.is_dropped]
            for response in dropped:
                response.is_dropped = True
            self.dropped += len(dropped)
            is_begun = bool(self._leaving)
            self._leaving += dropped
            if not is_begun:
                self._take_out()

    def _take_out(self) -> None:
        """Takes out what was dropped: some at once, and of many the rest in later turns of the event loop."""
        for _ in range(min(AT_ONCE, len(self._leaving))):
            response = self._leaving.popleft()
            if self._kept.peek(response.key) is response:
                self._kept.drop(response.key)
            self._forget(response)
        if self._leaving:
            asyncio.get_running_loop().call_soon(self._take_out)

    def _note_growth(self, key: Key, written: Written) -> None:
        response = self._kept.peek(key)
        if response is not None and response.result.written is written:
            self._kept.resize(key, size=response.size)

    def _drop_all(self) -> None:
        self.dropped += len(self._kept)
        for responses in self._by_tag.values():
            for response in responses:
                response.is_dropped = True
        self._by_tag.clear()
        self._kept.clear()

    def _remove(self, response: Response) -> None:
        self._kept.drop(response.key)
        self._forget(response)

    def _forget(self, response: Response) -> None:
        """Takes a response that is kept no longer from its tags."""
        response.is_dropped = True
        for tag in response.tags:
            bearing = self._by_tag[tag]
            bearing.discard(response)
            if not bearing:
                del self._by_tag[tag]

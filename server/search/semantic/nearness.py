"""Which answers mean what is asked: the query's vector, and those nearest to it.

What was found is remembered by its digest for as long as readers page through it: a page is cut from the same answers
as the one before it, though vectors may have been made since.
"""

import asyncio
import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from server.content.filters import AnswerFilter
from server.content.reads.sight import Sight
from server.content.vectors.nearest import model_number, read_nearest
from server.search.semantic.folder import Model

NEAR_ENOUGH = 0.6
"""The least cosine by which an answer that has none of the words is taken for one that answers, as all-MiniLM-L6-v2
measures it (RESULTS.md)."""

MOST_REMEMBERED = 256
"""Vectors of queries, and results that are paged through, which a process remembers."""

KeyT = TypeVar("KeyT")
ValueT = TypeVar("ValueT")


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbours:
    """The answers that are nearest to a query, nearest first."""

    ids: tuple[UUID, ...]
    enough: int
    """How many of them are near enough by themselves; the others are where they match by words too."""

    @property
    def name(self) -> str:
        """What tells them from all others."""
        return hashlib.sha256(b"".join([b"%d" % self.enough, *[each.bytes for each in self.ids]])).hexdigest()[:16]


NOBODY = Neighbours(ids=(), enough=0)


class Recent(Generic[KeyT, ValueT]):
    """What was used last, at most so many; safe to use from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[KeyT, ValueT] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: KeyT) -> ValueT | None:
        """What is kept by a key."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: KeyT, value: ValueT) -> None:
        """Keeps it, and drops what was not used for longest."""
        with self._lock:
            self._kept[key] = value
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


class Nearness:
    """Nearness by one model, for all audiences of a process."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._number: int | None = None
        self._embedded: Recent[str, str] = Recent(MOST_REMEMBERED)
        self._found: Recent[str, Neighbours] = Recent(MOST_REMEMBERED)

    async def find(self, wish: str, sight: Sight, *, locale: str, wanted: AnswerFilter) -> Neighbours:
        """The answers nearest to what is wished for, within a sight's bounds, that a filter lets through."""
        if not wish:
            return NOBODY
        if self._number is None:
            self._number = await model_number(sight, self._model.digest)
        if self._number is None:
            return NOBODY
        found = await read_nearest(
            sight,
            await self._vector(wish),
            number=self._number,
            dimension=self._model.dimension,
            asked=(locale, wanted),
        )
        if not found:
            self._number = None  # the model's vectors may have been dropped, and made again by another number
        return Neighbours(
            ids=tuple([each.answer_id for each in found]),
            enough=sum(each.likeness >= NEAR_ENOUGH for each in found),
        )

    def remember(self, neighbours: Neighbours) -> None:
        """Remembers what a cursor was made of."""
        self._found.put(neighbours.name, neighbours)

    def recall(self, name: str) -> Neighbours | None:
        """What was remembered by its name; None where it is forgotten, or was another process's."""
        return self._found.get(name)

    async def _vector(self, text: str) -> str:
        known = self._embedded.get(text)
        if known is None:
            (known,) = await asyncio.to_thread(self._model.embed, [(text,)])
            self._embedded.put(text, known)
        return known

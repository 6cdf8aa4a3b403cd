"""Search as readers know it: a question in, the best answers out, each with the passage that matches best.

One locale at a time: that of the request or its filter, else the audience's default, else English; one answer for each
set of translations. What is found is read from the library, so that what was retracted or taken away meanwhile is left
out and the next best comes in its place; counts and facets are as late as the index, a second or two.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

import msgspec

from server.content.answer import Answer, AnswerStatus
from server.content.library import Library
from server.content.pages import LARGEST_SIZE, decode_cursor, encode_cursor
from server.errors.machine import SearchNotReadyError
from server.errors.requests import BadUserInputError, CursorExpiredError, CursorInvalidError
from server.search.completing import Completion, Completions
from server.search.finding import DEEPEST, MOST_FACETS, Asked, Match, Result, facets, find, matches
from server.search.results import Facet, Hit, SearchPage, SearchRequest, SuggestRequest
from server.search.semantic.fusing import Fusion
from server.search.snapshots import Snapshot, Snapshots
from server.search.spelling import Speller, Spelling

DEFAULT_LOCALE = "en"

PATIENCE_SECONDS = 2.0
"""How long a search waits for the first commit of the index."""

MOST_REFILLS = 5
"""How often a page is filled up in place of answers that are no longer there."""
SMALLEST_REFILL = 20
"""Answers that are looked at each time, however few are missing."""

_NEAR = "~"
"""What parts the generation of a cursor from the name of its neighbours."""


def _no_facets() -> Awaitable[tuple[Facet, ...]]:
    none: asyncio.Future[tuple[Facet, ...]] = asyncio.get_running_loop().create_future()
    none.set_result(())
    return none


@dataclass(frozen=True, kw_only=True, slots=True)
class _Cut:
    """Where a page begins."""

    name: str
    """Of the list that cursors belong to: the query, the locale and the filter."""
    generation: str | None = None
    near: str = ""
    """The neighbours that the page before was cut from; empty where it was of words alone."""
    corrected: str = ""
    """The digest of the query that the page before was searched by; empty where that was the one that was typed."""
    skip: int = 0

    def cursor(self, each: "_Place") -> str:
        """The cursor of a place in the list, of a page that was cut as this one is."""
        generation = f"{self.generation}{self.near and _NEAR}{self.near}"
        return encode_cursor(self.name, generation, self.corrected, each.number)


class _Looked(NamedTuple):
    """What the index says to a query."""

    snapshot: Snapshot
    """The commit that the page is cut from."""
    result: Result | None
    page: Sequence[Match] | None
    """What is on the page, where nothing is put among it."""
    is_lasting: bool
    """Whether that commit will say the same again."""


NOTHING = SearchPage(hits=(), has_next=False, has_previous=False, total=0, facets=_no_facets)


class Search:
    """Searches the commits that this process reads."""

    def __init__(self, snapshots: Snapshots, *, fusion: Fusion | None = None) -> None:
        self._snapshots = snapshots
        self._fusion = fusion
        self._spelling = Spelling()
        self._completions = Completions()

    async def search(self, request: SearchRequest, *, library: Library) -> SearchPage:
        """A page of the answers to a query, best match first; nothing where nothing answers it well.

        A cursor is taken back for the same query, locale and filter only, and as long as the commit of the index that
        it was made of is kept. Raises BadUserInputError, CursorInvalidError, CursorExpiredError, SearchNotReadyError.
        """
        asked, cut = _asked(request, library)
        if self._snapshots.latest is None:
            await self._ready()
        looked = await asyncio.to_thread(self._snapshots.read, self._look, asked, cut, first=request.first)
        snapshot = looked.snapshot
        result, near = await self._fused(looked.result, asked, snapshot=snapshot, cut=cut)
        if result is None:
            return replace(NOTHING, is_lasting=looked.is_lasting)
        self._snapshots.keep(snapshot)
        found = await _fill(result, library, cut=cut, first=request.first, page=looked.page)
        if found.dropped == result.total:
            return replace(NOTHING, is_lasting=looked.is_lasting)
        here = replace(cut, generation=snapshot.generation, near=near, corrected=_digest(result))
        return SearchPage(
            hits=tuple([_hit(result, each, cursor=here.cursor(each)) for each in found.answers]),
            has_next=min(result.total, DEEPEST) > found.end,
            has_previous=cut.generation is not None,
            total=result.total - found.dropped,
            facets=_once(partial(_facets, result, library)),
            corrected_query=result.corrected,
            is_lasting=looked.is_lasting,
        )

    async def suggest(self, request: SuggestRequest, *, library: Library) -> tuple[Completion, ...]:
        """Completions of what a reader is typing that are still published; raises SearchNotReadyError."""
        snapshot = self._snapshots.latest or await self._ready()
        found = await self._completions.complete(
            request.prefix,
            request.locale or library.audience.default_locale or DEFAULT_LOCALE,
            first=request.first,
            snapshot=snapshot,
        )
        there = await library.texts([each.id for each in found])
        return tuple([each for each, texts in zip(found, there, strict=True) if each.text in texts])

    async def _fused(
        self, result: Result | None, asked: Asked, *, snapshot: Snapshot, cut: _Cut
    ) -> tuple[Result | None, str]:
        """A result with what means the same, where the extra is in use, and the name of its neighbours."""
        if cut.generation is not None and bool(cut.near) != (self._fusion is not None):
            raise CursorExpiredError("`after` was given by a search of another kind: start again without it.")
        if self._fusion is None:
            return result, ""
        return await self._fusion.fused(result, asked, snapshot=snapshot, near=cut.near)

    def _look(self, asked: Asked, cut: _Cut, *, first: int) -> _Looked:
        """What the index says; one turn of a thread for all of it."""
        latest = self._snapshots.refresh()  # a cursor may come from a process that has seen more than this one
        if latest is None:
            raise SearchNotReadyError
        snapshot = latest if cut.generation is None else self._snapshots.find(cut.generation)
        if snapshot is None:
            raise CursorExpiredError("The index has changed since `after` was given: start again without it.")
        speller = Speller(self._spelling, snapshot)
        result = find(asked, snapshot, speller=speller)
        if cut.generation is not None and _digest(result) != cut.corrected:
            raise CursorExpiredError(
                "The spelling is put right otherwise since `after` was given: start again without it."
            )
        if self._fusion is not None:  # vectors change without that the index does
            return _Looked(snapshot, result, page=None, is_lasting=False)
        page = None if result is None else matches(result, first=first, skip=cut.skip)
        return _Looked(snapshot, result, page=page, is_lasting=speller.is_lasting)

    async def _ready(self) -> Snapshot:
        for _ in range(int(PATIENCE_SECONDS / 0.05)):
            if snapshot := await asyncio.to_thread(self._snapshots.refresh):
                return snapshot
            await asyncio.sleep(0.05)
        raise SearchNotReadyError


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """An answer at its place in a result."""

    answer: Answer
    match: Match
    number: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """The answers of a page that are still there, up to where they go in the result, and how many were not."""

    answers: Sequence[_Place]
    end: int
    dropped: int


async def _fill(result: Result, library: Library, *, cut: _Cut, first: int, page: Sequence[Match] | None) -> _Found:
    """The next answers of a result that are still published for this audience; `page` if they are cut already."""
    found: list[_Place] = []
    end, dropped, wanted = cut.skip, 0, first
    for _ in range(MOST_REFILLS):
        if page is None:
            page = await asyncio.to_thread(matches, result, first=wanted, skip=end) if wanted else []
        answers = await library.answers_by_id([each.id for each in page]) if page else []
        for match, answer in zip(page, answers, strict=True):
            if len(found) == first:
                break
            end += 1
            if answer is not None and answer.status is AnswerStatus.PUBLISHED:
                found.append(_Place(answer=answer, match=match, number=end))
            else:
                dropped += 1
        if len(page) < wanted or len(found) == first:
            break
        page, wanted = None, max(first - len(found), SMALLEST_REFILL)
    return _Found(answers=found, end=end, dropped=dropped)


def _hit(result: Result, each: _Place, *, cursor: str) -> Hit:
    return Hit(
        cursor=cursor,
        answer=each.answer,
        score=round(each.match.score, 6),
        looked=result.looked,
    )


def _heard(task: "asyncio.Task[Any]") -> None:
    """Looks at a failure, so that nobody misses it where whoever asked waits no longer."""
    if not task.cancelled():
        task.exception()


def _once(count: Callable[[], Coroutine[Any, Any, tuple[Facet, ...]]]) -> Callable[[], Awaitable[tuple[Facet, ...]]]:
    """Counts when it is first asked to, and gives everybody the same."""
    counting: asyncio.Task[tuple[Facet, ...]] | None = None

    def counted() -> Awaitable[tuple[Facet, ...]]:
        nonlocal counting
        if counting is None:
            counting = asyncio.create_task(count())
            counting.add_done_callback(_heard)
        return counting

    return counted


async def _facets(result: Result, library: Library) -> tuple[Facet, ...]:
    counted = await asyncio.to_thread(facets, result)
    topics = await library.topics_by_id([identity for identity, _ in counted]) if counted else []
    there = [
        Facet(topic=topic, count=count) for topic, (_, count) in zip(topics, counted, strict=True) if topic is not None
    ]
    return tuple(sorted(there, key=lambda facet: (-facet.count, facet.topic.slug))[:MOST_FACETS])


def _asked(request: SearchRequest, library: Library) -> tuple[Asked, _Cut]:
    if not 0 <= request.first <= LARGEST_SIZE:
        raise BadUserInputError(f"`first` is {request.first}: it takes 0 to {LARGEST_SIZE}.")
    locales = request.filter.locales
    if locales is not None and len(locales) > 1:
        raise BadUserInputError("`filter.locales` names several locales: search takes one at a time.")
    own = locales[0] if locales else None
    locale = request.locale or own or library.audience.default_locale or DEFAULT_LOCALE
    asked = Asked(query=request.query, locale=locale, filter=replace(request.filter, include_retracted=False))
    name = _cursor_name(request, locale)
    return asked, _Cut(name=name) if request.after is None else _cut(request.after, name)


def _cursor_name(request: SearchRequest, locale: str) -> str:
    asked = msgspec.json.encode((request.query.encode("utf-8", "surrogatepass"), locale, request.filter))
    return f"search:{hashlib.sha256(asked).hexdigest()[:16]}"


def _digest(result: Result | None) -> str:
    if result is None or result.corrected is None:
        return ""
    return hashlib.sha256(result.corrected.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _cut(cursor: str, name: str) -> _Cut:
    match decode_cursor("after", cursor, list_name=name):
        case [str(generation), str(corrected), int(skip)] if 0 < skip <= DEEPEST:
            generation, _, near = generation.partition(_NEAR)
            return _Cut(name=name, generation=generation, near=near, corrected=corrected, skip=skip)
    raise CursorInvalidError("`after` is not a cursor of this search: start again without it.")

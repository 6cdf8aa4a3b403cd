"""Completions of what a reader is typing: topics and questions that begin so, or whose telling part does.

They are read from the terms of the index, which are sorted: memory does not grow with the library. The questions are
read only where the names of topics leave room among what leads to most answers. Whoever shows them asks the library
first whether they are still there.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from tantivy import DocAddress, Occur, Query

from server.content.filters import AnswerFilter
from server.content.words import language, seen
from server.search import fields
from server.search.filtering import conditions
from server.search.snapshots import Snapshot, Volume

MOST_COMPLETIONS = 20
_LONGEST_PREFIX = 200
_READ = (4, 32, 256)
"""Times as many terms are read as are wanted: several may become the same completion, and those of what was retracted
stay for a while. More are read only where all else is too little."""
_REMEMBERED = 10_000
"""Prefixes whose completions are kept, of one commit."""


class CompletionKind(StrEnum):
    """What a reader can be led to."""

    TOPIC = "TOPIC"
    QUESTION = "QUESTION"


_KINDS = {"t": CompletionKind.TOPIC, "q": CompletionKind.QUESTION}


@dataclass(frozen=True, kw_only=True, slots=True)
class Completion:
    """What a reader may be typing."""

    text: str
    kind: CompletionKind
    slug: str
    """Of the topic, or of the answer to the question."""
    id: UUID
    """Of the same."""


class Completions:
    """The completions of a process; those of one commit are remembered until the next."""

    def __init__(self) -> None:
        self._generation = ""
        self._known: OrderedDict[object, tuple[Completion, ...]] = OrderedDict()

    async def complete(self, prefix: str, locale: str, *, first: int, snapshot: Snapshot) -> tuple[Completion, ...]:
        """The completions of a prefix, those of most answers first; of equals in the order of the alphabet."""
        volume = snapshot.volumes.get(language(locale))
        cut = seen(prefix[:_LONGEST_PREFIX])
        if volume is None or first == 0 or not fields.key_of(cut):
            return ()
        if self._generation != snapshot.generation:
            self._generation, self._known = snapshot.generation, OrderedDict()
        asked = (cut, locale, first)
        found = self._known.get(asked)
        if found is None:
            read = await asyncio.to_thread(_read, cut, locale, first=first, volume=volume)
            found = tuple(read)
            if self._generation == snapshot.generation:
                self._remember(asked, found)
        return found

    def _remember(self, asked: object, found: tuple[Completion, ...]) -> None:
        self._known[asked] = found
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)


def _read(prefix: str, locale: str, *, first: int, volume: Volume) -> list[Completion]:
    within = [(Occur.Must, each) for each in conditions(AnswerFilter(), locale=locale, volume=volume)]
    found: dict[tuple[str, str], Completion] = {}
    for name, term in _candidates(prefix, first=first, volume=volume):
        has = Query.boolean_query([(Occur.Must, Query.term_query(volume.schema, name, term, "basic")), *within])
        for _, place in volume.searcher.search(has, first if name == fields.BEGINS else 1, count=False).hits:
            completion = _completion(_own(volume, place) if name == fields.BEGINS else term)
            found.setdefault((completion.kind, completion.slug), completion)
        if len(found) >= first:
            break
    return list(found.values())[:first]


def _candidates(prefix: str, *, first: int, volume: Volume) -> Iterator[tuple[str, str]]:
    """Terms by which answers are looked for, each with its field."""
    key, last = fields.after_opening(prefix, volume.spoken), fields.key_of(prefix).rpartition(" ")[2]
    reads = [first * times for times in _READ]
    yield from _completed(key + _ending(prefix), (0, reads[0]), volume=volume)
    yield from _begun(prefix, first=first, volume=volume)
    # `as` of `what is as` is the beginning of asthma, too
    if key != last and fields.is_opening(prefix, volume.spoken) and not _ending(prefix):
        yield from _completed(last, (0, reads[0]), volume=volume)
    for span in pairwise(reads):
        yield from _completed(key + _ending(prefix), span, volume=volume)


def _completed(key: str, span: tuple[int, int], *, volume: Volume) -> list[tuple[str, str]]:
    """The terms that begin with a key, those of most answers first; of equals what is typed by its own name."""
    start, end = span
    found = [
        (-count, term, fields.CALLED)
        for term, count in volume.searcher.terms_with_prefix(fields.CALLED, key, None, end)
    ]
    if len(found) < end or found[-1][0] == -1:
        asked = volume.searcher.terms_with_prefix(fields.ASKED, key, None, end)
        found = sorted([*found, *[(-1, term, fields.ASKED) for term, _ in asked]])
    ranked = sorted(found[start:end], key=lambda each: (each[0], _is_synonym(each[1])))
    return [(field, term) for _, term, field in ranked]


def _begun(prefix: str, *, first: int, volume: Volume) -> list[tuple[str, str]]:
    """The openings of questions that go on where what was typed ends: `what is` leads up to many."""
    key = fields.key_of(prefix)
    found = volume.searcher.terms_with_prefix(fields.BEGINS, key, None, first)
    return [(fields.BEGINS, term) for term, _ in found if _ending(prefix) in term.removeprefix(key)[:1] or term == key]


def _own(volume: Volume, place: DocAddress) -> str:
    """The completion that is the question of an answer itself."""
    return str(volume.searcher.doc(place).get_first(fields.ASKED))


def _ending(prefix: str) -> str:
    """A space that was typed ends a word."""
    return " " if prefix[-1:].isspace() else ""


def _is_synonym(term: str) -> bool:
    key, text, kind, *_ = term.split(fields.PART)
    return kind == "t" and key != fields.key_of(text)


def _completion(term: str) -> Completion:
    _, text, kind, slug, identity = term.split(fields.PART)
    return Completion(text=text, kind=_KINDS[kind], slug=slug, id=UUID(identity))

"""Completions of what a reader is typing: topics and questions that begin so, or whose telling part does.

They are read from the terms of the index, which are sorted: memory does not grow with the library. What a completion
stands for is counted among the answers that are still there and within the bounds of the audience.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from tantivy import Occur, Query

from server.content.filters import AnswerFilter
from server.content.folding import fold
from server.content.words import language
from server.search import fields
from server.search.filtering import conditions
from server.search.snapshots import Snapshot, Volume

MOST_COMPLETIONS = 20
_LONGEST_PREFIX = 200
_READ = 4
"""Times as many terms are read as are wanted: several may become the same completion, or be there no more."""
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


class Completions:
    """The completions of a process; those of one commit are remembered until the next."""

    def __init__(self) -> None:
        self._generation = ""
        self._known: OrderedDict[object, tuple[Completion, ...]] = OrderedDict()

    def complete(
        self, prefix: str, locale: str, *, first: int, snapshot: Snapshot, bounds: AnswerFilter
    ) -> tuple[Completion, ...]:
        """The completions of a prefix, those of most answers first; of equals in the order of the alphabet."""
        volume = snapshot.volumes.get(language(locale))
        key = fold(prefix[:_LONGEST_PREFIX])
        if volume is None or not key or first == 0:
            return ()
        if self._generation != snapshot.generation:
            self._generation, self._known = snapshot.generation, OrderedDict()
        asked = (key, locale, first, bounds)
        found = self._known.get(asked)
        if found is None:
            found = self._known[asked] = tuple(_read(prefix, locale, first=first, volume=volume, bounds=bounds))
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return found


def _read(prefix: str, locale: str, *, first: int, volume: Volume, bounds: AnswerFilter) -> Iterator[Completion]:
    within = [(Occur.Must, each) for each in conditions(bounds, locale, volume.schema)]
    seen: set[tuple[str, str]] = set()
    for term, completion in _candidates(prefix, first=first, volume=volume):
        named = (completion.kind, completion.slug)
        if named in seen:
            continue
        has = Query.term_query(volume.schema, fields.COMPLETION, term, "basic")
        if volume.searcher.search(Query.boolean_query([(Occur.Must, has), *within]), 1, count=False).hits:
            seen.add(named)
            yield completion
            if len(seen) == first:
                return


def _candidates(prefix: str, *, first: int, volume: Volume) -> Iterator[tuple[str, Completion]]:
    for key in _keys(prefix, volume.spoken):
        found = volume.searcher.terms_with_prefix(fields.COMPLETION, key, None, first * _READ)
        for term, _ in found:
            _, text, kind, slug = term.split(fields.PART)
            yield term, Completion(text=text, kind=_KINDS[kind], slug=slug)


def _keys(prefix: str, spoken: str) -> Iterable[str]:
    """What completions begin with: all that was typed, and what of it says what is asked for."""
    ending = " " if prefix[-1:].isspace() else ""
    cut = prefix[:_LONGEST_PREFIX]
    return dict.fromkeys([fold(cut) + ending, fields.after_opening(cut, spoken) + ending])

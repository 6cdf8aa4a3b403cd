"""What is asked for as a query of the index: which answers match at all, and how well.

How well is BM25 over fields, the question and the topic above all, with what the measurements of `caveat search eval`
have shown to help: a fixed worth for each word of the question that matches, however common it is; words that ask for
the same; and a place before all others for an answer that asks for exactly what is typed.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from tantivy import Occur, Query

from server.search import fields
from server.search.languages import alike, function_words, is_telling
from server.search.snapshots import Volume
from server.search.terms import Term

MOST_RANKED = 32
"""Words of a query that are ranked by: the rarest."""
MOST_MATCHED = 12
"""Words of a query that decide whether an answer matches: the rarest."""

MEASURED = math.log(15_000)
MOST_NAMED = 16
"""Topics that a query names."""
SHORTEST_NAME = 3
"""Letters of a name that may be anything else: `car`."""

WEIGHTS = {fields.QUESTION: 2.0, fields.TOPIC: 2.0, fields.HEADING: 0.4, fields.ALL: 1.0}
TIE = 0.5
"""How much of what a word is worth in its lesser fields is added to what it is worth in its best."""
ASKED = 1.0
"""What a word is worth that stands in the question, whatever its weight."""
NAMED = 1.0
"""What it is worth to be on a topic that the query names, by how rare the name is."""
ALIKE = 0.6
"""What a word that asks for the same is worth, of one that was typed."""
SAME = 8.0
"""What it is worth to ask for exactly what is typed."""

FEW = 3
RARE = 3.5
"""The weight of a word that one answer in thirty has: what is rarer counts no more when it is missing."""
STEPS = 3
"""Weights are rounded to so many steps where it is told whether an answer matches."""
STRANGE = 2
"""The steps of a word that no answer has: beside a subject it may be missing, but not most of a query."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """A word by which answers are found."""

    stem: str
    text: str
    worth: float
    """Its inverse document frequency."""
    steps: int
    """What it counts where it is told whether an answer matches."""
    times: int


class Reading:
    """The words of a query as one volume of the index knows them."""

    def __init__(self, terms: Sequence[Term], volume: Volume) -> None:
        self.terms = terms
        self.volume = volume
        self.telling = self._telling()

    def is_known(self, stem: str) -> bool:
        """Whether an answer has a word."""
        return bool(stem) and self.volume.searcher.doc_freq(fields.ALL, stem) > 0

    def _telling(self) -> list[Telling]:
        wanted = [each for each in self.terms if not each.is_excluded]
        words = [each.text for each in wanted]
        kept = [
            each for place, each in enumerate(wanted) if each.group or is_telling(words, place, spoken=self._spoken)
        ]
        if not kept:
            none_of = function_words(self._spoken)
            kept = [each for each in wanted if each.folded not in none_of]
        times = Counter(each.stem or each.text for each in kept)
        texts = {each.stem or each.text: each for each in kept}
        found = [self._weighed(texts[key], times=count) for key, count in times.items()]
        return sorted(found, key=lambda each: (-each.steps, -each.worth))

    @property
    def _scale(self) -> float:
        """How large the weights of a library of this size are, beside those of the one that was measured."""
        return min(1.0, math.log(1 + self._size) / MEASURED)

    @property
    def _spoken(self) -> str:
        return self.volume.spoken

    def _weighed(self, each: Term, *, times: int) -> Telling:
        count, answers = self.volume.searcher.doc_freq(fields.ALL, each.stem) if each.stem else 0, self._size
        # beside so many others that a small library weighs its words like a large one
        weight = math.log(1 + (answers + 50 - count) / (count + 5))
        steps = max(1, round(STEPS * min(weight, RARE) / RARE)) if count else STRANGE
        worth = math.log(1 + (answers - count + 0.5) / (count + 0.5)) if count else 0.0
        return Telling(stem=each.stem, text=each.text, worth=worth, steps=steps, times=times)

    @property
    def _size(self) -> int:
        return self.volume.searcher.num_docs

    # ------------------------------------------------------------ which answers match

    def matching(self) -> list[tuple[Occur, Query]]:
        """The conditions that an answer meets which answers the query; empty where it asks for nothing."""
        if not self.telling:
            return []
        named = [self._has(fields.NAME, name) for name in self._named()]
        return [(Occur.Must, _any([self._enough(), *[_unscored(name) for name in named]])), *self.demanded()]

    def demanded(self) -> list[tuple[Occur, Query]]:
        """The conditions that the reader has set: what must be there, and what must not."""
        phrases = _phrases(self.terms, excluded=False)
        return [(Occur.Must, _unscored(self._phrase(phrase))) for phrase in phrases] + [
            (Occur.MustNot, self._phrase(phrase)) for phrase in _phrases(self.terms, excluded=True) if any(phrase)
        ]

    def _enough(self) -> Query:
        """Whether enough of what is asked for is there; what stands in question, topic or heading counts twice.

        Of one or two words only one that is a subject by itself does: `capital` in a longer name is not what is meant.
        """
        asked = self.telling[:MOST_MATCHED]
        count, steps = len(self.telling), sum(each.steps for each in asked)
        anywhere: list[tuple[Occur, Query]] = []
        opening: list[tuple[Occur, Query]] = []
        for each in asked:
            forms = [form for form in (each.stem, *alike(each.stem, self._spoken)) if self.is_known(form)]
            if forms:
                anywhere += [(Occur.Should, _any([self._has(fields.ALL, form) for form in forms]))] * each.steps
            if forms and (count >= FEW or self._is_subject(each.stem)):
                found = [self._has(name, form) for form in forms for name in fields.OPENING]
                opening += [(Occur.Should, _any(found))] * each.steps
        needed = _at_least([*anywhere, *opening], 2 * share(count) * steps)
        if count != FEW:
            return needed
        return Query.boolean_query([(Occur.Must, needed), (Occur.Must, _at_least(anywhere, len(anywhere) * 2 / 3))])

    def _named(self) -> list[str]:
        """The topics that are enough: who tells a story names what it is about, among much else.

        Of three words, each of which the library has, a name is that has one of those that tell most.
        """
        if len(self.telling) > FEW:
            return self._topics
        if len(self.telling) < FEW or not all(self.is_known(each.stem) for each in self.telling):
            return []
        most = self.telling[0].steps
        rarest = {each.stem for each in self.telling if each.steps == most}
        return [name for name in self._topics if len(name) > SHORTEST_NAME and not rarest.isdisjoint(name.split())]

    @cached_property
    def _topics(self) -> list[str]:
        """The names of topics that the query has in it."""
        words = [each for each in self.terms if not each.is_excluded]
        telling = {each.stem for each in self.telling if each.stem}
        names = dict.fromkeys(
            [
                " ".join([each.stem for each in words[start:end]])
                for start, first in enumerate(words)
                if first.stem in telling
                for end in range(start + 1, min(start + fields.LONGEST_NAME, len(words)) + 1)
                if words[end - 1].stem in telling
            ]
        )
        return [name for name in names if self.volume.searcher.doc_freq(fields.NAME, name)][:MOST_NAMED]

    def _is_subject(self, stem: str) -> bool:
        """Whether a topic has this name, or an answer asks for this alone."""
        return any(self.volume.searcher.doc_freq(name, stem) > 0 for name in (fields.NAME, fields.EXACT))

    def _phrase(self, stems: Sequence[str]) -> Query:
        if len(stems) == 1:
            return self._has(fields.ALL, stems[0])
        return Query.phrase_query(self.volume.schema, fields.ALL, list(stems))

    # ------------------------------------------------------------ how well

    def ranking(self) -> list[tuple[Occur, Query]]:
        """What makes an answer a better one."""
        clauses = []
        for each in self.telling[:MOST_RANKED]:
            if self.is_known(each.stem):
                clauses += self._worth(each.stem, factor=1 + math.log(each.times))
                clauses += [
                    clause
                    for form in alike(each.stem, self._spoken)
                    if self.is_known(form)
                    for clause in self._worth_alike(form)
                ]
        clauses += [Query.boost_query(self._has(fields.NAME, name), NAMED) for name in self._topics]
        same = " ".join(sorted({each.stem for each in self.telling}))
        clauses.append(Query.const_score_query(self._has(fields.EXACT, same), SAME))
        return [(Occur.Should, clause) for clause in clauses]

    def _worth(self, stem: str, *, factor: float) -> list[Query]:
        scored = [Query.boost_query(self._has(name, stem), weight * factor) for name, weight in WEIGHTS.items()]
        asked = Query.const_score_query(self._has(fields.QUESTION, stem), ASKED * self._scale * factor)
        return [Query.disjunction_max_query(scored, TIE), asked]

    def _worth_alike(self, stem: str) -> list[Query]:
        names = ((fields.QUESTION, 1.0), (fields.HEADING, 1.0), (fields.ALL, 0.5))
        return [Query.boost_query(self._has(name, stem), WEIGHTS[name] * ALIKE * part) for name, part in names]

    def _has(self, name: str, stem: str) -> Query:
        kind = "position" if name == fields.ALL else "basic" if name in (fields.EXACT, fields.NAME) else "freq"
        return Query.term_query(self.volume.schema, name, stem, kind)


def share(count: int) -> float:
    """The part of what so many words count that has to be there, each once in the text and once in the opening.

    Of a few words that is all of them in the text; less of more, for who writes a paragraph tells more than is asked.
    """
    return max(0.14, 0.5 * FEW / max(count, FEW))


def _phrases(terms: Iterable[Term], *, excluded: bool) -> list[list[str]]:
    """The stems of each phrase that has to be there, or must not."""
    groups: dict[int, list[str]] = {}
    for each in terms:
        if each.group and each.is_excluded is excluded:
            groups.setdefault(each.group, []).append(each.stem)
    return list(groups.values())


def _at_least(clauses: Sequence[tuple[Occur, Query]], number: float) -> Query:
    """Whether at least so many of the clauses hold."""
    needed = max(1, math.ceil(number - 1e-9))
    if len(clauses) < needed:
        return Query.empty_query()
    return _unscored(Query.boolean_query(clauses, minimum_number_should_match=needed))


def _any(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, each) for each in queries])


def _unscored(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)

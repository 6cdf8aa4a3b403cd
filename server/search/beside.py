"""The words that stand beside another one in a query, and what they tell of it."""

from collections.abc import Sequence

from tantivy import Occur, Query

from server.search import fields
from server.search.languages import common_words
from server.search.snapshots import Volume
from server.search.terms import Term


class Beside:
    """The words that stand beside a misspelt one, by which it is told what was meant."""

    def __init__(self, stems: Sequence[str], volume: Volume) -> None:
        self.stems = stems
        self.volume = volume

    def goes_with(self, stem: str) -> bool:
        """Whether an answer is asked for by a word and one of these; of a word alone, whether it names a topic."""
        return self._have_both(stem, (fields.QUESTION, fields.TOPIC)) if self.stems else self.is_topic(stem)

    def shares_topic(self, stem: str) -> bool:
        """Whether the topics of an answer bear a word and one of these."""
        return bool(self.stems) and self._have_both(stem, (fields.TOPIC,))

    def is_topic(self, stem: str) -> bool:
        """Whether a word names a topic."""
        return self.volume.searcher.doc_freq(fields.NAME, stem) > 0

    def _have_both(self, stem: str, names: Sequence[str]) -> bool:
        both = [(Occur.Must, self._one_of([stem], names)), (Occur.Must, self._one_of(self.stems, names))]
        return bool(self.volume.searcher.search(Query.boolean_query(both), 1, count=False).hits)

    def _one_of(self, stems: Sequence[str], names: Sequence[str]) -> Query:
        has = [Query.term_query(self.volume.schema, name, stem, "freq") for name in names for stem in stems]
        return Query.boolean_query([(Occur.Should, each) for each in has])


def neighbours(word: Term, terms: Sequence[Term], *, spoken: str) -> list[str]:
    """The stems of the words on either side of a word that say what is asked for."""
    common = common_words(spoken)
    telling = [each for each in terms if each is word or (is_asked(each) and each.folded not in common)]
    place = telling.index(word)
    return [each.stem for each in (*telling[max(0, place - 1) : place], *telling[place + 1 : place + 2])]


def is_asked(each: Term) -> bool:
    """Whether a word of a query may be found."""
    return bool(each.stem) and not each.is_excluded

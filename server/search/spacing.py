"""Words of a query that are parted otherwise than the library writes them: run together, or split in two.

`highbloodpressure` is `high blood pressure` because answers have these words one behind the other, and `head ache` is
`headache` because many have that word and hardly any those two together. What the reader demands or excludes is taken
as it is typed.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import combinations, pairwise

from tantivy import Query

from server.search import fields
from server.search.analysis import term
from server.search.languages import common_words
from server.search.snapshots import Volume
from server.search.spelling import MOST_WRONG, SCARCE, is_spelt
from server.search.terms import LONGEST_QUERY, Term

SHORTEST_PART = 3
"""Letters of a word that may be part of another."""
MOST_JOINED = 4
"""Words of a query that is looked through for two that are one: in a story two stand together by chance."""
FEWEST = 2
"""Answers that write it otherwise, at least."""
TIMES = 10
"""How much more often it is written otherwise."""
_BETWEEN = ("", "-")


def respaced(query: str, terms: Sequence[Term], *, volume: Volume) -> str | None:
    """The query, as far as it is searched, with its words parted as answers part them; None where they are."""
    changes = [*_joined(query, terms, volume=volume), *_parted(terms, volume)]
    written = query[:LONGEST_QUERY]
    for start, end, words in sorted(changes, reverse=True):
        written = written[:start] + words + written[end:]
    return written if changes else None


def _joined(query: str, terms: Sequence[Term], *, volume: Volume) -> Iterator[tuple[int, int, str]]:
    """Where two words stand that are one, and which; no word is part of two."""
    common, taken = common_words(volume.spoken), 0
    if len([each for each in terms if each.folded not in common]) > MOST_JOINED:
        return
    for first, second in pairwise(terms):
        are_parts = all(_is_part(each, common) for each in (first, second))
        is_beside = first.start >= taken and query[first.end : second.start].strip() in _BETWEEN
        if are_parts and is_beside and _is_one_word(first.text, second.text, volume=volume):
            yield first.start, second.end, first.text + second.text
            taken = second.end


def _is_part(each: Term, common: AbstractSet[str]) -> bool:
    return _is_free(each) and len(each.text) >= SHORTEST_PART and each.folded not in common


def _is_one_word(first: str, second: str, *, volume: Volume) -> bool:
    """Whether the library writes two words as one: a topic is called so, or they are hardly ever parted."""
    if _names((first + second,), volume) and not _names((first, second), volume):
        return True
    return _is_rather(_uses(first + second, volume), _together((first, second), volume))


def _parted(terms: Sequence[Term], volume: Volume) -> Iterator[tuple[int, int, str]]:
    """Where a word stands that is two or three, and which: those that stand together most often."""
    strange = [each for each in terms if _is_free(each) and volume.searcher.doc_freq(fields.ALL, each.stem) <= SCARCE]
    for each in strange[:MOST_WRONG]:
        counted = [(_together(parts, volume), " ".join(parts)) for parts in _parts(each.text, volume)]
        most, words = max(counted, default=(0, ""))
        if _is_rather(most, _uses(each.text, volume)):
            yield each.start, each.end, words


def _parts(word: str, volume: Volume) -> Iterator[tuple[str, ...]]:
    """The words of answers that a word consists of, two or three."""
    cuts = range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)
    for places in (*combinations(cuts, 1), *combinations(cuts, 2)):
        parts = tuple([word[start:end] for start, end in pairwise((0, *places, len(word)))])
        if all(len(part) >= SHORTEST_PART and volume.searcher.doc_freq(fields.WORD, part) for part in parts):
            yield parts


def _is_free(each: Term) -> bool:
    """Whether a word need not be there as it is typed; one with a digit is a code."""
    return bool(each.stem) and not each.group and is_spelt(each.folded)


def _is_rather(otherwise: int, as_typed: int) -> bool:
    return otherwise >= FEWEST and otherwise > TIMES * as_typed


def _uses(word: str, volume: Volume) -> int:
    """How many answers have a word, as it is written."""
    return _count(Query.term_query(volume.schema, fields.WORD, word, "basic"), volume)


def _names(words: Sequence[str], volume: Volume) -> int:
    """How many answers are on a topic that is called so."""
    return _count(Query.term_query(volume.schema, fields.NAME, " ".join(_stems(words, volume)), "basic"), volume)


def _together(words: Sequence[str], volume: Volume) -> int:
    """How many answers have words one behind the other."""
    return _count(Query.phrase_query(volume.schema, fields.ALL, [*_stems(words, volume)]), volume)


def _stems(words: Sequence[str], volume: Volume) -> list[str]:
    return [term(word, volume.spoken) for word in words]


def _count(query: Query, volume: Volume) -> int:
    count: int = volume.searcher.search(query, 1).count  # type: ignore[attr-defined]  # the stub lacks it
    return count

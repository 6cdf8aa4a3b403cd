"""How text becomes the terms of the index: words found and folded as everywhere, then stemmed by their language.

The index keeps terms as they are made here, parted by spaces, so that what is published, what a reader asks and what a
snippet marks are analysed by one piece of code.
"""

from collections.abc import Iterable
from functools import lru_cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from server.content.words import folded, surface

BREAK = "\ue000"
"""The term between two parts of an answer: no phrase spans it."""

_STEMMERS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nb": "norwegian", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish",
}  # fmt: skip


@lru_cache(maxsize=64)
def _stemmer(spoken: str) -> TextAnalyzer | None:
    name = _STEMMERS.get(spoken)
    return TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.stemmer(name)).build() if name else None


@lru_cache(maxsize=262_144)
def term(word: str, spoken: str) -> str:
    """The term of a word in lower case; empty for one that is too long to be found."""
    plain = folded(word, spoken)
    stemmer = _stemmer(spoken)
    if stemmer is None or not plain:
        return plain
    return "".join(stemmer.analyze(plain)) or plain


def terms(text: str, spoken: str) -> list[str]:
    """The terms of a text, in order."""
    return terms_of(surface(text), spoken)


def terms_of(words: Iterable[str], spoken: str) -> list[str]:
    """The terms of words in lower case, in order."""
    return [found for word in words if (found := term(word, spoken))]


def indexed(parts: Iterable[Iterable[str]], spoken: str) -> str:
    """The terms of the parts of an answer, each given as its words, as a field of the index takes them."""
    return f" {BREAK} ".join([" ".join(terms_of(part, spoken)) for part in parts])

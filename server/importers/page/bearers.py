"""What bears a proper name: a body, a work, a site or a person; whether it can be cited as a source."""

import re
from collections.abc import Sequence

from server.importers.page.known import is_known
from server.importers.page.names import Name
from server.importers.page.tokens import (
    Token,
    is_abbreviation,
    is_domain,
    is_proper,
    names_body,
    names_body_loosely,
    names_work,
)
from server.importers.page.vocabulary import BETWEEN, COMMON, LINKS

_DEGREE = re.compile(r"M\.?D\.?|D\.?O\.?|Ph\.?D\.?|R\.?N\.?|N\.?P\.?|PA(?:-C)?|MPH|MSc?|PharmD|RDN?|a|an|who")
_HONORIFIC = re.compile(r"(?:Dr|Drs|Prof|Professor|Mr|Mrs|Ms|Doctor)\.?")


def is_sure(name: Name) -> bool:
    """Whether a name is that of a body, a journal, a site or a work: something that can be cited."""
    words = name.text.split()
    if _HONORIFIC.fullmatch(words[0]):
        return False
    if is_known(name.text) or (
        len(words) > 1 and any(is_known(" ".join(words[:length])) for length in range(1, min(len(words), 8)))
    ):
        return True
    if len(words) > 1 and any(names_body(word) or names_work(word) for word in words):
        return any(is_proper(word) and not _is_common(word) for word in words)
    return is_site(name.text)


def _is_common(word: str) -> bool:
    if word.isupper() and len(word) > 1 and word not in ("US", "UK"):
        return False
    return word.lower() in COMMON or names_body_loosely(word) or names_work(word)


def is_common(name: Name) -> bool:
    """Whether no word of a name is its own: `National Guidelines`."""
    return all(_is_common(word.strip(",.:")) or not is_proper(word) for word in name.text.split())


def is_person(name: Name, tokens: Sequence[Token]) -> bool:
    """Whether a name bears a title or a degree: who says something is no source."""
    words = name.text.split()
    following = tokens[name.last + 1].core if name.last + 1 < len(tokens) else ""
    return _HONORIFIC.fullmatch(words[0]) is not None or (
        tokens[name.last].after == "," and _DEGREE.fullmatch(following) is not None
    )


def is_site(text: str) -> bool:
    """Whether a name is a domain, or written in mixed case as sites are: `MedlinePlus`."""
    return is_domain(text) or re.fullmatch(r"[A-Z][a-z]+(?:[A-Z][a-z]*)+", text) is not None


def is_acronym(name: Name) -> bool:
    """Whether a name is an abbreviation alone."""
    return is_abbreviation(name.text)


def is_work(name: Name) -> bool:
    """Whether a name is that of a guideline, report, journal or book, not only of a body."""
    return any(names_work(word) for word in name.text.split())


def body_of(title: str) -> str | None:
    """The body that a title opens with: `American Thyroid Association` of its `Guidelines`; None where none does."""
    words = title.split()
    end = next((place for place, word in enumerate(words) if names_work(word)), len(words))
    while end and (words[end - 1] in BETWEEN or words[end - 1] in LINKS):
        end -= 1
    is_body = any(map(names_body, words[:end]))
    return " ".join(words[:end]).rstrip(",.:") if is_body else None

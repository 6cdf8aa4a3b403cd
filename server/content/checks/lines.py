"""What a line and a passage of text must be like, wherever it stands in a draft, and how a draft is refused."""

import re
import unicodedata
from typing import NoReturn

from server.content.checks.addresses import is_web_url
from server.errors.content import RefusedError

LONGEST_SLUG = 200

_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x85\ud800-\udfff\ufffe\uffff]")
"""What UTF-8 (surrogates), Postgres (NUL) or XML 1.0 can't carry, and line breaks but for the line feed."""
_UNFIT_IN_LINE = re.compile("[\x00-\x08\x0a-\x1f\x85\ud800-\udfff\ufffe\uffff]")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def refuse(where: str, wrong: str, *, remedy: str) -> NoReturn:
    """Raises the RefusedError that says where something stands, what is wrong with it and what to do."""
    raise RefusedError(f"{where}: {wrong}: {remedy}.")


def check_line(text: str | None, where: str) -> None:
    """Refuses a line that is blank, has a line break in it or a character that can't be kept; None is no line."""
    if text is None:
        return
    if not text.strip():
        refuse(where, "there is no text", remedy="write it or leave it out")
    check_characters(text, where)


def check_characters(text: str, where: str) -> None:
    """Refuses a line break, and a character that can't be kept."""
    unfit = _UNFIT_IN_LINE.search(text)
    if unfit is not None:
        refuse(where, f"the text has {_name(unfit[0])} in it", remedy="take it out")


def check_prose(text: str, where: str) -> None:
    """Refuses a passage that is blank or has a character that can't be kept; it may have several lines."""
    if not text.strip():
        refuse(where, "there is no text", remedy="write it or leave it out")
    unfit = _UNFIT.search(text)
    if unfit is not None:
        refuse(where, f"the text has {_name(unfit[0])} in it", remedy="take it out")


def check_url(url: str | None, where: str) -> None:
    """Refuses what is no absolute http(s) address; None is none."""
    if url is not None and not is_web_url(url):
        refuse(
            where,
            f"`{_shown(url)}` is no web address",
            remedy="write it in full, `https://` included, in ASCII up to its path",
        )


def check_slug(slug: str | None, where: str) -> None:
    """Refuses what can't name an answer or a topic; None is none."""
    if slug is not None and not is_slug(slug):
        remedy = f"write lower-case letters and digits joined by single hyphens, at most {LONGEST_SLUG}"
        refuse(where, f"`{_shown(slug)}` is no slug", remedy=remedy)


def is_slug(text: str) -> bool:
    """Whether a text can name an answer or a topic: lower-case letters of any script and digits, single hyphens."""
    if len(text) > LONGEST_SLUG:
        return False
    if _SLUG.fullmatch(text):
        return True
    return text == text.lower() and all(part and all(map(_spells, part)) for part in text.split("-"))


def _spells(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


def _shown(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode() if not text.isprintable() else text[:80]


def _name(character: str) -> str:
    return "a line break" if character in "\n\r\x0b\x0c\x85" else f"the character U+{ord(character):04X}"

"""What stands at the head of a page: the question, then topic, date and author, run together or apart."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from server.content.draft import Contributor
from server.errors.content import UnreadableError
from server.importers.page.authors import contributor, is_ai
from server.importers.page.dates import Found, find_date
from server.importers.page.lines import Line

LONGEST_PART = 120
"""A topic or an author has fewer characters; what has more is a sentence."""
_LATEST = 4
"""The date stands on the second line of text, or later where topic and author have lines of their own above it."""

_EDGES = " \t\u00a0·|•‣∙⋅/–—―-,;:\u200b"
_BEFORE = _EDGES + "(["
_AFTER = _EDGES + ")]"
_PARTS = re.compile(r"\s*[·|•‣∙⋅\t]\s*")
_TOPIC_LABEL = re.compile(
    r"^(?:topics?|category|categories|condition|subject|filed under|tema|th[èe]me|thema)\s*:\s*", re.IGNORECASE
)
_DATE_LABEL = re.compile(
    r"(?:(?:\b|(?<=[a-zà-ÿ]))(?:(?:Last |First |Date )?(?:Published|Posted|Updated|Reviewed|Modified|Created|Written)"
    r"(?: on| date)?|Date|Fecha|Publicado(?: el)?|Publié(?: le)?|Veröffentlicht(?: am)?|Pubblicato(?: il)?)|"
    r"\b(?:(?:last )?(?:published|posted|updated|reviewed|written)(?: on)?|on))\s*:?\s*$"
)
_AUTHOR_LABEL = re.compile(
    r"^(?:(?:(?:written|authored|prepared|created|produced|answered|posted|published|generated)\s+)?by|authors?:|por|par|"
    r"autore?:|auteur\s?:|autorin:)\s*:?\s+",
    re.IGNORECASE,
)
_PARTICLE = re.compile(r"^(?:van|von|de|da|di|del|della|la|le|el|al|bin|ibn|den|der|dos|du|ten|ter|d’|d')\b|^al-")
_OPENING = re.compile(
    r"^(?:on|in|since|by|as of|from|until|before|after|between|the|this|le|el|am|il|em)$", re.IGNORECASE
)
_LATER = re.compile(
    r"(?:\b(?:last|medically)\s+)?\b(?:updated|reviewed|revised|modified|checked)\b|"
    r"(?-i:(?<=[a-zà-ÿA-Z.)])(?:Last |Medically )?(?:Updated|Reviewed|Revised|Modified)\b)|\b\d+[\s-]min(?:ute)?s?\b",
    re.IGNORECASE,
)

_REMARK = re.compile(
    r"(?:(?:last|medically|clinically|fact)[\s-]{1,3})?(?:updated|reviewed|revised|checked|edited)\s{0,3}(?::|by\b|on\b)|"
    r"\d+[\s-]min(?:ute)?s?\s+read\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """What a page's first lines say; `rest` is what else stands on the line of the date, `length` the lines taken."""

    question: str
    topics: tuple[str, ...]
    published_on: datetime.date
    author: Contributor | None
    rest: str | None
    length: int


def read_header(lines: Sequence[Line]) -> Header:
    """The header of a page with a line; raises UnreadableError where no date stands under the question."""
    question = lines[0]
    if not any(char.isalnum() for char in question.text):
        raise UnreadableError("there is no question: write it on the first line", question.number)
    place, found = _find(lines)
    line = lines[place].text
    found = _settled(line, found, question=question.text)
    parts = [*_topics_above(lines, place), *_topics(_DATE_LABEL.sub("", line[: found.start].rstrip(_BEFORE)))]
    topics = [part for part in parts if not _AUTHOR_LABEL.match(part)]
    after, rest = _after(line[found.end :].lstrip(_AFTER))
    after = after or next((part for part in parts if part not in topics), "")
    length = place + 1
    if not after and not line[found.end :].strip(_AFTER) and _has_author(lines, length):
        after, length = lines[length].text, length + 1
    return Header(
        question=question.text,
        topics=tuple(topics),
        published_on=found.date,
        author=_author(after),
        rest=rest,
        length=length,
    )


def is_remark(text: str) -> bool:
    """Whether a line under the header says who looked at the page later, or when, or how long it takes to read."""
    return len(text) <= LONGEST_PART and _REMARK.match(text) is not None


def _find(lines: Sequence[Line]) -> tuple[int, Found]:
    for place, line in enumerate(lines[1:_LATEST], 1):
        found = find_date(line.text[: 2 * LONGEST_PART], line.number) if len(line.text) < 4 * LONGEST_PART else None
        if found is not None and _is_header(line.text, found) and _may_stand_above(lines[1:place]):
            return place, found
    if find_date(lines[0].text[: 2 * LONGEST_PART], lines[0].number) is not None:
        raise UnreadableError("there is no question: write it on the first line, above the date", lines[0].number)
    number = lines[1].number if len(lines) > 1 else lines[0].number + 1
    read = f"`{lines[1].text[:60]}`" if len(lines) > 1 else "nothing"
    raise UnreadableError(f"there is no date under the question, but {read}: write one, as in `May 15, 2026`", number)


def _may_stand_above(lines: Sequence[Line]) -> bool:
    """Tells whether lines above the date are a topic, and at most a byline."""
    bylines = sum(_AUTHOR_LABEL.match(line.text) is not None for line in lines)
    return all(_is_topic(line.text) for line in lines) and len(lines) - bylines <= 1


def _topics_above(lines: Sequence[Line], place: int) -> list[str]:
    return [part for line in lines[1:place] for part in _topics(line.text)]


def _is_header(line: str, found: Found) -> bool:
    """Tells a topic, a date and an author from a sentence that has a date in it."""
    before, after = line[: found.start].strip(_EDGES), line[found.end :].strip(_EDGES)
    if max(len(before), len(after)) > LONGEST_PART or _OPENING.match(before):
        return False
    has_small_start = after[:1].islower() and not _AUTHOR_LABEL.match(after) and not _PARTICLE.match(after)
    return not has_small_start and re.search(r"[.!?]\s+\w", before) is None


def _is_topic(text: str) -> bool:
    return len(text) <= LONGEST_PART and text[-1] not in ".!?:;。！？"


def _settled(line: str, found: Found, *, question: str) -> Found:
    """The date, less a digit that belongs to the topic: `Vitamin B125 May 2026` under a question about B12."""
    start = found.start
    if not (start and line[start - 1].isalnum() and line[start : start + 2].isdecimal()):
        return found
    words = line[: start + 1].split()
    if words[-1].casefold() not in question.casefold() or line[: start + 1].isdecimal():
        return found
    later = find_date(line[start + 1 :], 0)
    if later is None or later.start:
        return found
    return Found(date=later.date, start=start + 1, end=later.end + start + 1)


def _topics(text: str) -> list[str]:
    text = _TOPIC_LABEL.sub("", text).strip(_EDGES)
    return [part for part in (part.strip(_EDGES) for part in _PARTS.split(text)) if part]


def _after(text: str) -> tuple[str, str | None]:
    """The author, and what follows from a later date on: `Updated May 20, 2026`."""
    later = _LATER.search(text)
    if later is None:
        return text.strip(_EDGES), None
    return text[: later.start()].strip(_EDGES), text[later.start() :].strip(_EDGES)


def _has_author(lines: Sequence[Line], place: int) -> bool:
    """Tells the author's own line, right under the date, from the first line of the content."""
    if place >= len(lines):
        return False
    is_last = place + 1 < len(lines) and lines[place + 1].is_apart
    is_under = not lines[place].is_apart and is_last and _is_topic(lines[place].text)
    return _is_byline(lines[place].text) or (is_under and len(lines[place].text) <= LONGEST_PART // 2)


def _is_byline(text: str) -> bool:
    if len(text) > LONGEST_PART or text[-1] in "?:":
        return False
    return _AUTHOR_LABEL.match(text) is not None or (is_ai(text) and len(text.split()) <= 3)


def _author(text: str) -> Contributor | None:
    name = re.sub(r"^the\s+", "", _AUTHOR_LABEL.sub("", text)).strip(_EDGES)
    return contributor(name) if name else None

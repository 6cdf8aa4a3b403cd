"""The marks of layout that open a line: bullets, numbers, and `STEP n:`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from server.importers.page.lines import Line, is_visible
from server.importers.page.signs import signed_items


class Kind(Enum):
    """What a line is, by the mark that opens it."""

    TEXT = auto()
    BULLET = auto()
    ORDERED = auto()
    STEP = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Marked:
    """A line without its mark; `number` is that of an ordered item or a step, `glyph` the bullet or form of number.

    `is_listed` where it stands in a list of references.
    """

    line: Line
    kind: Kind
    text: str
    number: int = 0
    glyph: str = ""
    is_listed: bool = False


_UNSEEN = "[\u200b-\u200f\u2060\ufeff]*"
_BULLET = re.compile(rf"{_UNSEEN}(?:([•◦▪‣●○■□▫⁃∙➤►▸·・⦁\uf0b7\uf0a7\uf0d8\uf076])\s*|([-–*+])(?:\s+|$)|(o)\t\s*)")
_NUMBER = re.compile(
    rf"{_UNSEEN}(?:[(\[](\d{{1,3}})[)\]]\s*|(\d{{1,3}})(?:([.)])(?:\s+|$)|(\))(?=[^\W\d_])|([.])(?=[A-Z][a-z])|([、．])\s*))"
)
_LETTER = re.compile(rf"{_UNSEEN}(?:\(([A-Za-z]|[ivxIVX]{{2,4}})\)\s+|([A-Za-z]|[ivxIVX]{{2,4}})([.)])\s+)")
_STEP = re.compile(
    r"(?:step|paso|[ée]tape|schritt|passo|stap)\s+(\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten)\s*"
    r"(?:(?::|[-–—](?=\s)|\.(?=\s|$)|\)(?=\s|$))\s*|(?=\()|$)"
    r"|第\s*(\d{1,3})\s*步\s*(?:[:：]\s*|$)",
    re.IGNORECASE,
)
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ROMAN = {"i": 1, "v": 5, "x": 10}
_UNFINISHED = re.compile(r"[\w,\-–—(]$")


def mark_lines(lines: Sequence[Line]) -> list[Marked]:
    """Each line with what its mark says; a mark that stands in no sequence, or inside a sentence, is text."""
    marked: list[Marked] = []
    signed = signed_items(lines)
    for place, line in enumerate(lines):
        each = _mark(line)
        if each.kind is Kind.TEXT and place in signed:
            glyph, text = signed[place]
            each = Marked(line=line, kind=Kind.BULLET, text=text, glyph=glyph)
        if _is_inside_a_sentence(marked, each):
            each = _as_text(line)
        marked.append(_lettered(lines, place, before=marked) if each.kind is Kind.TEXT else each)
    return marked


def _as_text(line: Line) -> Marked:
    return Marked(line=line, kind=Kind.TEXT, text=line.text)


def _mark(line: Line) -> Marked:
    if found := _STEP.match(line.text):
        word = (found[1] or found[2]).lower()
        number = int(word) if word.isdecimal() else _WORDS.index(word) + 1
        return Marked(line=line, kind=Kind.STEP, text=line.text[found.end() :], number=number)
    if found := _BULLET.match(line.text):
        text = line.text[found.end() :]
        glyph = found[1] or found[2] or "◦"
        return Marked(line=line, kind=Kind.BULLET, text=text if is_visible(text) else "", glyph=glyph)
    if (found := _NUMBER.match(line.text)) and is_visible(line.text[found.end() :]):
        number = int(found[1] or found[2])
        return Marked(line=line, kind=Kind.ORDERED, text=line.text[found.end() :], number=number, glyph="1")
    return _as_text(line)


def _is_inside_a_sentence(before: Sequence[Marked], each: Marked) -> bool:
    """Tells the dash or number that a wrapped sentence happens to open a line with from a mark."""
    if each.line.is_apart or not before or before[-1].kind is not Kind.TEXT:
        return False
    if _UNFINISHED.search(before[-1].text) is None or len(before[-1].text) < 40:
        return False
    if each.kind is Kind.BULLET:
        return (each.glyph in "-–" or each.line.text[0] in "—o") and each.text[:1].islower()
    return each.kind is Kind.ORDERED and each.number != 1


def _lettered(lines: Sequence[Line], place: int, *, before: Sequence[Marked]) -> Marked:
    """A line of text, or an ordered item where letters or Roman numbers open it and its neighbours in sequence."""
    line = lines[place]
    found = _LETTER.match(line.text)
    if found is None:
        return _as_text(line)
    letter = found[1] or found[2]
    item = Marked(line=line, kind=Kind.ORDERED, text=line.text[found.end() :], glyph=_form(letter))
    previous = next((each for each in reversed(before[-24:]) if _is_kin(each, line)), None)
    if previous is not None and (number := _follows(letter, previous)):
        return replace(item, number=number, glyph=previous.glyph)
    if letter in "aAiI" and _has_next(lines, place, letter=letter):
        return replace(item, number=1, glyph="roman" if letter in "iI" else item.glyph)
    return _as_text(line)


def _form(letter: str) -> str:
    return "a" if letter.islower() else "A"


def _is_kin(each: Marked, line: Line) -> bool:
    return each.kind is Kind.ORDERED and each.glyph in ("a", "A", "roman") and abs(each.line.indent - line.indent) <= 1


def _follows(letter: str, previous: Marked) -> int:
    """The number of an item after the previous one; 0 where it does not follow."""
    number = _roman(letter) if previous.glyph == "roman" else ord(letter.lower()[0]) - ord("a") + 1
    return number if number == previous.number + 1 and (len(letter) == 1 or previous.glyph == "roman") else 0


def _roman(letters: str) -> int:
    values = [_ROMAN.get(letter, 0) for letter in letters.lower()]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < later else value for value, later in pairs)


def _has_next(lines: Sequence[Line], place: int, *, letter: str) -> bool:
    wanted = {"a": ("b",), "A": ("B",), "i": ("ii",), "I": ("II",)}[letter]
    for line in lines[place + 1 : place + 12]:
        found = _LETTER.match(line.text)
        if found and (found[1] or found[2]) in wanted and abs(line.indent - lines[place].indent) <= 1:
            return True
    return False

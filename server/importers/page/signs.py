"""Arrows, ticks, emoji and dashes that mark items of lists: unlike bullets, they do so in company alone."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from server.importers.page.lines import Line

_FIRST_SIGN = 0x2190
"""What stands before it are letters, currency and signs that words begin with: `°`, `©`, `№`."""
_ARROWS = re.compile("[\u2190-\u21ff\u27f0-\u27ff\u2900-\u297f\u2b00-\u2b4f]")
_SIGN = re.compile("[\u200b-\u200f\u2060\ufeff]*(\\S)(?:[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|\u200d\\S)*(\\s*)(?=\\S)")
_DASHES_AND_QUOTES = "—―‐»›o"
_NO = "✗✘✖❌❎⛔🚫"
"""What says `no` to its item: it is part of the words."""
_GLYPH = "→"
_MOST_LINES = 3
"""An item that a sign marks takes up no more lines than that."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """A line that a sign may mark as an item, and its text after the sign."""

    place: int
    line: Line
    sign: str
    text: str


def signed_items(lines: Sequence[Line]) -> dict[int, tuple[str, str]]:
    """The glyph and the text of each line that a sign marks as an item, by its place.

    A sign stays with the text where it tells the item from others: one of several emoji, or a cross.
    """
    items: dict[int, tuple[str, str]] = {}
    for run in _runs(lines):
        kinds = {(each.line.indent + shift, each.sign) for each in run for shift in (-1, 0, 1)}
        counts = Counter(indent for indent, _ in kinds)
        for each in run:
            is_mark = counts[each.line.indent] == 1 and each.sign not in _NO
            items[each.place] = (_GLYPH, each.text if is_mark else each.line.text)
    return items


def _runs(lines: Sequence[Line]) -> Iterator[list[Signed]]:
    """The lines with signs that stand together, at least two each time."""
    run: list[Signed] = []
    for each in _signed(lines):
        if run and not _is_beside(lines, run[-1], other=each):
            yield from [run] if len(run) > 1 else []
            run = []
        run.append(each)
    yield from [run] if len(run) > 1 else []


def _signed(lines: Sequence[Line]) -> Iterator[Signed]:
    for place, line in enumerate(lines):
        found = _SIGN.match(line.text)
        if found is not None and _is_sign(found[1], is_apart=bool(found[2])):
            yield Signed(place=place, line=line, sign=found[1], text=line.text[found.end() :])


def _is_sign(char: str, *, is_apart: bool) -> bool:
    if _ARROWS.match(char):
        return True
    is_symbol = ord(char) >= _FIRST_SIGN and unicodedata.category(char) == "So"
    return is_apart and (is_symbol or char in _DASHES_AND_QUOTES)


def _is_beside(lines: Sequence[Line], one: Signed, *, other: Signed) -> bool:
    """Tells whether two items follow each other; with a blank line between, where their signs are the same."""
    if other.place - one.place > _MOST_LINES:
        return False
    is_broken = any(line.is_apart for line in lines[one.place + 1 : other.place])
    return not is_broken and (not other.line.is_apart or one.sign == other.sign)

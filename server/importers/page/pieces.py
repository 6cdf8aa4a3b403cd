"""What stands together on a page: paragraphs put back from their lines, bare lines, items of lists, marks of steps."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

from server.importers.page.headings import is_finished, is_question, is_titled, looks_like_heading
from server.importers.page.marks import Kind, Marked
from server.importers.page.references import goes_on, is_address_of

_WIDEST = 120
"""A line that is longer was not wrapped by hand."""
_NARROWEST = 40
_LED = re.compile(
    r"(?:[^\W\d_][^:.!?]{0,50}|\d{1,2}(?:[:.]\d\d)?(?:\s?[ap]\.?m\.?)?(?:\s?[–-]\s?\d[^:]{0,12})?):\s+\S", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A passage; `is_bare` where it stands alone and reads as a heading."""

    text: str
    indent: int
    is_bare: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An item of a list as it stands on the page, its wrapped lines joined."""

    text: str
    indent: int
    glyph: str
    number: int
    is_ordered: bool
    is_apart: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Entries:
    """A run of items."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class StepMark:
    """The line that opens a step."""

    number: int
    title: str
    indent: int


Piece: TypeAlias = Text | Entries | StepMark


def read_pieces(lines: Sequence[Marked]) -> list[Piece]:
    """The pieces of a page's content, in reading order."""
    return list(_Pieces(lines))


class _Pieces:
    """Walks the marked lines once."""

    def __init__(self, lines: Sequence[Marked]) -> None:
        self._lines = lines
        self._place = 0
        self._width = _wrapped_width(lines)
        self._is_dense = sum(each.line.is_apart for each in lines) <= 0.1 * len(lines)

    def __iter__(self) -> Iterator[Piece]:
        while self._place < len(self._lines):
            each = self._lines[self._place]
            if each.kind is Kind.TEXT:
                yield from self._texts(self._chunk())
            elif each.kind is Kind.STEP:
                self._place += 1
                yield StepMark(number=each.number, title=each.text, indent=each.line.indent)
            else:
                yield Entries(entries=tuple(self._entries()))

    def _chunk(self) -> list[Marked]:
        """The lines of text that stand together, without a blank line between them."""
        start = self._place
        self._place += 1
        while self._place < len(self._lines):
            each = self._lines[self._place]
            if each.kind is not Kind.TEXT or each.line.is_apart:
                break
            self._place += 1
        return list(self._lines[start : self._place])

    def _texts(self, chunk: Sequence[Marked]) -> Iterator[Text]:
        texts = [self._text(group) for group in self._groups(chunk)]
        if _are_led(chunk):
            texts = [replace(text, is_bare=False) for text in texts]
        elif len(texts) > 2 and not self._is_dense and not chunk[-1].is_listed and _are_items(texts):
            texts = [replace(self._text(chunk), is_bare=False)]
        yield from texts

    def _groups(self, chunk: Sequence[Marked]) -> Iterator[list[Marked]]:
        """The lines of each passage in a chunk."""
        is_unwrapped = any(each.line.width > _WIDEST for each in chunk) or _are_led(chunk)
        group = [chunk[0]]
        for place, each in enumerate(chunk[1:], 1):
            later = chunk[place + 1] if place + 1 < len(chunk) else None
            if self._breaks(group, each, later=later, is_unwrapped=is_unwrapped):
                yield group
                group = []
            group.append(each)
        yield group

    def _breaks(self, group: Sequence[Marked], each: Marked, *, later: Marked | None, is_unwrapped: bool) -> bool:
        """Tells whether a line opens a passage of its own, right under the lines of the passage before."""
        last = group[-1]
        is_address = each.text.startswith(("http", "www.") if last.is_listed else "http") and " " not in each.text
        if (each.text[0].islower() and not is_address) or self._is_wrapped(last, each):
            return False
        if last.is_listed:
            return not goes_on(each.text, " ".join([line.text for line in group]))
        if len(group) == 1 and looks_like_heading(last.text):
            return True
        if is_unwrapped or (self._is_dense and is_finished(last.text)):
            return True
        is_head = looks_like_heading(each.text) and (
            later is None or is_titled(each.text) or later.text.startswith("http")
        )
        return is_finished(last.text) and is_head

    def _is_wrapped(self, line: Marked, following: Marked) -> bool:
        first_word = following.text.split(maxsplit=1)[0]
        return bool(self._width) and self._width - len(first_word) <= line.line.width <= _WIDEST

    def _text(self, group: Sequence[Marked]) -> Text:
        text = " ".join([each.text for each in group])
        is_bare = not group[0].is_listed and looks_like_heading(text) and (len(group) == 1 or is_titled(text))
        return Text(text=text, indent=group[0].line.indent, is_bare=is_bare)

    def _entries(self) -> Iterator[Entry]:
        while self._place < len(self._lines) and self._lines[self._place].kind in (Kind.BULLET, Kind.ORDERED):
            first = self._lines[self._place]
            self._place += 1
            parts = [first.text, *self._continuation(first)]
            yield Entry(
                text=" ".join([part for part in parts if part]),
                indent=first.line.indent,
                glyph=first.glyph,
                number=first.number,
                is_ordered=first.kind is Kind.ORDERED,
                is_apart=first.line.is_apart,
            )

    def _continuation(self, first: Marked) -> Iterator[str]:
        last = first
        while self._place < len(self._lines):
            each = self._lines[self._place]
            if each.kind is not Kind.TEXT or not self._continues(first, last, each=each):
                return
            yield each.text
            last = each
            self._place += 1

    def _continues(self, first: Marked, last: Marked, *, each: Marked) -> bool:
        if each.line.indent > first.line.indent + 1:
            return True
        if each.line.is_apart or each.line.indent < first.line.indent:
            return False
        if is_address_of(each.text, first.text) or (first.is_listed and goes_on(each.text, first.text)):
            return True
        return not first.text or (each.text[0].islower() and not is_finished(last.text)) or self._is_wrapped(last, each)


def _are_items(texts: Sequence[Text]) -> bool:
    """Tells short lines that stand together like the items of a list from headings; questions may have one above."""
    return all(text.is_bare for text in texts) and not all(is_question(text.text) for text in texts[1:])


def _are_led(chunk: Sequence[Marked]) -> bool:
    """Tells phrases that a term with a colon opens each, or a time does, from the sentences of one passage."""
    return len(chunk) > 1 and all(_LED.match(each.text) and not is_finished(each.text) for each in chunk)


def _wrapped_width(lines: Sequence[Marked]) -> int:
    """The columns that the page was wrapped at by hand; 0 where it was not."""
    wrapped = [line.line.width for line, following in pairwise(lines) if _looks_wrapped(line, following)]
    return max(wrapped) if len(wrapped) > 1 else 0


def _looks_wrapped(line: Marked, following: Marked) -> bool:
    if following.kind is not Kind.TEXT or following.line.is_apart or not following.text[0].islower():
        return False
    return _NARROWEST <= line.line.width <= _WIDEST and not is_finished(line.text)

"""An answer's text as sections: headings, paragraphs, lists and tables in the order in which they stand."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from server.content.draft import Block, Paragraph, Section, Span, Table
from server.importers.medquad.headings import (
    announces,
    can_be_item,
    can_head,
    is_key_point,
    is_question,
    is_short,
    is_title,
    split_question,
)
from server.importers.medquad.lists import OpenList
from server.importers.medquad.pieces import (
    Piece,
    has_wide_spacing,
    join_bullets,
    join_pieces,
    mark_echoes,
    mark_items,
    read_lines,
)
from server.importers.medquad.tables import read_grid, read_symptoms

DEEPEST = 3


@dataclass(kw_only=True, slots=True)
class _Part:
    heading: str | None = None
    level: int = 1
    blocks: list[Block] = field(default_factory=list)


def read_sections(text: str, *, has_points: bool = False) -> tuple[Section, ...]:
    """The sections of a text that has at least one visible character; no word of it is lost.

    `has_points` says whether its file tells key points, so that a line right above another one may be one.
    """
    is_wide = has_wide_spacing(text)
    writing = _Writing()
    lines = join_bullets(read_lines(text))
    marked = mark_echoes(list(map(mark_items, lines)))
    for place, line in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) else None
        if (grid := read_grid(line)) is not None:
            writing.add_table(grid)
        elif has_points and _is_point(marked, place):
            writing.add_heading(line[0].text, 1)
            writing.has_key_points = True
        else:
            writing.add_line(join_pieces(marked[place], is_wide=is_wide), following[0] if following else None)
    return writing.sections() or (Section(blocks=(Paragraph(content=(Span(text=" ".join(text.split())),)),)),)


def _is_point(lines: Sequence[Sequence[Piece]], place: int) -> bool:
    """Whether a line is a key point: two lines stand alone, and it is the first of them."""
    if place + 1 == len(lines) or not is_key_point(lines[place], lines[place + 1]):
        return False
    is_first = place == 0 or lines[place][0].blanks > 0
    is_last = place + 2 == len(lines) or lines[place + 2][0].blanks > 0
    return is_first and is_last


class _Writing:
    """The sections written so far, and the list that more items may follow."""

    def __init__(self) -> None:
        self.has_key_points = False
        self._parts = [_Part()]
        self._list: OpenList | None = None
        self._awaits_items = False

    def sections(self) -> tuple[Section, ...]:
        """All that was written."""
        self._close()
        parts = [part for part in self._parts if part.blocks or part.heading is not None]
        return tuple([Section(heading=part.heading, level=part.level, blocks=tuple(part.blocks)) for part in parts])

    def add_table(self, table: Table) -> None:
        """Writes a table."""
        self._close()
        self._parts[-1].blocks.append(table)

    def add_heading(self, text: str, level: int) -> None:
        """Begins a section; one right below another heading is its subsection."""
        self._close()
        above = self._parts[-1]
        if above.heading is not None and not above.blocks:
            level = max(level, above.level + 1)
        self._parts.append(_Part(heading=text, level=min(level, DEEPEST)))

    def add_line(self, line: Sequence[Piece], following: Piece | None) -> None:
        """Writes the pieces of a line; what follows it tells whether a short one is a heading."""
        for place, piece in enumerate(line):
            after = next(iter(line[place + 1 :]), following)
            if piece.is_item:
                self._add_item(piece)
            elif piece.is_echo:
                self._close()
                self._add_paragraph(piece.text)
            elif self._list is None or not self._list.goes_on(piece):
                self._add_text(piece, after)

    def _add_item(self, piece: Piece) -> None:
        if self._list is None:
            self._list = OpenList(piece)
        else:
            self._list.add(piece)

    def _add_text(self, piece: Piece, after: Piece | None) -> None:
        text = piece.text
        if self._awaits_items and piece.starts_line and self._takes_item(piece, after):
            return
        is_alone = piece.starts_line and (after is None or after.starts_line)
        if after is not None and (_heads(text, after, is_alone=is_alone) or (is_alone and self._asks(text, after))):
            self.add_heading(text, 2 if self.has_key_points and not is_alone else 1)
        elif (passage := read_symptoms(text)) is not None:
            self._add_prose(passage.before)
            self.add_table(passage.table)
            self._add_prose(passage.after)
        else:
            self._add_prose(text)

    def _asks(self, text: str, after: Piece) -> bool:
        """Whether a line alone is a question that heads its answer: others stand neither above nor below it."""
        if not is_question(text) or is_question(after.text):
            return False
        above = self._parts[-1].blocks[-1:]
        return not any(isinstance(block, Paragraph) and is_question(block.content[0].text) for block in above)

    def _takes_item(self, piece: Piece, after: Piece | None) -> bool:
        if self._list is not None and self._list.has_bullets:
            return False
        if not can_be_item(piece.text) or (after is not None and not after.starts_line):
            return False
        if (
            self._list is not None
            and after is not None
            and _ends_list(piece.text, self._list.last_text, after=after.text)
        ):
            return False
        self._add_item(piece)
        return True

    def _add_prose(self, text: str) -> None:
        self._close()
        if (opening := split_question(text)) is not None:
            self.add_heading(opening[0], 2 if self.has_key_points else 1)
            text = opening[1]
        if text:
            self._add_paragraph(text)
            self._awaits_items = announces(text)

    def _add_paragraph(self, text: str) -> None:
        self._parts[-1].blocks.append(Paragraph(content=(Span(text=text),)))

    def _close(self) -> None:
        if self._list is not None:
            self._parts[-1].blocks.append(self._list.block())
        self._list, self._awaits_items = None, False


def _ends_list(text: str, before: str, *, after: str) -> bool:
    """Whether a text is rather the heading of what follows a list than the list's next item."""
    is_heading_next = is_title(after) or " " not in after
    return is_title(text) and not is_title(before) and (not can_be_item(after) or is_heading_next)


def _heads(text: str, after: Piece, *, is_alone: bool) -> bool:
    if not can_head(text):
        return False
    if after.is_item:
        return is_title(text)
    return not is_short(after.text) or (is_alone and is_title(text) and not is_title(after.text)) or is_title(text)

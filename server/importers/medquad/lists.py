"""Lists: which item nests in which is told by the indents of lines, and of items in a row by colons and gaps."""

import re
from dataclasses import dataclass, field

from server.content.checks.blocks import DEEPEST_LIST
from server.content.draft import Item, List, Span
from server.importers.medquad.pieces import Piece, ends_sentence

_DEEPER = 2
"""How many spaces more stand before the lines of a nested list, at least."""
_WIDER = 1.5
"""How much wider than between items the gap is before a nested list, and after it."""
_LEAST_NESTING_GAP = 5
_USUAL_GAP = 3
_CLOSE_GAP, _CLOSE_LEAD_IN = 2, 6
"""The spaces between items, and before a nested list, of lists whose nested items stand closer than its first one."""
_LEAD = re.compile(r"([^\s:.;?!][^:.;?!]{0,78}?) ?: (?=\S)")
_MOST_LEAD_WORDS = 10
_SHORTEST_WRAPPED = 50
"""Characters of a line that goes on in the next one."""


@dataclass(slots=True)
class _Node:
    text: str
    nodes: list["_Node"] = field(default_factory=list)


@dataclass(slots=True)
class _Level:
    nodes: list[_Node]
    indent: int | None = None
    """The spaces before its lines; None where its items stand in a row, or it is not known."""
    lead_in: int = 0
    """The spaces before its first item."""
    gap: int | None = None
    """The spaces between two of its items; None as long as it has one."""


class OpenList:
    """A list that more items may follow."""

    def __init__(self, first: Piece) -> None:
        self.has_bullets = first.is_item
        self._levels = [_Level([_Node(first.text)], indent=first.indent)]
        self._line = first.text
        """The line that its last item ends with."""

    def add(self, piece: Piece) -> None:
        """Takes the next item, at the level that its indent or its gap tells."""
        self._line = piece.text
        if self._is_followed(None if piece.starts_line else piece.gap):
            self._lift()
        if piece.starts_line:
            self._go_to(piece.indent)
        elif self._opens(piece.gap):
            self._levels.append(_Level(self._last().nodes, lead_in=piece.gap))
        elif self._closes(piece.gap):
            self._levels.pop()
        else:
            level = self._levels[-1]
            level.gap = level.gap or piece.gap
        self._levels[-1].nodes.append(_Node(piece.text))

    def goes_on(self, piece: Piece) -> bool:
        """Takes what is no item, if it belongs to the last one; tells whether it did."""
        last, gap = self._last(), self._levels[-1].gap or _USUAL_GAP
        belongs = self._wraps(piece) if piece.starts_line else piece.gap < gap
        if belongs and not last.nodes:
            last.text = f"{last.text} {piece.text}"
            self._line = piece.text
        return belongs and not last.nodes

    @property
    def last_text(self) -> str:
        """The text of the last item."""
        return self._last().text

    def block(self) -> List:
        """The list."""
        if self._is_followed(None):
            self._lift()
        return List(items=_items(self._levels[0].nodes))

    def _wraps(self, piece: Piece) -> bool:
        """Whether a line goes on with the one before it; of items without bullets one that is short is whole."""
        may_wrap = self.has_bullets or len(self._line) >= _SHORTEST_WRAPPED
        return may_wrap and piece.text[0].islower() and piece.blanks == 0

    def _go_to(self, indent: int | None) -> None:
        """Closes the levels that a line does not belong to, and opens the one that its indent tells."""
        while len(self._levels) > 1 and not _reaches(indent, self._levels[-1].indent):
            self._levels.pop()
        level = self._levels[-1]
        if level.indent is None:
            level.indent = indent
        elif self.has_bullets and len(self._levels) < DEEPEST_LIST and _reaches(indent, level.indent + _DEEPER):
            self._levels.append(_Level(self._last().nodes, indent=indent))

    def _last(self) -> _Node:
        return self._levels[-1].nodes[-1]

    def _is_followed(self, gap: int | None) -> bool:
        """Whether the last item stands after its list: in close lists only the gap behind it tells, if any does."""
        level = self._levels[-1]
        if level.lead_in != _CLOSE_LEAD_IN or len(level.nodes) < 2:
            return False
        if gap is not None:
            return gap in (_CLOSE_GAP, _CLOSE_LEAD_IN) and gap != level.gap
        *others, last = [node.text[0].isupper() and ends_sentence(node.text) for node in level.nodes]
        return last and not any(others)

    def _lift(self) -> None:
        """Has the last item follow the one that its list is nested in."""
        node = self._levels.pop().nodes.pop()
        self._levels[-1].nodes.append(node)
        self._levels[-1].gap = _CLOSE_GAP

    def _opens(self, gap: int) -> bool:
        text, between = self._last().text, self._levels[-1].gap
        if len(self._levels) == DEEPEST_LIST:
            return False
        if between == _CLOSE_GAP and gap == _CLOSE_LEAD_IN and not ends_sentence(text):
            return True
        return text.endswith(":") and gap >= (_LEAST_NESTING_GAP if between is None else _WIDER * between)

    def _closes(self, gap: int) -> bool:
        if len(self._levels) < 2:
            return False
        level = self._levels[-1]
        if level.gap is None:
            return gap >= max(level.lead_in / _WIDER, _LEAST_NESTING_GAP)
        return gap >= _WIDER * level.gap


def _reaches(indent: int | None, least: int | None) -> bool:
    return indent is not None and least is not None and indent >= least


def _items(nodes: list[_Node]) -> tuple[Item, ...]:
    return tuple([_item(node) for node in nodes])


def _item(node: _Node) -> Item:
    lead = _LEAD.match(node.text)
    items = _items(node.nodes)
    if lead is None or len(lead[1].split()) > _MOST_LEAD_WORDS:
        return Item(content=(Span(text=node.text),), items=items)
    return Item(lead=(Span(text=lead[1]),), content=(Span(text=node.text[lead.end() :]),), items=items)

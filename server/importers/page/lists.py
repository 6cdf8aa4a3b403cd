"""From the items on a page to lists: which nest in which, and the terms that open them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from server.content.draft import Item, List, Span
from server.importers.page.pieces import Entry

DEEPEST = 3
_FORESIGHT = 40
"""How many items may nest in one before the list that they interrupt is taken to have ended."""

_RANKS = {"◦": 1, "○": 1, "□": 1, "▫": 2, "▪": 2, "■": 2, "-": 1, "–": 1, "‣": 1, "⁃": 1, "o": 1, "∙": 1, "·": 1}
_LEAD = re.compile(r"(?P<lead>[^:：\n]{1,80}?)\s*(?::(?=\s)|：)\s*(?P<rest>.*\S)", re.DOTALL)
_MOST_WORDS = 8
_CLAUSE = re.compile(
    r"^(?:it|there|this|these|that|those|they|you|we|i|he|she|here|for example|e\.g\.|i\.e\.)\b", re.IGNORECASE
)
_CLAUSE_END = re.compile(
    r"(?<![\w-])(?:includ(?:e|es|ed|ing)|are|is|was|were|as|following|be|of|to|with|for|and|or|by|in|the|say|says|ask|asks|that|"
    r"because|means|like|such|not|if|when|about|than|at|on|from)$",
    re.IGNORECASE,
)
_CLAUSE_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|could|should|would|will|may|might|must|do|does|did|which|that|because)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(r"(?:what|why|how|when|where|who|which)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[!?;]|\.\s")
_YEAR = re.compile(r"\d{4}")
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("«", "»"))


@dataclass(slots=True)
class _Node:
    entry: Entry
    items: list["_Node"] = field(default_factory=list)


@dataclass(slots=True)
class _Level:
    indent: int
    glyph: str
    nodes: list[_Node]


def split_lists(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """The entries of each list in a run: a new list starts where numbers do, or where bullets change to numbers."""
    start, last = 0, entries[0].number
    for place in range(1, len(entries)):
        first, entry = entries[start], entries[place]
        if entry.indent > first.indent + 1:
            continue
        if _is_new_list(first, last, later=entries[place : place + _FORESIGHT]):
            yield list(entries[start:place])
            start = place
        if entry.is_ordered == entries[start].is_ordered:
            last = entry.number
    yield list(entries[start:])


def _is_new_list(first: Entry, last: int, *, later: Sequence[Entry]) -> bool:
    """Tells whether the first of the later entries opens a list, after one whose latest number was `last`."""
    entry = later[0]
    if first.glyph == entry.glyph:
        return entry.number == 1 and entry.is_apart and last > 1
    peers = [each for each in later if abs(each.indent - first.indent) <= 1]
    if first.is_ordered:
        is_resumed = any(each.glyph == first.glyph and each.number == last + 1 for each in peers)
        return not is_resumed and (entry.is_apart or not entry.is_ordered)
    resumed = next((each for each in peers if each.glyph == first.glyph), None)
    if entry.is_ordered:
        return resumed is None or resumed.is_apart or entry.is_apart
    return resumed is None and entry.is_apart


def read_list(entries: Sequence[Entry]) -> List:
    """A list with what nests in it; what is deeper than three levels is folded into the third."""
    return List(ordered=entries[0].is_ordered, items=_items(_nest(entries)))


def _nest(entries: Sequence[Entry]) -> list[_Node]:
    roots: list[_Node] = []
    levels = [_Level(indent=entries[0].indent, glyph=entries[0].glyph, nodes=roots)]
    for entry in entries:
        node = _Node(entry=entry)
        if roots:
            _open_level(levels, entry)
        levels[-1].nodes.append(node)
    return roots


def _open_level(levels: list[_Level], entry: Entry) -> None:
    """Goes up or down to the level that an item belongs to."""
    while len(levels) > 1 and entry.indent < levels[-1].indent - 1:
        levels.pop()
    same = [place for place, level in enumerate(levels) if _is_at(level, entry) and level.glyph == entry.glyph]
    if same:
        del levels[same[-1] + 1 :]
    elif entry.indent > levels[-1].indent + 1 or _is_deeper(levels[-1], entry):
        parent = levels[-1].nodes[-1]
        nodes = parent.items if len(levels) < DEEPEST else levels[-1].nodes
        levels.append(_Level(indent=entry.indent, glyph=entry.glyph, nodes=nodes))


def _is_at(level: _Level, entry: Entry) -> bool:
    return abs(level.indent - entry.indent) <= 1


def _is_deeper(level: _Level, entry: Entry) -> bool:
    """Tells whether an item at the same indent is marked as one that belongs to the item before it."""
    if entry.is_ordered != level.glyph.isalnum():
        return True
    if entry.is_ordered:
        return entry.glyph != level.glyph
    return _RANKS.get(entry.glyph, 0) > _RANKS.get(level.glyph, 0)


def _items(nodes: Sequence[_Node]) -> tuple[Item, ...]:
    items: list[Item] = []
    for node in nodes:
        inner = _items(node.items)
        items.extend([_item(node.entry.text, inner)] if node.entry.text else inner)
    return tuple(items)


def _item(text: str, inner: tuple[Item, ...]) -> Item:
    lead, content = split_lead(text)
    return Item(lead=(Span(text=lead),) if lead else None, content=(Span(text=content),), items=inner)


def split_lead(text: str) -> tuple[str | None, str]:
    """The term that opens an item, without the colon after it, and the rest; no term where a clause opens it."""
    found = _LEAD.match(text)
    if found is None or not _is_term(found["lead"]):
        return None, text
    return found["lead"], found["rest"]


def _is_term(lead: str) -> bool:
    words = lead.split()
    if len(words) > _MOST_WORDS or _SENTENCE.search(lead) or not (_YEAR.fullmatch(lead) or any(map(str.isalpha, lead))):
        return False
    if any(lead.count(opening) != lead.count(closing) for opening, closing in _PAIRS) or lead.count('"') % 2:
        return False
    if _ASKING.match(lead):
        return True
    return (
        not _CLAUSE.match(lead) and not _CLAUSE_END.search(lead) and not (len(words) > 5 and _CLAUSE_VERB.search(lead))
    )

"""Blocks of an author's file, each read as the block of a draft that it stands for, or refused with its line."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from markdown_it.rules_block.table import escapedSplit
from markdown_it.tree import SyntaxTreeNode

from server.content.draft import Callout, Cell, Item, List, Paragraph, Spans, Table
from server.content.vocabulary import CalloutTone
from server.errors.content import UnreadableError
from server.importers.markdown.openings import read_item
from server.importers.markdown.parser import line_of
from server.importers.markdown.phrases import Phrase

HEADS_ROW = "#"
"""What opens a cell that heads its row: `| # Stage 1 | … |`."""
HEADS_NOTHING = "~"
"""What opens a cell of the first row that heads no column."""
_DEEPEST = 3
_ALERT = re.compile(r"\[!(\w+)\][ \t]*(.*)")
_TONES = ", ".join([f"`> [!{tone}]`" for tone in CalloutTone])
_REFUSED = {
    "blockquote": f"a quotation: open it as a callout, {_TONES}, or write a paragraph.",
    "bullet_list": "a list in a list of another kind: make the nested items bullets, in one list.",
    "code_block": "lines that start with four spaces are code, which an answer can't hold: indent them less.",
    "container_line": "a container stands here: end the block before it, or take it out.",
    "fence": "a block of code, which an answer can't hold: write a paragraph or a list.",
    "heading": "a heading stands here: headings stand outside lists, callouts and containers.",
    "hr": "a line across the page, which an answer can't hold: take it out, or start a section with `## `.",
    "ordered_list": "a numbered list stands here: nested items are bullets, `- `.",
    "paragraph": "a second paragraph: an item or a callout has one; join them, or end the list before it.",
    "table": "a table stands here: end the list or callout before it.",
}


def refusal(node: SyntaxTreeNode) -> UnreadableError:
    """Why a node can't stand where it does, with its line and what to do."""
    return UnreadableError(_REFUSED[node.type], line_of(node))


@dataclass(frozen=True, kw_only=True, slots=True)
class BlockReader:
    """Reads the blocks that stand by themselves, without a container around them."""

    lines: Sequence[str]
    """The lines of the file."""
    keys: Container[str]
    """The keys of the sources that the text may cite."""

    def read(self, node: SyntaxTreeNode) -> Paragraph | List | Table | Callout:
        """The block that a node stands for."""
        match node.type:
            case "paragraph":
                return Paragraph(content=self.phrase(node).spans())
            case "bullet_list" | "ordered_list":
                return List(ordered=node.type == "ordered_list", items=self._items(node, depth=1))
            case "table":
                return self.table(node, caption=None)
            case "blockquote":
                return self._callout(node)
        raise refusal(node)

    def phrase(self, node: SyntaxTreeNode) -> Phrase:
        """The inline text of a paragraph, heading or cell."""
        inline = node.children[0]
        return Phrase(text=inline.content, line=line_of(inline), keys=self.keys)

    def entries(self, node: SyntaxTreeNode) -> Sequence[SyntaxTreeNode]:
        """The items of a list; one that starts its numbers elsewhere than at 1 is refused."""
        if "start" in node.attrs:
            raise UnreadableError(f"a list from {node.attrs['start']} on: start it at 1.", line_of(node))
        return node.children

    def _items(self, node: SyntaxTreeNode, *, depth: int) -> tuple[Item, ...]:
        if depth > _DEEPEST:
            raise UnreadableError(f"a list nests more than {_DEEPEST} deep: make it flatter.", line_of(node))
        return tuple([self._item(each, depth=depth) for each in self.entries(node)])

    def _item(self, node: SyntaxTreeNode, *, depth: int) -> Item:
        rest = list(node.children)
        lead, content = read_item(self.phrase(rest.pop(0))) if rest and rest[0].type == "paragraph" else (None, ())
        nested = self._items(rest.pop(0), depth=depth + 1) if rest and rest[0].type == "bullet_list" else ()
        if rest:
            raise refusal(rest[0])
        return Item(lead=lead, content=content, items=nested)

    def _callout(self, node: SyntaxTreeNode) -> Callout:
        first = node.children[0] if node.children else node
        head, _, rest = first.children[0].content.partition("\n") if first.type == "paragraph" else ("", "", "")
        alert = _ALERT.fullmatch(head)
        if alert is None or alert[1].upper() not in CalloutTone.__members__:
            raise refusal(node)
        title = Phrase(text=alert[2], line=line_of(first)).plain("the title of a callout") if alert[2] else None
        content = self._callout_text(Phrase(text=rest, line=line_of(first) + 1, keys=self.keys), node.children[1:])
        return Callout(tone=CalloutTone[alert[1].upper()], title=title, content=content)

    def _callout_text(self, below: Phrase, others: Sequence[SyntaxTreeNode]) -> Spans:
        """The text of a callout, right below its head or after an empty line."""
        if below.text or not others or others[0].type != "paragraph":
            texts, surplus = [below], others
        else:
            texts, surplus = [self.phrase(others[0])], others[1:]
        if surplus:
            raise refusal(surplus[0])
        return texts[0].spans()

    def table(self, node: SyntaxTreeNode, *, caption: str | None) -> Table:
        """The table that a node stands for."""
        head, *bodies = node.children
        rows = [row for body in bodies for row in body.children]
        columns = tuple([self._cell(cell, opener=HEADS_NOTHING, is_header=True) for cell in head.children[0].children])
        return Table(caption=caption, columns=columns, rows=tuple([self._row(row) for row in rows]))

    def _row(self, node: SyntaxTreeNode) -> tuple[Cell, ...]:
        """A row; Markdown itself fills up a short one and drops what a long one has too much."""
        first, *others = escapedSplit(self.lines[line_of(node) - 1].strip())
        count = len([*others[:-1], *filter(None, [first, *others[-1:]])])
        if count != len(node.children):
            reason = f"{count} cells for {len(node.children)} columns: give the row a cell for each, `\\|` in text."
            raise UnreadableError(reason, line_of(node))
        return tuple([self._cell(cell, opener=HEADS_ROW, is_header=False) for cell in node.children])

    def _cell(self, node: SyntaxTreeNode, *, opener: str, is_header: bool) -> Cell:
        phrase = self.phrase(node)
        if phrase.text.split(" ", 1)[0] != opener:
            return Cell(content=phrase.spans(), is_header=is_header)
        rest = phrase.text.removeprefix(opener).lstrip(" ")
        return Cell(content=Phrase(text=rest, line=phrase.line, keys=self.keys).spans(), is_header=not is_header)

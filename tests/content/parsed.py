"""What a reader's software makes of the renderings: Markdown as a tree of blocks, HTML as words."""

from collections.abc import Iterator, Sequence
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_ELEMENTS = {"strong", "em", "code", "sub", "sup"}
_NAMES = {"bullet_list": "ul", "ordered_list": "ol", "list_item": "li", "blockquote": "quote", "table": "table"}


def markdown_tree(source: str) -> list[object]:
    """The blocks of a Markdown text: a name with the texts or the blocks in it; comments left out."""
    return _blocks(SyntaxTreeNode(_MARKDOWN.parse(source)).children)


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> list[object]:
    return [_block(node) for node in nodes if not (node.type == "html_block" and node.content.strip() == "<!-- -->")]


def _block(node: SyntaxTreeNode) -> object:
    if node.type == "paragraph":
        return _inline(node)
    if node.type == "heading":
        return (node.tag, _inline(node))
    if node.type == "table":
        return ("table", [[_inline(cell) for cell in row.children] for part in node.children for row in part.children])
    return (_NAMES[node.type], _blocks(node.children))


def _inline(node: SyntaxTreeNode) -> str:
    return "".join([_text(child) for inline in node.children for child in inline.children])


def _text(node: SyntaxTreeNode) -> str:
    if node.type == "html_inline":
        return ""
    if node.type in {"text", "code_inline"}:
        return node.content
    assert node.type in {"strong", "em", "link"}, node.type
    return "".join([_text(child) for child in node.children])


def tree_words(tree: object) -> list[str]:
    """The words of a tree of blocks, in order."""
    if isinstance(tree, str):
        return tree.split()
    parts = tree[1] if isinstance(tree, tuple) else tree
    return [word for part in ([parts] if isinstance(parts, str) else parts) for word in tree_words(part)]


def markdown_characters(source: str) -> list[tuple[str, frozenset[str], str | None]]:
    """Each character of a line of Markdown, with the elements that it stands in and what it links to."""
    (paragraph,) = SyntaxTreeNode(_MARKDOWN.parse(source)).children
    open_tags: list[str] = []
    return [found for node in paragraph.children[0].children for found in _characters(node, (), None, open_tags)]


def _characters(
    node: SyntaxTreeNode, around: tuple[str, ...], url: str | None, open_tags: list[str]
) -> Iterator[tuple[str, frozenset[str], str | None]]:
    if node.type == "html_inline":
        if node.content.startswith("</"):
            assert f"</{open_tags.pop()}>" == node.content
        else:
            open_tags.append(node.content[1:-1])
    elif node.type in {"text", "code_inline"}:
        inside = around if node.type == "text" else (*around, "code")
        yield from [(character, frozenset([*inside, *open_tags]), url) for character in node.content]
    else:
        href = str(node.attrs["href"]) if node.type == "link" else url
        inside = around if node.type == "link" else (*around, node.type)
        for child in node.children:
            yield from _characters(child, inside, href, open_tags)


class _Stripper(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.data: list[tuple[str, frozenset[str], str | None]] = []
        self.open: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append((tag, dict(attrs).get("href")))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        elements = frozenset([tag for tag, _ in self.open]) & _ELEMENTS
        href = next((href for _, href in self.open if href), None)
        self.data.extend([(character, elements, href) for character in data])


def html_text(source: str) -> str:
    """The text of HTML without its tags."""
    return "".join([character for character, _, _ in html_characters(source)])


def html_characters(source: str) -> list[tuple[str, frozenset[str], str | None]]:
    """Each character of HTML, with the inline elements that it stands in and what it links to."""
    stripper = _Stripper()
    stripper.feed(source)
    stripper.close()
    assert not stripper.open
    return stripper.data

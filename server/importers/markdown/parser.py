"""The Markdown that authors write: CommonMark with tables, and lines `:::name` that open and close a container."""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from markdown_it.utils import EnvType

from server.errors.content import UnreadableError

CONTAINER = "container_line"
"""The node of a line `:::name argument`; its `info` is what follows the colons, empty where it closes."""


class _Parser(MarkdownIt):
    """Markdown whose addresses stand as written, for the reader of links to judge."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - markdown-it calls it so
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - markdown-it calls it so
        return link

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - markdown-it calls it so
        return True


def _container_line(state: StateBlock, start: int, _end: int, silent: bool) -> bool:  # noqa: FBT001 - as rules are called
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    if not line.startswith(":::") or state.is_code_block(start):
        return False
    if not silent:
        token = state.push(CONTAINER, "", 0)
        token.info = line[3:].strip()
        token.map = [start, start + 1]
        state.line = start + 1
    return True


_PARSER = _Parser("commonmark")
_PARSER.enable(["table", "strikethrough"]).disable("html_block")
_PARSER.block.ruler.before(
    "table", CONTAINER, _container_line, {"alt": ["paragraph", "reference", "blockquote", "list"]}
)


def parse_blocks(text: str) -> list[SyntaxTreeNode]:
    """The blocks of a text, inline text not parsed yet; lines count from 0 in `map`."""
    env: EnvType = {}
    tokens: list[Token] = []
    _PARSER.block.parse(text, _PARSER, env, tokens)
    for definition in [*env.get("references", {}).values(), *env.get("duplicate_refs", [])]:
        raise UnreadableError("write the address in the link itself: `[text](https://…)`.", definition["map"][0] + 1)
    return SyntaxTreeNode(tokens).children


def parse_inline(text: str) -> list[Token]:
    """The inline tokens of a block's text; escapes and entities stay tokens of their own (`text_special`)."""
    tokens: list[Token] = []
    _PARSER.inline.parse(text, _PARSER, {}, tokens)
    return [token for token in tokens if token.type != "text" or token.content]


def line_of(node: SyntaxTreeNode) -> int:
    """The line of the file where a node starts, counted from 1."""
    return node.map[0] + 1 if node.map else 1

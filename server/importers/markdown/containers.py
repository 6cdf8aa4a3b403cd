"""Containers: `:::steps`, `:::questions` and `:::table Caption`, each around the one list or table that it names."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from markdown_it.tree import SyntaxTreeNode

from server.content.draft import Block, Paragraph, Question, Questions, Step, StepBlock, Steps, Table
from server.content.vocabulary import QuestionAudience
from server.errors.content import UnreadableError
from server.importers.markdown.blocks import BlockReader
from server.importers.markdown.openings import read_title
from server.importers.markdown.parser import CONTAINER, line_of, parse_inline
from server.importers.markdown.phrases import Phrase

AUDIENCES = {"care-team": QuestionAudience.CARE_TEAM, "reader": QuestionAudience.READER}
ANSWERED = "answer"
"""The scheme of a link from a question to the answer to it; the name of an audience is one too."""
_NAMES = "`:::steps`, `:::questions`, `:::table Caption`"
_LISTS = ("bullet_list", "ordered_list")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Container:
    """A container and the nodes in it."""

    name: str
    argument: str
    line: int
    nodes: Sequence[SyntaxTreeNode]

    def only(self, *kinds: str) -> SyntaxTreeNode:
        """Its one node, which is of one of these types."""
        for node in [node for node in self.nodes if node.type not in kinds] or self.nodes[1:]:
            raise UnreadableError(f"`:::{self.name}` holds one {_kind(kinds)}: end it before this.", line_of(node))
        if not self.nodes:
            raise UnreadableError(f"`:::{self.name}` is empty: it holds one {_kind(kinds)}.", self.line)
        return self.nodes[0]


def _kind(kinds: Sequence[str]) -> str:
    return "list" if kinds == _LISTS else "table"


def read_blocks(nodes: Sequence[SyntaxTreeNode], reader: BlockReader) -> tuple[Block, ...]:
    """The blocks that nodes stand for, containers among them."""
    return tuple([_block(node, reader) for node in _gathered(nodes)])


def _gathered(nodes: Sequence[SyntaxTreeNode]) -> list[SyntaxTreeNode | _Container]:
    """The nodes, those between two lines of a container as one."""
    waiting, gathered = deque(nodes), list[SyntaxTreeNode | _Container]()
    while waiting:
        node = waiting.popleft()
        gathered.append(_container(node, waiting) if node.type == CONTAINER else node)
    return gathered


def _container(opening: SyntaxTreeNode, waiting: deque[SyntaxTreeNode]) -> _Container:
    line, info = line_of(opening), str(opening.info)
    if not info:
        raise UnreadableError("`:::` closes nothing: take it out.", line)
    inside: list[SyntaxTreeNode] = []
    while waiting and not (waiting[0].type == CONTAINER and not waiting[0].info):
        inside.append(waiting.popleft())
    if not waiting:
        raise UnreadableError(f"`:::{info}` is not closed: end it with a line `:::`.", line)
    waiting.popleft()
    name, _, argument = info.partition(" ")
    return _Container(name=name, argument=argument.strip(), line=line, nodes=inside)


def _block(part: SyntaxTreeNode | _Container, reader: BlockReader) -> Block:
    if isinstance(part, SyntaxTreeNode):
        return reader.read(part)
    match part.name:
        case "steps":
            return _steps(part, reader)
        case "questions":
            return _questions(part, reader)
        case "table":
            return _table(part, reader)
    raise UnreadableError(f"`:::{part.name}` is no container: there are {_NAMES}.", part.line)


def _table(container: _Container, reader: BlockReader) -> Table:
    caption = Phrase(text=container.argument, line=container.line).plain("a caption")
    return reader.table(container.only("table"), caption=caption or None)


def _steps(container: _Container, reader: BlockReader) -> Steps:
    if container.argument:
        raise UnreadableError(f"`:::steps` takes nothing after it: take out `{container.argument}`.", container.line)
    return Steps(steps=tuple([_step(node, reader) for node in reader.entries(container.only(*_LISTS))]))


def _step(node: SyntaxTreeNode, reader: BlockReader) -> Step:
    title, blocks, nodes = None, list[StepBlock](), node.children
    if nodes and nodes[0].type == "paragraph":
        title, text = read_title(reader.phrase(nodes[0]))
        blocks, nodes = [Paragraph(content=text.spans())] if text else [], nodes[1:]
    for block in read_blocks(nodes, reader):
        if isinstance(block, Steps):
            raise UnreadableError("steps stand in a step: make them a list.", line_of(node))
        blocks.append(block)
    return Step(title=title, blocks=tuple(blocks))


def _questions(container: _Container, reader: BlockReader) -> Questions:
    audience = AUDIENCES.get(container.argument or "care-team")
    if audience is None:
        reason = f"`:::questions {container.argument}`: choose `{'` or `'.join(AUDIENCES)}`."
        raise UnreadableError(reason, container.line)
    entries = reader.entries(container.only(*_LISTS))
    return Questions(questions=tuple([_question(entry, reader, audience=audience) for entry in entries]))


def _question(node: SyntaxTreeNode, reader: BlockReader, *, audience: QuestionAudience) -> Question:
    for surplus in node.children[1:]:
        raise UnreadableError("a question is one line: end its item before this.", line_of(surplus))
    if not node.children or node.children[0].type != "paragraph":
        raise UnreadableError("a question has text: write it, or take the item out.", line_of(node))
    phrase = reader.phrase(node.children[0])
    tokens, answer = parse_inline(phrase.text), None
    if len(tokens) > 1 and tokens[0].type == "link_open" and tokens[-1].type == "link_close":
        scheme, _, answer = str(tokens[0].attrs["href"]).partition(":")
        if scheme not in (ANSWERED, *AUDIENCES) or "title" in tokens[0].attrs:
            reason = f"a question links to its answer, `{ANSWERED}:SLUG`, or says whom it is for, `reader:`."
            raise UnreadableError(reason, phrase.line)
        tokens, audience = tokens[1:-1], AUDIENCES.get(scheme, audience)
    return Question(text=phrase.plain_of(tokens, "a question"), audience=audience, answer=unquote(answer or "") or None)

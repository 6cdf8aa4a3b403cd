"""The way in: an author's file as a draft."""

from collections.abc import Sequence

from markdown_it.tree import SyntaxTreeNode

from server.content.draft import Draft, Section
from server.errors.content import UnreadableError
from server.importers.markdown.blocks import BlockReader
from server.importers.markdown.containers import read_blocks
from server.importers.markdown.front_matter import read_front_matter
from server.importers.markdown.parser import line_of, parse_blocks

LARGEST = 2_000_000
LONGEST_LINE = 100_000
FENCE = "---"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_markdown(data: bytes) -> Draft:
    """The draft that an author's file says; raises UnreadableError with the line of the file and what to do."""
    lines = _lines(data)
    end = _end_of_front_matter(lines)
    fields = read_front_matter("\n".join(["", *lines[1:end], ""]))
    reader = BlockReader(lines=lines, keys={source.key for source in fields.get("sources", ())})
    nodes = parse_blocks("\n".join([*[""] * (end + 1), *lines[end + 1 :]]))
    return Draft(**fields, sections=_sections(nodes, reader))


def _lines(data: bytes) -> list[str]:
    if len(data) > LARGEST:
        raise UnreadableError(f"the file has {len(data):,} bytes: keep it to {LARGEST:,}.")
    lines = _text(data).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        if "\0" in line:
            raise UnreadableError("the file holds a NUL character: save it as plain text.", number)
        if len(line) > LONGEST_LINE:
            raise UnreadableError(f"the line has {len(line):,} characters: keep it to {LONGEST_LINE:,}.", number)
    return lines


def _text(data: bytes) -> str:
    if data.startswith(_UTF16):
        raise UnreadableError("the file is UTF-16: save it as UTF-8.", 1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, byte = data.count(b"\n", 0, error.start) + 1, data[error.start]
        raise UnreadableError(f"the byte 0x{byte:02X} is not UTF-8: save the file as UTF-8.", line) from None


def _end_of_front_matter(lines: Sequence[str]) -> int:
    if lines[0].rstrip() != FENCE:
        raise UnreadableError(f"there is no front matter: put it between two lines `{FENCE}`.", 1)
    for place, line in enumerate(lines[1:], 1):
        if line.rstrip() == FENCE:
            return place
    raise UnreadableError(f"the front matter is not closed: end it with a line `{FENCE}`.", 1)


def _sections(nodes: Sequence[SyntaxTreeNode], reader: BlockReader) -> tuple[Section, ...]:
    starts = [place for place, node in enumerate(nodes) if node.type == "heading"]
    opening = read_blocks(nodes[: starts[0] if starts else None], reader)
    sections = [Section(blocks=opening)] if opening else []
    for start, end in zip(starts, [*starts, len(nodes)][1:], strict=True):
        heading, level = _heading(nodes[start], reader)
        sections.append(Section(heading=heading, level=level, blocks=read_blocks(nodes[start + 1 : end], reader)))
    return tuple(sections)


def _heading(node: SyntaxTreeNode, reader: BlockReader) -> tuple[str, int]:
    level = int(node.tag[1:]) - 1
    if not node.markup.startswith("#"):
        raise UnreadableError("a heading underlined with `=` or `-`: write it as `## Heading`.", line_of(node))
    if level == 0:
        raise UnreadableError(
            "a heading `# `: sections have `## `, the title stands in the front matter.", line_of(node)
        )
    text = reader.phrase(node).plain("a heading")
    if not text:
        raise UnreadableError("a heading without text: write it, or take it out.", line_of(node))
    return text, level

"""Sections and blocks as an author would write them: what `containers` and `blocks` read back as the same."""

import re
from collections.abc import Iterable, Iterator, Sequence

from server.content.draft import (
    Block,
    Callout,
    Cell,
    Item,
    List,
    Paragraph,
    Question,
    Questions,
    Section,
    Span,
    Step,
    Steps,
    Table,
)
from server.content.vocabulary import Mark, QuestionAudience
from server.importers.markdown.blocks import HEADS_NOTHING, HEADS_ROW
from server.importers.markdown.containers import ANSWERED, AUDIENCES
from server.importers.markdown.escaping import NO_STRONG, write_address, write_line, write_phrase, write_plain
from server.importers.markdown.openings import opens_with_lead

_AUDIENCES = {audience: name for name, audience in AUDIENCES.items()}
_SIGNS = {False: "-", True: "."}
_OTHER_SIGNS = {False: "*", True: ")"}
_NUMBER_SIGNS = ".)"
_CLOSING_HASH = re.compile(r"#(?=#*$)")
_LATER_LINE = re.compile(r"\n(?=[^\n])")


def write_sections(sections: Iterable[Section]) -> str:
    """The sections, each under its heading, with an empty line between blocks."""
    return "\n\n".join([part for section in sections for part in _section(section)])


def _section(section: Section) -> Iterator[str]:
    if section.heading is not None:
        text = _CLOSING_HASH.sub(r"\\#", write_plain(section.heading))
        yield f"{'#' * (section.level + 1)} {text}"
    yield from _blocks(section.blocks)


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    """Blocks; of two lists of one kind in succession the second has another sign, or they would be read as one."""
    signs, before = _SIGNS, None
    for block in blocks:
        kind = block.ordered if isinstance(block, List) else None
        signs = _OTHER_SIGNS if kind is before and signs is _SIGNS else _SIGNS
        before = kind
        yield _listed(map(_item, block.items), signs[block.ordered]) if isinstance(block, List) else _block(block)


def _block(block: Paragraph | Table | Callout | Questions | Steps) -> str:
    match block:
        case Paragraph():
            return write_line(block.content)
        case Table():
            return _table(block)
        case Callout():
            title = "" if block.title is None else f" {write_plain(block.title)}"
            text = f"\n> {write_line(block.content)}" if block.content else ""
            return f"> [!{block.tone}]{title}{text}"
        case Questions():
            return _questions(block.questions)
        case Steps():
            steps = _listed(map(_step, block.steps), ".", between="\n\n")
            return f":::steps\n{steps}\n:::"


def _listed(entries: Iterable[str], sign: str, *, between: str = "\n") -> str:
    """A list, numbered if its sign is; an entry that starts with a line break starts below its sign."""
    lines = []
    for number, entry in enumerate(entries, 1):
        marker = f"{number}{sign}" if sign in _NUMBER_SIGNS else sign
        text = _LATER_LINE.sub("\n" + " " * (len(marker) + 1), entry)
        lines.append(f"{marker} {text}" if text[:1].strip() else marker + text)
    return between.join(lines)


def _item(item: Item) -> str:
    nested = f"\n{_listed(map(_item, item.items), '-')}" if item.items else ""
    if item.lead is not None:
        rest = f" {write_phrase(item.content)}" if item.content else ""
        return f"**{write_phrase(item.lead, NO_STRONG)}:**{rest}{nested}"
    line = write_line(item.content)
    if opens_with_lead(line):
        line = write_line(item.content, NO_STRONG)
    return line + nested


def _step(step: Step) -> str:
    blocks = list(_blocks(step.blocks))
    if step.title is not None:
        return "\n\n".join([f"**{write_plain(step.title)}**", *blocks])
    first = step.blocks[0] if step.blocks else None
    if not isinstance(first, Paragraph):
        return "\n" + "\n\n".join(blocks)
    if _is_strong(first.content):
        blocks[0] = write_line(first.content, NO_STRONG)
    return "\n\n".join(blocks)


def _is_strong(spans: Iterable[Span]) -> bool:
    return all(Mark.STRONG in span.marks for span in spans)


def _questions(questions: Sequence[Question]) -> str:
    audience = questions[0].audience
    argument = "" if audience is QuestionAudience.CARE_TEAM else f" {_AUDIENCES[audience]}"
    lines = _listed([_question(question, audience) for question in questions], ".")
    return f":::questions{argument}\n{lines}\n:::"


def _question(question: Question, audience: QuestionAudience) -> str:
    if question.answer is None and question.audience is audience:
        return write_line([Span(text=question.text)])
    scheme = ANSWERED if question.audience is audience else _AUDIENCES[question.audience]
    return f"[{write_plain(question.text)}]({write_address(scheme, question.answer or '')})"


def _table(table: Table) -> str:
    rows = [_row([_cell(cell, "" if cell.is_header else HEADS_NOTHING) for cell in table.columns])]
    rows += [_row(["---"] * len(table.columns))]
    rows += [_row([_cell(cell, HEADS_ROW if cell.is_header else "") for cell in row]) for row in table.rows]
    lines = "\n".join(rows)
    return lines if table.caption is None else f":::table {write_plain(table.caption)}\n{lines}\n:::"


def _cell(cell: Cell, opener: str) -> str:
    text = write_phrase(cell.content)
    escape = "\\" if text.startswith((HEADS_ROW, HEADS_NOTHING)) else ""
    return f"{opener} {escape}{text}".strip(" ").replace("|", "\\|")


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"

"""What the sections and blocks of a draft must be like."""

from collections.abc import Collection, Sequence

from server.content.checks.lines import check_characters, check_line, check_slug, check_url, refuse
from server.content.draft import (
    Block,
    Callout,
    Item,
    List,
    Paragraph,
    Question,
    Questions,
    Section,
    Span,
    Spans,
    Steps,
    Table,
)
from server.content.walk import block_texts

DEEPEST_LIST = 3
DEEPEST_SECTION = 5


def check_sections(sections: Sequence[Section], source_keys: Collection[str]) -> None:
    """Refuses content that can't be published, with the heading of its section and the number of its block."""
    for place, section in enumerate(sections):
        where = f"section {place + 1}" if section.heading is None else f"section `{section.heading}`"
        _check_heading(section, where, is_first=place == 0)
        for number, block in enumerate(section.blocks, 1):
            here = f"{where}, block {number}"
            _check_block(block, here)
            for spans in block_texts(block):
                for span in spans:
                    _check_span(span, here, source_keys=source_keys)


def check_question(question: Question, where: str) -> None:
    """Refuses a follow-up question without text, or one whose answer is named by no slug."""
    check_line(question.text, where)
    check_slug(question.answer, f"{where}, its answer")


def _check_heading(section: Section, where: str, *, is_first: bool) -> None:
    check_line(section.heading, where)
    if section.heading is None and not (is_first and section.blocks):
        refuse(where, "there is no heading", remedy="write one; only the opening part does without, and it holds text")
    if not 1 <= section.level <= DEEPEST_SECTION:
        refuse(where, f"its level is {section.level}", remedy=f"make it 1 to {DEEPEST_SECTION}")


def _check_span(span: Span, where: str, *, source_keys: Collection[str]) -> None:
    if not span.text:
        refuse(where, "there is an empty stretch of text", remedy="leave it out")
    check_characters(span.text, where)
    if span.url is not None:
        check_url(span.url, where)
    if span.citation is not None:
        check_line(span.citation.locator, f"{where}, a citation")
        if span.citation.source not in source_keys:
            refuse(where, f"the source `{span.citation.source}` is cited but not there", remedy="add it to the sources")


def _check_block(block: Block, where: str) -> None:
    match block:
        case Paragraph():
            _check_text(block.content, where)
        case List():
            _check_items(block.items, where, depth=1)
        case Steps():
            _check_steps(block, where)
        case Table():
            _check_table(block, where)
        case Callout():
            check_line(block.title, where)
            _check_text(block.content, where)
        case Questions():
            _check_some(block.questions, where, name="question")
            for number, question in enumerate(block.questions, 1):
                check_question(question, f"{where}, question {number}")


def _check_text(spans: Spans, where: str) -> None:
    if all(span.text.isspace() or not span.text for span in spans):
        refuse(where, "there is no text", remedy="write it or leave the block out")


def _check_some(parts: Sequence[object], where: str, *, name: str) -> None:
    if not parts:
        refuse(where, f"there is no {name}", remedy="write one or leave the block out")


def _check_items(items: Sequence[Item], where: str, *, depth: int) -> None:
    _check_some(items, where, name="item")
    if depth > DEEPEST_LIST:
        refuse(where, f"a list nests more than {DEEPEST_LIST} deep", remedy="make it flatter")
    for item in items:
        if item.lead is not None:
            _check_text(item.lead, f"{where}, the lead of an item")
        else:
            _check_text(item.content, f"{where}, an item")
        if item.items:
            _check_items(item.items, where, depth=depth + 1)


def _check_steps(block: Steps, where: str) -> None:
    _check_some(block.steps, where, name="step")
    for number, step in enumerate(block.steps, 1):
        here = f"{where}, step {number}"
        check_line(step.title, here)
        if step.title is None and not step.blocks:
            refuse(here, "it has neither title nor text", remedy="write one of them or leave the step out")
        for place, inner in enumerate(step.blocks, 1):
            _check_inner(inner, f"{here}, block {place}")


def _check_inner(block: Block, where: str) -> None:
    if isinstance(block, Steps):
        refuse(where, "steps stand in a step", remedy="make them a list")
    _check_block(block, where)


def _check_table(block: Table, where: str) -> None:
    check_line(block.caption, where)
    _check_some(block.columns, where, name="column")
    _check_some(block.rows, where, name="row")
    for number, row in enumerate(block.rows, 1):
        if len(row) != len(block.columns):
            wrong = f"row {number} has {len(row)} cells for {len(block.columns)} columns"
            refuse(where, wrong, remedy="give every row a cell for each column")

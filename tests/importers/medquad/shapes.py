"""What was read of a text, in shapes that a test can write down."""

from typing import Any

from server.content.draft import Item, List, Paragraph, Spans, Table
from server.importers.medquad.sections import read_sections


def text_of(spans: Spans) -> str:
    return "".join(span.text for span in spans)


def item_of(item: Item) -> Any:
    text = text_of(item.content) if item.lead is None else {text_of(item.lead): text_of(item.content)}
    return [text, [item_of(each) for each in item.items]] if item.items else text


def read(text: str, *, has_points: bool = False) -> list[tuple[str | None, int, list[Any]]]:
    """Each section by its heading, its level and its blocks: paragraphs as text, lists and tables as lists."""
    return [
        (part.heading, part.level, [shape(block) for block in part.blocks])
        for part in read_sections(text, has_points=has_points)
    ]


def shape(block: Any) -> Any:
    match block:
        case Paragraph():
            return text_of(block.content)
        case List():
            return [item_of(item) for item in block.items]
        case Table():
            rows = [block.columns, *block.rows]
            return [tuple(text_of(cell.content) for cell in row) for row in rows]

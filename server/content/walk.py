"""All inline text of a draft: to be read in reading order, or to be changed in place."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from server.content.draft import (
    Block,
    Callout,
    Cell,
    Draft,
    Item,
    List,
    Paragraph,
    Questions,
    Spans,
    StepBlock,
    Steps,
    Table,
)

Change: TypeAlias = Callable[[Spans], Spans]


def inline_texts(draft: Draft) -> list[Spans]:
    """Every stretch of inline text in the content, in reading order."""
    return [spans for section in draft.sections for block in section.blocks for spans in block_texts(block)]


def block_texts(block: Block) -> Sequence[Spans]:
    """Every stretch of inline text in a block, in reading order."""
    match block:
        case Paragraph() | Callout():
            return (block.content,)
        case List():
            return item_texts(block.items)
        case Table():
            return [cell.content for row in (block.columns, *block.rows) for cell in row]
        case Steps():
            return [spans for step in block.steps for inner in step.blocks for spans in block_texts(inner)]
        case Questions():
            return ()


def item_texts(items: Sequence[Item]) -> list[Spans]:
    """Every stretch of inline text in items and what is nested in them."""
    found: list[Spans] = []
    for item in items:
        if item.lead is not None:
            found.append(item.lead)
        found.append(item.content)
        if item.items:
            found += item_texts(item.items)
    return found


def change_texts(draft: Draft, change: Change) -> Draft:
    """The draft with every stretch of inline text put through `change`."""
    sections = [replace(section, blocks=change_blocks(section.blocks, change)) for section in draft.sections]
    return replace(draft, sections=tuple(sections))


def change_blocks(blocks: Sequence[Block], change: Change) -> tuple[Block, ...]:
    """The blocks with every stretch of inline text put through `change`, in reading order; the same where it is."""
    return tuple([_steps(block, change) if isinstance(block, Steps) else _block(block, change) for block in blocks])


def _steps(block: Steps, change: Change) -> Steps:
    steps = [replace(step, blocks=tuple([_block(each, change) for each in step.blocks])) for step in block.steps]
    return replace(block, steps=tuple(steps))


def _block(block: StepBlock, change: Change) -> StepBlock:
    match block:
        case Paragraph() | Callout():
            content = change(block.content)
            return block if content is block.content else replace(block, content=content)
        case List():
            return replace(block, items=_items(block.items, change))
        case Table():
            rows = tuple([_cells(row, change) for row in block.rows])
            return replace(block, columns=_cells(block.columns, change), rows=rows)
        case Questions():
            return block


def _items(items: Sequence[Item], change: Change) -> tuple[Item, ...]:
    return tuple([_item(item, change) for item in items])


def _item(item: Item, change: Change) -> Item:
    lead = None if item.lead is None else change(item.lead)
    content = change(item.content)
    if lead is item.lead and content is item.content and not item.items:
        return item
    return replace(item, lead=lead, content=content, items=_items(item.items, change))


def _cells(cells: Sequence[Cell], change: Change) -> tuple[Cell, ...]:
    return tuple([_cell(cell, change) for cell in cells])


def _cell(cell: Cell, change: Change) -> Cell:
    content = change(cell.content)
    return cell if content is cell.content else replace(cell, content=content)

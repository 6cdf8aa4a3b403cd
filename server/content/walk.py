"""All inline text of a draft: to be read in reading order, or to be changed in place."""

from collections.abc import Callable, Iterator, Sequence
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


def inline_texts(draft: Draft) -> Iterator[Spans]:
    """Every stretch of inline text in the content, in reading order."""
    for section in draft.sections:
        for block in section.blocks:
            yield from block_texts(block)


def block_texts(block: Block) -> Iterator[Spans]:
    """Every stretch of inline text in a block, in reading order."""
    match block:
        case Paragraph() | Callout():
            yield block.content
        case List():
            yield from item_texts(block.items)
        case Table():
            yield from [cell.content for cell in block.columns]
            yield from [cell.content for row in block.rows for cell in row]
        case Steps():
            for step in block.steps:
                for inner in step.blocks:
                    yield from block_texts(inner)
        case Questions():
            return


def item_texts(items: Sequence[Item]) -> Iterator[Spans]:
    """Every stretch of inline text in items and what is nested in them."""
    for item in items:
        if item.lead is not None:
            yield item.lead
        yield item.content
        yield from item_texts(item.items)


def change_texts(draft: Draft, change: Change) -> Draft:
    """The draft with every stretch of inline text put through `change`."""
    sections = [replace(section, blocks=change_blocks(section.blocks, change)) for section in draft.sections]
    return replace(draft, sections=tuple(sections))


def change_blocks(blocks: Sequence[Block], change: Change) -> tuple[Block, ...]:
    """The blocks with every stretch of inline text put through `change`, in reading order."""
    return tuple([_steps(block, change) if isinstance(block, Steps) else _block(block, change) for block in blocks])


def _steps(block: Steps, change: Change) -> Steps:
    steps = [replace(step, blocks=tuple([_block(each, change) for each in step.blocks])) for step in block.steps]
    return replace(block, steps=tuple(steps))


def _block(block: StepBlock, change: Change) -> StepBlock:
    match block:
        case Paragraph() | Callout():
            return replace(block, content=change(block.content))
        case List():
            return replace(block, items=_items(block.items, change))
        case Table():
            rows = tuple([_cells(row, change) for row in block.rows])
            return replace(block, columns=_cells(block.columns, change), rows=rows)
        case Questions():
            return block


def _items(items: Sequence[Item], change: Change) -> tuple[Item, ...]:
    return tuple(
        [
            replace(
                item,
                lead=None if item.lead is None else change(item.lead),
                content=change(item.content),
                items=_items(item.items, change),
            )
            for item in items
        ]
    )


def _cells(cells: Sequence[Cell], change: Change) -> tuple[Cell, ...]:
    return tuple([replace(cell, content=change(cell.content)) for cell in cells])

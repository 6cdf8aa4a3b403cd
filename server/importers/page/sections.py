"""From the pieces of the content to sections of typed blocks."""

from collections.abc import Sequence

from server.content.draft import Block, Paragraph, Section, Span, Step, StepBlock, Steps
from server.importers.page.headings import is_question
from server.importers.page.lists import read_list, split_lists
from server.importers.page.pieces import Entries, Piece, StepMark, Text
from server.importers.page.questions import are_questions, asks, read_questions, trails_off
from server.importers.page.steps import take_process, title_of

_FEWEST_BARE_QUESTIONS = 2


def read_sections(pieces: Sequence[Piece]) -> tuple[Section, ...]:
    """The sections of a page; the passages before its first heading are the opening part."""
    parts: list[tuple[str | None, list[Piece]]] = [(None, [])]
    place = 0
    while place < len(pieces):
        piece = pieces[place]
        end = _end_of_bare_questions(pieces, place, heading=parts[-1][0])
        if isinstance(piece, StepMark):
            _, end = take_process(pieces, place)
        elif isinstance(piece, Text) and piece.is_bare and not end and place + 1 < len(pieces):
            parts.append((piece.text, []))
            place += 1
            continue
        end = end or place + 1
        parts[-1][1].extend(pieces[place:end])
        place = end
    sections = [Section(heading=heading, blocks=_blocks(inner, heading)) for heading, inner in parts]
    return tuple([section for section in sections if section.heading is not None or section.blocks])


def _end_of_bare_questions(pieces: Sequence[Piece], start: int, *, heading: str | None) -> int:
    """The end of a run of bare questions under a heading that announces them; 0 where there is none."""
    if not asks(heading):
        return 0
    place = start
    while place < len(pieces):
        piece = pieces[place]
        if not isinstance(piece, Text) or not (is_question(piece.text) or trails_off(piece.text)):
            break
        place += 1
    return place if place - start >= _FEWEST_BARE_QUESTIONS else 0


def _blocks(pieces: Sequence[Piece], heading: str | None) -> tuple[Block, ...]:
    blocks: list[Block] = []
    place = 0
    while place < len(pieces):
        piece = pieces[place]
        end = _end_of_bare_questions(pieces, place, heading=heading)
        if isinstance(piece, StepMark):
            steps, place = take_process(pieces, place)
            blocks.append(
                Steps(
                    steps=tuple(
                        [Step(title=title_of(each.mark), blocks=_inner(each.pieces, heading)) for each in steps]
                    )
                )
            )
        elif end:
            blocks.append(read_questions([each.text for each in pieces[place:end] if isinstance(each, Text)], heading))
            place = end
        else:
            blocks.extend(_inner([piece], heading))
            place += 1
    return tuple(blocks)


def _inner(pieces: Sequence[Piece], heading: str | None) -> tuple[StepBlock, ...]:
    blocks: list[StepBlock] = []
    for piece in pieces:
        if isinstance(piece, Text):
            blocks.append(Paragraph(content=(Span(text=piece.text),)))
        elif isinstance(piece, Entries):
            blocks.extend(_lists(piece, heading))
    return tuple(blocks)


def _lists(piece: Entries, heading: str | None) -> list[StepBlock]:
    blocks: list[StepBlock] = []
    for entries in split_lists(piece.entries):
        if are_questions(entries, heading):
            blocks.append(read_questions([entry.text for entry in entries], heading))
        elif any(entry.text for entry in entries):
            blocks.append(read_list(entries))
    return blocks

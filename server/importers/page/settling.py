"""What only the whole page tells of a line: whether a line with a colon, or a number before it, is a heading."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from server.importers.page.headings import is_finished, is_question, is_titled, looks_like_heading
from server.importers.page.notices import is_notice_heading
from server.importers.page.pieces import Entries, Piece, StepMark, Text
from server.importers.page.questions import asks
from server.importers.page.references import is_reference_heading

_COLONS = (":", "：")


def settle(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with numbered headings made bare lines, and lines with a colon passages where they head nothing."""
    settled = _with_numbered_headings(pieces)
    passages = set(_passages(settled))
    return [
        replace(piece, is_bare=False) if isinstance(piece, Text) and place in passages else piece
        for place, piece in enumerate(settled)
    ]


def _passages(pieces: Sequence[Piece]) -> Iterator[int]:
    """The places of the lines with a colon that head nothing."""
    is_style = _have_colons(pieces)
    is_in_steps = False
    for place, piece in enumerate(pieces):
        if isinstance(piece, StepMark):
            is_in_steps = True
        elif isinstance(piece, Text) and piece.is_bare:
            if _ends_in_colon(piece) and not _heads(pieces, place, is_likely=is_style and not is_in_steps):
                yield place
            else:
                is_in_steps = False


def _have_colons(pieces: Sequence[Piece]) -> bool:
    """Whether the headings of a page end in colons, but for its title and those of its notices."""
    texts = [piece for piece in pieces if isinstance(piece, Text) and piece.is_bare]
    heads = [piece for piece in texts if not is_notice_heading(piece.text)]
    plain = sum(not _ends_in_colon(piece) for piece in heads)
    colons = sum(_ends_in_colon(piece) and not asks(piece.text) for piece in heads)
    return plain <= 1 or colons > plain


def _ends_in_colon(piece: Piece) -> bool:
    return isinstance(piece, Text) and piece.text.endswith(_COLONS)


def _heads(pieces: Sequence[Piece], place: int, *, is_likely: bool) -> bool:
    """Tells a heading with a colon: in capitals as titles are, of references, or of questions but under one of such."""
    text = _text(pieces[place])
    if is_reference_heading(text):
        return True
    if _announces_questions(pieces, place):
        before = pieces[place - 1] if place else None
        return not (isinstance(before, Text) and before.is_bare and asks(before.text))
    is_title = len(text.split()) > 1 and is_titled(text)
    return (is_likely or is_title) and not _is_between_steps(pieces, place)


def _announces_questions(pieces: Sequence[Piece], place: int) -> bool:
    following = pieces[place + 1] if place + 1 < len(pieces) else None
    first = following.entries[0].text if isinstance(following, Entries) else _text(following)
    return asks(_text(pieces[place])) and is_question(first)


def _is_between_steps(pieces: Sequence[Piece], place: int) -> bool:
    """Tells whether steps that are numbered in a row stand before and after a line."""
    before = next((each.number for each in reversed(pieces[:place]) if isinstance(each, StepMark)), None)
    after = next((each.number for each in pieces[place:] if isinstance(each, StepMark)), None)
    return before is not None and after == before + 1


def _text(piece: Piece | None) -> str:
    return piece.text if isinstance(piece, Text) else ""


def _with_numbered_headings(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with each single number that heads text, in a sequence of such, as a bare line."""
    parts = [part for piece in pieces for part in _parted(piece)]
    numbers = {place: number for place in range(len(parts)) if (number := _number(parts, place))}
    if list(numbers.values()) != list(range(1, len(numbers) + 1)) or len(numbers) < 2:
        return list(pieces)
    return [_as_heading(piece) if place in numbers else piece for place, piece in enumerate(parts)]


def _parted(piece: Piece) -> list[Piece]:
    """The piece, its first item apart where bullets follow, its last where that is a number that follows no other."""
    if not isinstance(piece, Entries) or len(piece.entries) < 2:
        return [piece]
    first, second, *_ = piece.entries
    if first.glyph == "1" and second.is_apart and not second.is_ordered and second.indent <= first.indent + 1:
        return [Entries(entries=(first,)), *_parted(Entries(entries=piece.entries[1:]))]
    *others, before, last = piece.entries
    goes_on = before.is_ordered and last.number > before.number and (before.is_apart or not others)
    if last.glyph != "1" or not last.is_apart or goes_on:
        return [piece]
    return [Entries(entries=(*others, before)), Entries(entries=(last,))]


def _number(pieces: Sequence[Piece], place: int) -> int:
    """The number of a single item that reads as a heading and has text below it; else 0."""
    piece = pieces[place]
    following = pieces[place + 1] if place + 1 < len(pieces) else None
    if not isinstance(piece, Entries) or len(piece.entries) > 1 or not _has_body(following):
        return 0
    entry = piece.entries[0]
    is_fit = entry.glyph == "1" and entry.is_apart and looks_like_heading(entry.text)
    return entry.number if is_fit else 0


def _has_body(following: Piece | None) -> bool:
    if isinstance(following, Entries):
        return not following.entries[0].is_ordered
    return isinstance(following, Text) and not following.is_bare and is_finished(following.text)


def _as_heading(piece: Piece) -> Piece:
    if not isinstance(piece, Entries):
        return piece
    entry = piece.entries[0]
    return Text(text=entry.text, indent=entry.indent, is_bare=True)

"""What only the whole page tells of a line: whether a line with a colon, or a number before it, is a heading."""

from collections.abc import Sequence
from dataclasses import replace

from server.importers.page.headings import is_finished, looks_like_heading
from server.importers.page.pieces import Entries, Piece, Text

_COLONS = (":", "：")


def settle(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with numbered headings made bare lines, and lines with a colon passages where headings have none."""
    settled = _with_numbered_headings(pieces)
    plain = sum(isinstance(piece, Text) and piece.is_bare and not piece.text.endswith(_COLONS) for piece in settled)
    return [_as_passage(piece) if plain > 1 else piece for piece in settled]


def _as_passage(piece: Piece) -> Piece:
    if isinstance(piece, Text) and piece.is_bare and piece.text.endswith(_COLONS):
        return replace(piece, is_bare=False)
    return piece


def _with_numbered_headings(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with each single number that heads text, in a sequence of such, as a bare line."""
    parts = [part for piece in pieces for part in _parted(piece)]
    numbers = {place: number for place in range(len(parts)) if (number := _number(parts, place))}
    if list(numbers.values()) != list(range(1, len(numbers) + 1)) or len(numbers) < 2:
        return list(pieces)
    return [_as_heading(piece) if place in numbers else piece for place, piece in enumerate(parts)]


def _parted(piece: Piece) -> list[Piece]:
    """The piece, its last item apart where that is a number after bullets."""
    if not isinstance(piece, Entries) or len(piece.entries) < 2:
        return [piece]
    *others, before, last = piece.entries
    if before.is_ordered or last.glyph != "1" or not last.is_apart:
        return [piece]
    return [Entries(entries=(*others, before)), Entries(entries=(last,))]


def _number(pieces: Sequence[Piece], place: int) -> int:
    """The number of a single item that reads as a heading and has text below it; else 0."""
    piece = pieces[place]
    following = pieces[place + 1] if place + 1 < len(pieces) else None
    if not isinstance(piece, Entries) or len(piece.entries) > 1 or not isinstance(following, Text) or following.is_bare:
        return 0
    entry = piece.entries[0]
    is_fit = entry.glyph == "1" and entry.is_apart and looks_like_heading(entry.text) and is_finished(following.text)
    return entry.number if is_fit else 0


def _as_heading(piece: Piece) -> Piece:
    if not isinstance(piece, Entries):
        return piece
    entry = piece.entries[0]
    return Text(text=entry.text, indent=entry.indent, is_bare=True)

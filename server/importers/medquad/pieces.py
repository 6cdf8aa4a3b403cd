"""What stands together in an answer's text: stretches between line breaks and runs of spaces, bullets told apart."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from server.importers.medquad.echoes import may_echo, stretches

DASHES = "-–—"
BULLETS = f"{DASHES}•·▪●◦‣■"
SENTENCE_GAP = 3
"""Spaces that may follow a sentence where the author puts more than one."""

_STRETCH = re.compile(r"\S+(?: \S+)*")
_SPACE = re.compile(r"[^\S ]")
_TAB = "    "
_WIDE = re.compile(r"[.?!][\"')\]]* {2,3}(?=[A-Z\"'(])")
_NARROW = re.compile(r"[.?!][\"')\]]* (?=[A-Z\"'(])")
_GLUED_BULLET_GAP = 3
_NUMBER = re.compile(r"[<>≤≥~±+-]?\d[\d.,/]*(?: ?(?:%|°|[^\W\d]{1,3}|mmol/L|mg/dL))?")
_ENDS = (".", ":", "?", "!", ";")
_CLOSERS = "\"')]”’"


class Piece(NamedTuple):
    """A stretch of text without runs of spaces."""

    text: str
    gap: int
    """The spaces before it on its line; 0 where it starts the line."""
    blanks: int
    """The blank lines before it; 0 but for the first of a line."""
    starts_line: bool
    indent: int | None = None
    """The spaces before it where it starts a line; None where the line may have lost them, as a text's first has."""
    is_item: bool = False
    is_echo: bool = False
    """Whether it says the items before it again: it is neither a heading nor an item."""

    def joined(self, other: "Piece") -> "Piece":
        """The piece with the text of another one after it."""
        return self._replace(text=f"{self.text} {other.text}")


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does, or announces what follows."""
    return text.rstrip(_CLOSERS).endswith(_ENDS)


def read_lines(text: str) -> Iterator[list[Piece]]:
    """The pieces of each line that has text on it; of one that says items again, as if each part had its own line."""
    blanks = 0
    for number, raw in enumerate(text.splitlines()):
        line = _spaced(raw.replace("\t", _TAB))
        parts = list(_parted(line, blanks)) if may_echo(line) else [_pieces(line, blanks)]
        lines = [part for part in parts if part]
        if number == 0 and lines:
            lines[0][0] = lines[0][0]._replace(indent=None)
        yield from lines
        blanks = 0 if lines else blanks + 1


def _parted(line: str, blanks: int) -> Iterator[list[Piece]]:
    for stretch in stretches(line):
        pieces = _pieces(stretch.text, blanks)
        if stretch.is_item or stretch.is_echo:
            text = " ".join([piece.text for piece in pieces])
            yield [pieces[0]._replace(text=text, is_item=stretch.is_item, is_echo=stretch.is_echo)]
        else:
            yield pieces


def _spaced(line: str) -> str:
    """A line in which all white space is spaces."""
    return line if line.isascii() and "\x1f" not in line else _SPACE.sub(" ", line)


def _pieces(line: str, blanks: int) -> list[Piece]:
    whole = line.strip(" ")
    if "  " not in whole:
        indent = len(line) - len(line.lstrip(" "))
        return [Piece(text=whole, gap=0, blanks=blanks, starts_line=True, indent=indent)] if whole else []
    first, *others = _STRETCH.finditer(line)
    pieces = [Piece(text=first[0], gap=0, blanks=blanks, starts_line=True, indent=first.start())]
    end = first.end()
    for stretch in others:
        pieces.append(Piece(text=stretch[0], gap=stretch.start() - end, blanks=0, starts_line=False))
        end = stretch.end()
    return pieces


def has_wide_spacing(text: str) -> bool:
    """Whether the author puts more than one space between sentences, so that they separate nothing else."""
    wide = len(_WIDE.findall(text)) if "  " in text else 0
    return wide > 0 and wide > len(_NARROW.findall(text))


class _Marked(NamedTuple):
    """A piece without its bullet, and what it was."""

    piece: Piece
    pieces: tuple[Piece, ...]


def join_bullets(lines: Iterable[list[Piece]]) -> list[list[Piece]]:
    """The lines, each that is a bullet alone in one with the line right below it."""
    joined: list[list[Piece]] = []
    for line in lines:
        above = joined[-1] if joined else []
        is_below_bullet = len(above) == 1 and len(above[0].text) == 1 and above[0].text in BULLETS
        if is_below_bullet and line[0].blanks == 0 and line[0].text[0] not in BULLETS:
            above += [line[0]._replace(starts_line=False), *line[1:]]
        else:
            joined.append(line)
    return joined


def mark_items(line: Sequence[Piece]) -> list[Piece]:
    """The pieces of a line with its bullets gone and their items marked; a dash in a sentence, or a sign, is none."""
    if not any(piece.text[0] in BULLETS for piece in line):
        return list(line)
    marked = list(_marked(line))
    is_alone = sum(each.piece.is_item for each in marked) == 1
    found: list[Piece] = []
    for each in marked:
        if each.piece.is_item and found and _is_dash(each, found, is_alone=is_alone):
            found += each.pieces
        else:
            found.append(each.piece)
    return found


def mark_echoes(lines: list[list[Piece]]) -> list[list[Piece]]:
    """The lines, and those marked that say the items of the line before them again, one by one."""
    for place, line in enumerate(lines):
        items = [[piece.text] for piece in line if piece.is_item] if len(line) > 1 else []
        end = place + 1 + len(items)
        if len(items) > 1 and [[piece.text for piece in each] for each in lines[place + 1 : end]] == items:
            lines[place + 1 : end] = [[piece._replace(is_echo=True)] for (piece,) in lines[place + 1 : end]]
    return lines


def _marked(line: Sequence[Piece]) -> Iterator[_Marked]:
    bullet: Piece | None = None
    for piece in line:
        if bullet is not None:
            yield _Marked(bullet._replace(text=piece.text, is_item=True), (bullet, piece))
            bullet = None
        elif len(piece.text) == 1 and piece.text in BULLETS:
            bullet = piece
        else:
            yield _Marked(_unbulleted(piece), (piece,))
    if bullet is not None:
        yield _Marked(bullet, (bullet,))


def _unbulleted(piece: Piece) -> Piece:
    text = piece.text
    if text[0] not in BULLETS or len(text) < 2:
        return piece
    if text[1] == " " or (piece.gap >= _GLUED_BULLET_GAP and text[1].isalpha()):
        return piece._replace(text=text[1:].lstrip(), is_item=True)
    return piece


def _is_dash(each: _Marked, before: Sequence[Piece], *, is_alone: bool) -> bool:
    """Whether what could be an item after other pieces of its line goes on with the last of them."""
    item, last = each.piece, before[-1]
    is_sign = each.pieces[0].text[0] in DASHES and item.text[0].isdigit()
    if is_sign and _NUMBER.fullmatch(last.text):
        return True
    if ends_sentence(last.text) or item.gap > SENTENCE_GAP:
        return False
    return is_alone or (is_sign and not any(piece.is_item for piece in before))


def join_pieces(line: Sequence[Piece], *, is_wide: bool) -> list[Piece]:
    """The pieces of a line with those joined that are one sentence, or one paragraph, in spite of their gap."""
    joined: list[Piece] = []
    for piece in line:
        if joined and not piece.is_item and _goes_on(joined[-1], piece, is_wide=is_wide):
            joined[-1] = joined[-1].joined(piece)
        else:
            joined.append(piece)
    return joined


def _goes_on(before: Piece, piece: Piece, *, is_wide: bool) -> bool:
    if ends_sentence(before.text):
        return is_wide and piece.gap <= SENTENCE_GAP and not before.text.endswith(":")
    is_inside = piece.gap < SENTENCE_GAP and not before.is_item
    return is_inside or not (piece.text[0].isupper() or piece.text[0].isdigit()) or before.text in ("or", "and")

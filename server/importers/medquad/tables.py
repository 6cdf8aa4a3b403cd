"""Tables that were flattened to text: rows told by wider gaps than cells, and the list of symptoms that GARD has."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from server.content.draft import Cell, Span, Table
from server.importers.medquad.pieces import BULLETS, Piece

ROW_GAP = 6
"""Spaces that at least stand between two rows; between cells there are fewer."""
CELL_GAP = 3
MOST_COLUMNS = 12

_LONGEST_HEAD = 80
_SENTENCE_ENDS = (".", "?", "!", ":")

_SYMPTOMS = ("Signs and Symptoms", "Approximate number of patients (when available)")
_HEAD = " ".join(_SYMPTOMS)
_FOOT = "The Human Phenotype Ontology (HPO) has collected"
_VALUE = re.compile(r"(?<= )(?:-|\d+(?:\.\d+)?%|\d+/\d+|\d+ of \d+)(?= |$)")


class Passage(NamedTuple):
    """A table with the text around it."""

    before: str
    table: Table
    after: str


def read_grid(line: Sequence[Piece]) -> Table | None:
    """The table that a line is, its first row the columns; None where its rows differ in length or say too little."""
    if len(line) < 4 or any(piece.text[0] in BULLETS for piece in line):
        return None
    rows = list(_rows(line))
    if any(text.endswith(_SENTENCE_ENDS) or len(text) > _LONGEST_HEAD for text in rows[0]):
        return None
    widths = {len(row) for row in rows}
    if len(rows) < 2 or len(widths) != 1 or not widths <= set(range(2, MOST_COLUMNS + 1)):
        return None
    return _table(rows)


def _rows(line: Sequence[Piece]) -> Iterator[list[str]]:
    row: list[str] = []
    for piece in line:
        if row and piece.gap >= ROW_GAP:
            yield row
            row = []
        if row and piece.gap < CELL_GAP:
            row[-1] += f" {piece.text}"
        else:
            row.append(piece.text)
    yield row


def read_symptoms(text: str) -> Passage | None:
    """The table of symptoms in a text, each with how many patients have it; None where there is no such table."""
    before, head, rest = text.partition(_HEAD)
    body, foot, after = rest.partition(_FOOT)
    if not head:
        return None
    rows = _symptoms(body.strip())
    return Passage(before.strip(), _table([_SYMPTOMS, *rows]), f"{foot}{after}".strip()) if rows else None


def _symptoms(body: str) -> list[tuple[str, str]] | None:
    rows, end = [], 0
    for value in _VALUE.finditer(body):
        rows.append((body[end : value.start()].strip(), value[0]))
        end = value.end()
    return None if body[end:].strip() or not all(name for name, _ in rows) else rows


def _table(rows: Sequence[Sequence[str]]) -> Table:
    columns, *rest = [tuple([Cell(content=(Span(text=text),)) for text in row]) for row in rows]
    return Table(columns=tuple([Cell(content=cell.content, is_header=True) for cell in columns]), rows=tuple(rest))

"""Processes told step by step: which passages belong to a step, and where the process ends."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from server.importers.page.headings import is_titled
from server.importers.page.pieces import Entries, Piece, StepMark, Text

_ABOUT_ALL = re.compile(
    r"^(?:the|this)\s+(?:whole|entire|full|complete|overall|process|procedure|treatment)\b|^(?:overall|together|altogether|"
    r"in\s+(?:total|all|summary|short|most)|throughout|once\s+(?:all|the\s+(?:process|procedure|steps))|these\s+(?:\w+\s+)?steps|"
    r"(?:each|every)\s+(?:of\s+(?:these|the)\s+)?steps?|all\s+(?:of\s+)?(?:these\s+|the\s+)?(?:\w+\s+)?steps|after\s+(?:all|the\s+(?:last|final))|"
    r"from\s+(?:start|beginning)\s+to)\b",
    re.IGNORECASE,
)


_FORESIGHT = 60
"""How many passages of a last step are compared with the steps before; no step has more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RawStep:
    """A step with the pieces that belong to it."""

    mark: StepMark
    pieces: tuple[Text | Entries, ...]


def title_of(mark: StepMark) -> str | None:
    """The step's title as the page has it; capitals throughout become a capital at the start."""
    title = mark.title
    if not title or not any(char.isalnum() for char in title):
        return title or None
    return _lowered(title) if title.isupper() else title


def _lowered(title: str) -> str:
    small = title.lower()
    start = next(place for place, char in enumerate(small) if char.isalnum())
    return small[:start] + small[start].upper() + small[start + 1 :]


def take_process(pieces: Sequence[Piece], start: int) -> tuple[list[RawStep], int]:
    """The steps of the process that the mark at `start` opens, and the place of the first piece after it."""
    steps: list[RawStep] = []
    place = start
    while place < len(pieces):
        mark = pieces[place]
        if not isinstance(mark, StepMark) or (steps and mark.number <= steps[-1].mark.number):
            break
        end = _end_of_step(pieces, place)
        if end == len(pieces) or not _goes_on(pieces[end], mark):
            end = _end_of_last(pieces, place, end=end, earlier=steps)
        content = tuple([piece for piece in pieces[place + 1 : end] if not isinstance(piece, StepMark)])
        steps.append(RawStep(mark=mark, pieces=content))
        place = end
    return steps, place


def _goes_on(piece: Piece, mark: StepMark) -> bool:
    return isinstance(piece, StepMark) and piece.number > mark.number


def _end_of_step(pieces: Sequence[Piece], start: int) -> int:
    """The place of the next mark, or of the next heading."""
    for place in range(start + 1, len(pieces)):
        piece = pieces[place]
        if isinstance(piece, StepMark) or (isinstance(piece, Text) and piece.is_bare and _heads(pieces, place)):
            return place
    return len(pieces)


def _heads(pieces: Sequence[Piece], place: int) -> bool:
    """Tells a bare line that opens a section from a short passage of a step."""
    line, before = pieces[place], pieces[place - 1]
    following = pieces[place + 1] if place + 1 < len(pieces) else None
    if not isinstance(line, Text) or following is None:
        return False
    is_last = not (isinstance(following, StepMark) and following.number > 1)
    if isinstance(before, StepMark):
        return is_last and is_titled(line.text)
    return is_last or isinstance(before, Entries) or is_titled(line.text)


def _end_of_last(pieces: Sequence[Piece], start: int, *, end: int, earlier: Sequence[RawStep]) -> int:
    """Where the last step ends: at a passage that speaks of the whole, or that no step before has the like of."""
    shapes = {tuple([type(piece) for piece in step.pieces]) for step in earlier}
    if shapes == {()}:
        return start + 1
    mark = pieces[start]
    margin = mark.indent + 1 if isinstance(mark, StepMark) else 0
    own = [*pieces[start + 1 : end], *[piece for step in earlier for piece in step.pieces]]
    is_set_in = any(isinstance(piece, Text) and piece.indent > margin for piece in own)
    shape: tuple[type, ...] = ()
    for place in range(start + 1, min(end, start + _FORESIGHT)):
        piece = pieces[place]
        if (
            isinstance(piece, Text)
            and piece.indent <= margin
            and (is_set_in or _is_beyond(piece.text, shape, shapes=shapes))
        ):
            return place
        shape = (*shape, type(piece))
    return end


def _is_beyond(text: str, shape: tuple[type, ...], *, shapes: set[tuple[type, ...]]) -> bool:
    """Tells whether a passage comes after a whole step, which has this shape so far."""
    if not shape:
        return False
    if _ABOUT_ALL.match(text):
        return True
    longer = [each for each in shapes if len(each) > len(shape) and each[: len(shape)] == shape]
    if shape in shapes and not any(each[len(shape)] is Text for each in longer):
        return True
    return Entries in shape and not any(_has_text_after_list(each) for each in shapes)


def _has_text_after_list(shape: tuple[type, ...]) -> bool:
    return any(one is Entries and other is Text for one, other in pairwise(shape))

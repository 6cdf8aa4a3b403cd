"""The end of a page: its closing notices, and the calls to action after them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from server.content.draft import CallToAction, Notice
from server.content.vocabulary import DisclaimerPlacement
from server.importers.page.calls import LONGEST_CALL, call_to_action, is_address, is_call, is_footer, is_sure_call
from server.importers.page.notices import goes_on, is_notice, is_notice_heading, is_parting, notice
from server.importers.page.pieces import Entries, Piece, StepMark, Text
from server.importers.page.references import is_reference_heading, reads_as_reference
from server.importers.page.tail import LONGEST_HEADING, LONGEST_LABEL, sort_tail

_MOST = 24
"""A closing has fewer passages."""
_MOST_OTHERS = 4
_SHORT = 45


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """What a page ends with, and the pieces of content before it."""

    content: list[Piece]
    notices: tuple[Notice, ...] = ()
    calls: tuple[CallToAction, ...] = ()


def split_closing(pieces: Sequence[Piece]) -> Closing:
    """The content of a page apart from its closing; references that stand below the closing are content."""
    start = _start_of_closing(pieces)
    below = len(pieces)
    if start is None:
        below = _start_of_references(pieces)
        start = _start_of_closing(pieces[:below])
    if start is None:
        return Closing(content=list(pieces))
    tail = sort_tail([piece for piece in pieces[start:below] if isinstance(piece, Text)])
    placement = DisclaimerPlacement.AFTER_CONTENT
    return Closing(
        content=[*pieces[:start], *tail.others, *pieces[below:]],
        notices=tuple([notice(heading, texts, placement=placement) for heading, texts in tail.notices]),
        calls=tuple([call_to_action(call.text, heading=call.heading, label=call.label) for call in tail.calls]),
    )


def _start_of_references(pieces: Sequence[Piece]) -> int:
    """The place of the references that a page ends with: of their heading, else of a numbered list; 0 without any."""
    for place in range(len(pieces) - 1, 0, -1):
        piece = pieces[place]
        if isinstance(piece, StepMark):
            break
        if isinstance(piece, Text) and is_reference_heading(piece.text):
            return place
    return len(pieces) - 1 if pieces and _lists_references(pieces[-1]) else 0


def _lists_references(piece: Piece) -> bool:
    entries = piece.entries if isinstance(piece, Entries) else ()
    return bool(entries) and all(each.is_ordered and reads_as_reference(each.text) for each in entries)


def _start_of_closing(pieces: Sequence[Piece]) -> int | None:
    first = _start_of_prose(pieces)
    return next((place for place in range(first, len(pieces)) if _opens_closing(pieces, place)), None)


def _start_of_prose(pieces: Sequence[Piece]) -> int:
    """The place from which on nothing but passages stands, at most so many as a closing has."""
    place = len(pieces)
    while place > 0 and len(pieces) - place < _MOST and isinstance(pieces[place - 1], Text):
        place -= 1
    return place


def _opens_closing(pieces: Sequence[Piece], place: int) -> bool:
    """Tells whether a closing starts here: a notice or a call, and nothing but notices and calls after it."""
    if place and isinstance(pieces[place - 1], StepMark):
        return False
    texts = [each for each in pieces[place:] if isinstance(each, Text)]
    before = pieces[place - 1] if place else None
    is_headed = isinstance(before, Text) and before.is_bare
    if _opens_notice(texts, is_headed=is_headed):
        return _is_all_closing(texts)
    return _opens_call(texts) and _is_all_calls(texts)


def _opens_notice(texts: Sequence[Text], *, is_headed: bool) -> bool:
    """Tells a notice from content; advice to turn to a professional is content under a heading of its own."""
    first, later = texts[0], texts[1:]
    if is_notice_heading(first.text) and later and not later[0].is_bare:
        return is_notice(later[0].text) or is_parting(later[0].text)
    is_last_word = (
        not is_headed
        and is_parting(first.text)
        and all(is_call(each.text) or is_notice(each.text) or each.is_bare for each in later)
    )
    return not first.is_bare and (is_notice(first.text) or is_last_word)


def _is_all_closing(texts: Sequence[Text]) -> bool:
    """Tells whether passages after a notice are notices and calls: pairs of a short line and one passage, or alone."""
    others = 0
    for before, each in pairwise(texts):
        if len(each.text) > LONGEST_CALL and not is_notice(each.text):
            return False
        is_known = each.is_bare or is_call(each.text) or goes_on(each.text) or is_footer(each.text)
        is_second = not before.is_bare and not is_notice(before.text)
        others += 0 if is_known else 2 if is_second else 1
    return others <= _MOST_OTHERS


def _opens_call(texts: Sequence[Text]) -> bool:
    first = texts[0]
    if first.is_bare or len(first.text) <= _SHORT:
        return len(texts) > 1 and not texts[1].is_bare and is_sure_call(texts[1].text)
    return is_sure_call(first.text)


def _is_all_calls(texts: Sequence[Text]) -> bool:
    """Tells whether passages are calls without doubt, for no notice sets them off from the content."""
    for place, each in enumerate(texts):
        following = texts[place + 1] if place + 1 < len(texts) else None
        is_head = (
            following is not None and not following.is_bare and (each.is_bare or len(each.text) <= LONGEST_HEADING)
        )
        is_label = place > 0 and each.is_bare and len(each.text) <= LONGEST_LABEL and is_call(each.text)
        is_sure = (
            is_label or is_sure_call(each.text) or is_notice(each.text) or is_address(each.text) or is_footer(each.text)
        )
        if len(each.text) > LONGEST_CALL or not (is_sure or is_head):
            return False
    return True

"""Sorts the passages that a page ends with into notices and calls to action."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from server.importers.page.calls import has_address, is_address, is_call, is_footer
from server.importers.page.notices import goes_on, is_notice, is_notice_heading, is_parting
from server.importers.page.pieces import Text

LONGEST_HEADING = 90
_SHORT = 45
LONGEST_LABEL = 40


@dataclass(slots=True)
class Call:
    """A call to action as it is put together."""

    heading: str | None = None
    text: str = ""
    label: str | None = None


@dataclass(slots=True)
class Tail:
    """The passages of a closing, sorted; `others` are those that are neither notice nor call."""

    notices: list[tuple[str | None, list[str]]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    others: list[Text] = field(default_factory=list)


def sort_tail(texts: Sequence[Text]) -> Tail:
    """The notices and calls of a closing, each in order."""
    tail = Tail()
    place = 0
    while place < len(texts):
        rest = texts[place:]
        place += (
            _take_notice(tail, rest) or _take_address(tail, rest) or _take_label(tail, rest) or _take_call(tail, rest)
        )
    return tail


def heads_call(rest: Sequence[Text]) -> bool:
    """Whether the first of the passages, a short line with or without a full stop, heads the call that follows it."""
    if len(rest) < 2 or len(rest[0].text) > LONGEST_HEADING or has_address(rest[0].text):
        return False
    head, body = rest[0], rest[1]
    if not (head.is_bare or len(head.text) <= _SHORT or is_call(head.text)) or is_footer(head.text):
        return False
    is_heading_too = body.is_bare and len(rest) > 2
    if is_footer(body.text):
        return False
    is_longer = len(body.text) > len(head.text) or (head.is_bare and not body.is_bare)
    return is_longer and not is_address(body.text) and not is_heading_too


def _take_notice(tail: Tail, rest: Sequence[Text]) -> int:
    """How many of the passages are a notice, which the tail takes."""
    first = rest[0]
    body = rest[1] if len(rest) > 1 and not rest[1].is_bare else None
    if body is not None and is_notice_heading(first.text) and (is_notice(body.text) or not is_call(body.text)):
        length = _end_of_notice(rest, 2)
        tail.notices.append((first.text, [each.text for each in rest[1:length]]))
        return length
    is_of_call = (first.is_bare or bool(tail.calls)) and is_call(first.text)
    if is_of_call or not (is_notice(first.text) or (is_parting(first.text) and not heads_call(rest))):
        return 0
    length = _end_of_notice(rest, 1, is_headless=True)
    tail.notices.append((None, [each.text for each in rest[:length]]))
    return length


def _end_of_notice(rest: Sequence[Text], start: int, *, is_headless: bool = False) -> int:
    """The place of the first passage that the notice does not go on with; without a heading, no notice is another's."""
    for place in range(start, len(rest)):
        text = rest[place].text
        is_other = is_headless and (is_notice(text) or is_parting(text))
        if rest[place].is_bare or is_other or not goes_on(text) or is_call(text):
            return place
    return len(rest)


def _take_address(tail: Tail, rest: Sequence[Text]) -> int:
    """Takes an address alone, which belongs to the call before it."""
    if not tail.calls or not is_address(rest[0].text) or has_address(tail.calls[-1].text):
        return 0
    call = tail.calls[-1]
    if call.label is not None and rest[0].text.startswith("http"):
        call.label += f" {rest[0].text}"
    else:
        call.text += f"\n\n{rest[0].text}"
    return 1


def _take_label(tail: Tail, rest: Sequence[Text]) -> int:
    """Takes a short line after a call, where no call of its own follows: it is what the button says."""
    text = rest[0].text
    if not tail.calls or tail.calls[-1].label is not None or not rest[0].is_bare or is_footer(text):
        return 0
    if len(text) > LONGEST_LABEL or heads_call(rest):
        return 0
    tail.calls[-1].label = text
    return 1


def _take_call(tail: Tail, rest: Sequence[Text]) -> int:
    """Takes a call, with its heading or without; what invites to nothing after the calls is none."""
    if heads_call(rest):
        tail.calls.append(Call(heading=rest[0].text, text=rest[1].text))
        return 2
    if is_footer(rest[0].text) or (tail.calls and not is_call(rest[0].text)):
        tail.others.append(rest[0])
    else:
        tail.calls.append(Call(text=rest[0].text))
    return 1

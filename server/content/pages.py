"""Keyset pages: what is asked of a list, and what a list gives."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from server.errors.requests import BadUserInputError, CursorInvalidError

DEFAULT_SIZE = 20
LARGEST_SIZE = 100

NodeT = TypeVar("NodeT")


@dataclass(frozen=True, kw_only=True, slots=True)
class PageRequest:
    """A checked request for a page: `size` nodes from one end, between two cursors."""

    size: int = DEFAULT_SIZE
    is_backward: bool = False
    after: str | None = None
    before: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Page(Generic[NodeT]):
    """A page of a list, in the list's own order whichever way it was asked for; a cursor for each node."""

    nodes: Sequence[NodeT]
    cursors: Sequence[str]
    has_next: bool
    has_previous: bool


def page_request(*, first: int | None, after: str | None, last: int | None, before: str | None) -> PageRequest:
    """The page that a field's arguments ask for; raises BadUserInputError that names the argument."""
    if first is not None and last is not None:
        raise BadUserInputError("Give `first` or `last`, not both.")
    for name, size in (("first", first), ("last", last)):
        if size is not None and not 0 <= size <= LARGEST_SIZE:
            raise BadUserInputError(f"`{name}` is {size}: it takes 0 to {LARGEST_SIZE}.")
    given = first if first is not None else last
    return PageRequest(
        size=DEFAULT_SIZE if given is None else given,
        is_backward=last is not None,
        after=after,
        before=before,
    )


def encode_cursor(*parts: str | int) -> str:
    """An opaque cursor; the first part names the list and its order, the others the place in it."""
    return base64.urlsafe_b64encode(msgspec.json.encode(parts)).rstrip(b"=").decode()


def cursor_list(cursor: str) -> str:
    """The list that a cursor is of; empty for what is no cursor."""
    return str(_decoded(cursor)[0])


def decode_cursor(argument: str, cursor: str, *, list_name: str) -> list[str | int]:
    """The place that a cursor of this list names; raises CursorInvalidError that names the argument."""
    name, place = _decoded(cursor)
    if name != list_name or encode_cursor(name, *place) != cursor or not all(_can_be_bound(part) for part in place):
        raise CursorInvalidError(f"`{argument}` is not a cursor of this list in this order: start again without it.")
    return place


def _decoded(cursor: str) -> tuple[str | int, list[str | int]]:
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        name, *place = msgspec.json.decode(raw, type=list[str | int])
    except (binascii.Error, UnicodeError, ValueError, msgspec.DecodeError):
        return "", []
    return name, place


def _can_be_bound(part: str | int) -> bool:
    """Whether Postgres takes a part of a place as text or bigint, which a forged one need not be."""
    return "\0" not in part if isinstance(part, str) else abs(part) < 1 << 63


def page_of(nodes: Sequence[tuple[NodeT, str]], request: PageRequest, *, has_more: bool) -> Page[NodeT]:
    """The page of nodes with their cursors, in the order that they were read; `has_more` beyond the last one read.

    Beyond the other end there is something wherever a cursor was given for it.
    """
    ordered = list(reversed(nodes)) if request.is_backward else list(nodes)
    return Page(
        nodes=[node for node, _ in ordered],
        cursors=[cursor for _, cursor in ordered],
        has_next=request.before is not None if request.is_backward else has_more,
        has_previous=has_more if request.is_backward else request.after is not None,
    )

"""How arguments are checked before anything is read: absent ones, text, bounds, lists."""

from collections.abc import Sequence
from typing import TypeVar

import strawberry

from server.content.pages import PageRequest, page_request
from server.errors.requests import BadUserInputError

LONGEST_LIST = 100

ValueT = TypeVar("ValueT")


def given(value: ValueT | None) -> ValueT | None:
    """The value of an optional argument; None where it is absent, which is the same as an explicit null."""
    return None if value is strawberry.UNSET else value


def text(name: str, value: str) -> str:
    """The value of a text argument; raises BadUserInputError for what no stored text can hold."""
    if "\0" in value or _has_surrogate(value):
        raise BadUserInputError(f"`{name}` holds NUL or half of a surrogate pair: send text without it.")
    return value


def _has_surrogate(value: str) -> bool:
    return not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value)


def optional_text(name: str, value: str | None) -> str | None:
    """The same for one that may be absent."""
    present = given(value)
    return None if present is None else text(name, present)


def bounded(name: str, number: int, *, highest: int) -> int:
    """The value of a number argument; raises BadUserInputError for one below 0 or above `highest`."""
    if not 0 <= number <= highest:
        raise BadUserInputError(f"`{name}` is {number}: it takes 0 to {highest}.")
    return number


def at_most(name: str, values: Sequence[ValueT], *, most: int = LONGEST_LIST) -> Sequence[ValueT]:
    """The values of a list argument; raises BadUserInputError for a list that is too long."""
    if len(values) > most:
        raise BadUserInputError(f"`{name}` has {len(values)} entries: it takes at most {most}.")
    return values


def entries(name: str, values: Sequence[ValueT] | None) -> tuple[ValueT, ...] | None:
    """The values of an optional list argument, each once."""
    present = given(values)
    return None if present is None else tuple(dict.fromkeys(at_most(name, present)))


def page(
    first: int | None = None,
    after: str | None = None,
    *,
    last: int | None = None,
    before: str | None = None,
) -> PageRequest:
    """The page that the arguments of a connection ask for; raises BadUserInputError that names the argument."""
    return page_request(
        first=given(first),
        after=optional_text("after", after),
        last=given(last),
        before=optional_text("before", before),
    )

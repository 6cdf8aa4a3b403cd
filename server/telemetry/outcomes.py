"""What becomes of the request at hand: noted where it is decided, told where the request ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

OK = "OK"
"""The code of what went well."""

CANCELLED = "CANCELLED"
"""The code of what nobody waited for: the client hung up, or a subscription was ended."""


class Outcome:
    """The code of one request: that of its first error, or OK."""

    __slots__ = ("code",)

    def __init__(self) -> None:
        self.code = OK


_outcome: ContextVar[Outcome | None] = ContextVar("outcome", default=None)


@contextmanager
def noting() -> Iterator[Outcome]:
    """The outcome that everything in the block notes, and the tasks that it starts."""
    outcome = Outcome()
    token = _outcome.set(outcome)
    try:
        yield outcome
    finally:
        _outcome.reset(token)


def note(code: str) -> None:
    """Says that the request at hand ends with this code; nothing happens outside a request."""
    outcome = _outcome.get()
    if outcome is not None:
        outcome.code = code

"""The request at hand: the id that the log knows it by, and what becomes of it, noted where it is decided."""

import random
from contextvars import ContextVar, Token
from typing import Self

OK = "OK"
"""The code of what went well."""

CANCELLED = "CANCELLED"
"""The code of what nobody waited for: the client hung up, or a subscription was ended."""


class Visit:
    """One request or socket; in its block, and in the tasks that are started there, it is the one at hand."""

    __slots__ = ("_token", "code", "id", "trace_id")

    def __init__(self) -> None:
        self.id = f"{random.getrandbits(64):016x}"
        self.trace_id: str | None = None
        """The trace that it belongs to, where spans are exported."""
        self.code = OK
        """The code of its first error, or OK."""
        self._token: Token[Visit | None] | None = None

    def __enter__(self) -> Self:
        self._token = _visit.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        if self._token is not None:
            _visit.reset(self._token)


_visit: ContextVar[Visit | None] = ContextVar("visit", default=None)


def at_hand() -> Visit | None:
    """The request that the code is running for; null outside of requests."""
    return _visit.get()


def note(code: str) -> None:
    """Says that the request at hand ends with this code; nothing happens outside of requests."""
    visit = _visit.get()
    if visit is not None:
        visit.code = code

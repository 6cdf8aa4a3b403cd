"""A request that was answered, and what of its response is the same whenever it comes again."""

from dataclasses import dataclass
from typing import NamedTuple, Self, TypeAlias

from starlette.responses import Response
from starlette.types import Scope

from server.access.clients import Caller, Client
from server.access.keys import Shown
from server.execution.bringing import Bringing
from server.execution.encoding import encode
from server.execution.operation import Result, Served
from server.execution.repeating import Asked
from server.web.codings import PLAIN, Choice, Coding
from server.web.door import completed

ENTRY_BYTES = 1_000
"""About what one takes in memory beside all that it says and is told."""
ENTITY_BYTES = 150
"""About what one of the entities in a receipt takes in memory."""
VALUE_TIMES = 6
"""How much more memory the values of variables take than their JSON, about."""

Fingerprint: TypeAlias = tuple[object, ...]
"""What two requests have in common that are answered alike."""

Form: TypeAlias = tuple[bytes, bytes]
"""The lines of a response's head, without what is of one request alone, and its body."""

_OF_ITS_DATA = (b"content-length", b"cache-status")
"""The headers that another result of the same request has otherwise, where it says nothing else of its data."""


@dataclass(kw_only=True, slots=True, eq=False)
class Remembered:
    """One of them."""

    asked: Asked
    client: Client | None
    """Who asked; None for the anonymous client."""
    status: int
    head: bytes
    number: int | None
    """Of the data that were sent, where they are kept: the head fits no others."""
    coding: Coding | None
    frame: bytes | None
    """The head of what is run anew but for its length; None where that depends on more, or is to be tried no more."""
    is_in_vain: bool = False
    """Whether nothing came of it when something was brought for a run."""
    choice: Choice = PLAIN
    """The codings that suit the client."""

    @classmethod
    def of(cls, asked: Asked, client: Client | None, *, result: Result, response: Response) -> Self | None:
        """What is remembered of a request; None where nothing of its response would come again."""
        written, coding = result.plain, response.headers.get("content-encoding")
        is_plain = response.status_code == 200 and not coding and "etag" not in response.headers
        lines = completed(response.raw_headers, ())
        remembered = cls(
            asked=asked,
            client=client,
            status=response.status_code,
            head=_lines(lines),
            number=written.number if written and result.served is Served.KEPT else None,
            coding=Coding(coding) if coding else None,
            frame=_lines([line for line in lines if line[0] not in _OF_ITS_DATA]) if is_plain else None,
        )
        form = remembered.form(result) if remembered.number is not None else None
        is_same = form is not None and form[1] == response.body
        return remembered if is_same or (remembered.number is None and remembered.frame is not None) else None

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes; the texts that clients registered are held anyhow."""
        asked = self.asked
        values = VALUE_TIMES * len(encode(dict(asked.variables)))
        own = ENTRY_BYTES + len(self.head) + len(self.frame or b"") + values
        own += asked.bound.size if asked.bound else 0
        own += ENTITY_BYTES * len(asked.receipt.entities) if asked.receipt else 0
        return own + (0 if asked.text.is_trusted else len(asked.text.text))

    def form(self, result: Result) -> Form | None:
        """The head and the body of a result; None where they are not there as the request wants them."""
        written = result.plain
        if written is None:
            return None
        if result.served is Served.RUN:
            is_coded = self.choice.is_worth(len(written.body))
            return None if self.frame is None or is_coded else (self._framed(len(written.body)), written.body)
        if written.number != self.number:
            return None
        if self.status == 304:
            return self.head, b""
        body = written.body if self.coding is None else written.form(self.coding)
        return (self.head, body) if isinstance(body, bytes) else None

    def _framed(self, length: int) -> bytes:
        return b"%scontent-length: %d\r\n" % (self.frame, length)


class Wanted(NamedTuple):
    """A request that came before, and that can be answered once something is brought for it."""

    era: int
    """How often all had been forgotten when it came."""
    key: Shown | None
    remembered: Remembered
    caller: Caller
    scope: Scope
    began: float
    bringing: Bringing[Result | None]


class Answer(NamedTuple):
    """A response, but for the line of its status and what the server itself adds."""

    status: int
    head: bytes
    body: bytes


def _lines(headers: list[tuple[bytes, bytes]]) -> bytes:
    return b"".join(b"%s: %s\r\n" % header for header in headers)

"""Answers a request that came before from what is kept, as the whole application would, at a fraction of its price.

A request that was answered from what is kept is remembered by all that its response depends on: method and query, body,
and the headers that anybody here reads. When it comes again the head of its response is there already, and only that is
looked at which may be another by now (see `execution.repeating`). It is charged, counted, noted in receipts and logged
as every other one; where anything is in doubt nothing of that is done, and the application answers.
"""

import hashlib
import time
from typing import NamedTuple, TypeAlias

import structlog
from starlette.responses import Response
from starlette.types import Scope

from server.access.clients import Caller, Client
from server.execution.encoding import Written
from server.execution.keeping import Kept
from server.execution.operation import Operation, Result, Served
from server.execution.repeating import Asked, Repeater
from server.execution.watching import WatchedPipeline
from server.limits import Limits
from server.telemetry.metrics import Metrics
from server.telemetry.visits import Visit
from server.web.addresses import Addresses, address_of
from server.web.callers import Callers
from server.web.codings import Coding
from server.web.door import Places, completed, readable_headers
from server.web.quotas import quota_lines
from server.web.witness import tell_repeated

REPEATS = "repeats"
"""The key in the lifespan's state of what answers requests before they come to the application."""
MET = "met"
"""The key in a request's scope of what it is remembered by, and since when."""

PATH, METHODS = "/graphql", ("GET", "POST")
LONGEST = 16_384
"""Bytes of a body, and of a query, with which a request is remembered."""
ENTRY_BYTES, MOST = 900, 100_000
"""About what a request takes in memory beside all that it says and is told, and how many there are at most."""

_READ = frozenset(
    {b"accept", b"accept-encoding", b"authorization", b"content-encoding", b"content-type", b"if-none-match"}
)
"""The headers that a response depends on, but for those that are looked at each time: `Origin`, `X-Forwarded-For`."""

Fingerprint: TypeAlias = tuple[object, ...]


class _Met(NamedTuple):
    """A request that the application answers now, for the first time or once more."""

    fingerprint: Fingerprint
    era: int
    """That in which it began: what it found of clients and documents is of then."""


log = structlog.get_logger()


class Answer(NamedTuple):
    """A response, but for the line of its status and what the server itself adds."""

    status: int
    head: bytes
    body: bytes


class _Remembered:
    """A request that was answered from what is kept, and its response but for the body."""

    __slots__ = ("asked", "client", "coding", "head", "number", "status")

    def __init__(self, asked: Asked, client: Client | None, *, written: Written, response: Response) -> None:
        coding = response.headers.get("content-encoding")
        self.asked = asked
        self.client = client
        """Who asked; None for the anonymous client."""
        self.number = written.number
        """Of the data that were sent: the head fits no others."""
        self.status = response.status_code
        self.coding = Coding(coding) if coding else None
        self.head = b"".join(b"%s: %s\r\n" % header for header in completed(response.raw_headers, ()))

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes; the texts that clients registered are held anyhow."""
        text = self.asked.text
        return ENTRY_BYTES + len(self.head) + (0 if text.is_trusted else len(text.text))

    def body(self, written: Written) -> bytes | None:
        """The body that the head is of; None where it is not there in its coding."""
        if self.status == 304:
            return b""
        form = written.body if self.coding is None else written.form(self.coding)
        return form if isinstance(form, bytes) else None


class Repeats:
    """The requests that one process remembers."""

    def __init__(
        self, repeater: Repeater, pipeline: WatchedPipeline, *, callers: Callers, metrics: Metrics, most_bytes: int
    ) -> None:
        self._repeater = repeater
        self._pipeline = pipeline
        self._callers = callers
        self._metrics = metrics
        self.answered = 0
        """How many requests it answered."""
        self._kept = Kept[Fingerprint, _Remembered](most=MOST, most_size=most_bytes)
        self._era = 0
        """How often all was forgotten: a request that began before then is not remembered after it."""
        self.addresses = Addresses()
        self.places = Places(Limits().max_operations_per_address)
        """Those of the application."""
        self.max_header_bytes = Limits().max_header_bytes

    def __len__(self) -> int:
        return len(self._kept)

    def forget(self) -> None:
        """Remembers no request any more, nor any that is under way."""
        self._era += 1
        self._kept.clear()

    def answer(self, scope: Scope, body: bytes) -> Answer | None:
        """The response to a request that is there whole; None where the application has to find it."""
        began = time.perf_counter()
        if scope["path"] != PATH or scope["method"] not in METHODS or len(body) + len(scope["query_string"]) > LONGEST:
            return None
        fingerprint = self._fingerprint(scope, body)
        if fingerprint is None:
            return None
        scope[MET] = _Met(fingerprint, self._era)
        remembered = self._kept.find(fingerprint)
        caller = self._caller(scope) if remembered is not None else None
        if remembered is None or caller is None or not _is_same(remembered, caller.client):
            return None
        return self._answered(remembered, caller, scope=scope, began=began)

    def note(self, scope: Scope, operation: Operation, *, result: Result, response: Response) -> None:
        """Remembers a request that was answered from what is kept."""
        met: _Met | None = scope.get(MET)
        written, caller = result.plain, operation.caller
        if met is None or met.era != self._era or written is None or result.served is not Served.KEPT:
            return
        if not isinstance(caller, Caller):
            return
        documents, cost = self._pipeline.documents_of(caller), self._pipeline.cost(operation)
        asked = self._repeater.asked(operation, documents, cost=cost)
        if asked is None:
            return
        remembered = _Remembered(asked, caller.client, written=written, response=response)
        if remembered.body(written) == response.body:
            self._kept.drop(met.fingerprint)
            self._kept.keep(met.fingerprint, remembered, size=remembered.size + _size(met.fingerprint))

    def _fingerprint(self, scope: Scope, body: bytes) -> Fingerprint | None:
        """What two requests have in common that are answered alike; a key stands in it only as its hash."""
        parts: list[object] = [scope["method"], scope["query_string"], body]
        size = 0
        for name, value in scope["headers"]:
            size += len(name) + len(value)
            if name in _READ:
                parts.append(name)
                parts.append(value if name != b"authorization" else hashlib.sha256(value).digest())
        return tuple(parts) if size <= self.max_header_bytes else None

    def _caller(self, scope: Scope) -> Caller | None:
        self.addresses.note(scope)
        return self._callers.known(scope) if self.places.has_room(address_of(scope)) else None

    def _answered(self, remembered: _Remembered, caller: Caller, *, scope: Scope, began: float) -> Answer | None:
        asked = remembered.asked
        result = self._repeater.find(asked, caller)
        written = result.plain if result else None
        if result is None or written is None or written.number != remembered.number:
            return None
        body = remembered.body(written)
        quotas = self._repeater.charge(asked, caller) if body is not None else None
        if body is None or quotas is None:
            return None
        self.answered += 1
        self._repeater.count(result, caller)
        self._pipeline.count_again(kind=asked.kind, trusted_name=asked.trusted_name, began=began)
        with Visit() as visit:
            head = b"%sx-request-id: %s\r\n%s%s" % (
                remembered.head,
                visit.id.encode(),
                quota_lines(quotas),
                b"".join(b"%s: %s\r\n" % header for header in readable_headers(scope)),
            )
            answer = Answer(remembered.status, head, body)
            tell_repeated(self._metrics, scope, status=answer.status, size=len(body), began=began)
        return answer


def _size(fingerprint: Fingerprint) -> int:
    return sum(len(part) for part in fingerprint if isinstance(part, bytes))


def _is_same(remembered: _Remembered, client: Client | None) -> bool:
    """Whether a client is still what it was, in its rights and in what it is served."""
    return remembered.client is client or remembered.client == client

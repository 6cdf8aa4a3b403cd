"""Answers a request that came before from what is kept, as the whole application would, at a fraction of its price.

A request that was answered from what is kept is remembered by all that its response depends on: method and query, body,
and the headers that anybody here reads. When it comes again the head of its response is there already, and only that is
looked at which may be another by now (see `execution.repeating`); where its response is kept no longer, but what it is
made of, it is made once more. It is charged, counted, noted in receipts and logged as every other one; where anything
is in doubt nothing of that is done, and the application answers.
"""

import hashlib
import time
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import structlog
from starlette.responses import Response
from starlette.types import Scope

from server.access.clients import Caller, Client
from server.access.keys import Shown
from server.db import patience
from server.errors.callers import UnauthenticatedError
from server.errors.root import CaveatError
from server.execution.bringing import Bringing
from server.execution.keeping import Kept
from server.execution.operation import Operation, Result, Served
from server.execution.repeating import Repeater
from server.execution.watching import WatchedPipeline
from server.limits import Limits
from server.telemetry.metrics import Metrics
from server.telemetry.visits import Visit
from server.web.addresses import Addresses, address_of
from server.web.callers import Callers, key_in
from server.web.codings import PLAIN, choice
from server.web.door import Places, readable_headers
from server.web.heads import header_lines
from server.web.quotas import quota_lines
from server.web.remembered import Answer, Fingerprint, Form, Remembered, Wanted
from server.web.witness import tell_repeated

REPEATS = "repeats"
"""The key in the lifespan's state of what answers requests before they come to the application."""
MET = "met"
"""The key in a request's scope of what it is remembered by, and since when."""

PATH, METHODS = "/graphql", ("GET", "POST")
LONGEST = 16_384
"""Bytes of a body, and of a query, with which a request is remembered."""
MOST = 100_000
"""How many requests are remembered at most."""
READ_BYTES = 1_000
"""About what the bytes of one take in memory, as their digest, beside the headers that are looked at."""
SPENT = 0.5
"""Seconds of an operation's patience that what is brought has not: the application may have to wait once more."""
_READ = frozenset(
    {b"accept", b"accept-encoding", b"authorization", b"content-encoding", b"content-type", b"if-none-match"}
)
"""The headers that a response depends on, but for those that are looked at each time."""
_LOOKED_AT = frozenset({b"host", b"origin", b"x-forwarded-for"})

Found: TypeAlias = tuple[Result, Form]


class _Met(NamedTuple):
    """A request that the application answers now, for the first time or once more."""

    fingerprint: Fingerprint
    era: int
    """That in which it began: what it found of clients and documents is of then."""


log = structlog.get_logger()


class _Bytes(NamedTuple):
    """What a request says whose bytes were seen before; to read them again would give the same."""

    fingerprint: Fingerprint
    key: Shown | None
    scope: Scope
    """Its scope, as far as anything is looked at each time, but for what is of the connection."""


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
        self.unread = 0
        """How many of them were not read for it."""
        self._kept = Kept[Fingerprint, Remembered](most=MOST, most_size=most_bytes)
        self._read = Kept[bytes, _Bytes](most=MOST, most_size=most_bytes // 2)
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
        self._read.clear()

    def answer_bytes(self, data: bytes, *, client: tuple[str, int] | None) -> Answer | Wanted | None:
        """The response to a request that came before byte by byte, which need not be read; None where it has to be."""
        began = time.perf_counter()
        read = self._read.find(hashlib.sha256(data).digest()) if len(data) <= LONGEST else None
        if read is None:
            return None
        answer = self._answer(read.fingerprint, read.key, scope={**read.scope, "client": client}, began=began)
        self.unread += isinstance(answer, Answer)
        return answer

    def answer(self, scope: Scope, body: bytes, *, data: bytes | None = None) -> Answer | Wanted | None:
        """The response to a request that is there whole; None where the application has to find it.

        `data` are its bytes as they came, where these are nothing but the request.
        """
        began = time.perf_counter()
        if scope["path"] != PATH or scope["method"] not in METHODS or len(body) + len(scope["query_string"]) > LONGEST:
            return None
        fingerprint = self._fingerprint(scope, body)
        if fingerprint is None:
            return None
        scope[MET] = _Met(fingerprint, self._era)
        if fingerprint not in self._kept:
            return None
        try:
            key = key_in(scope)
        except UnauthenticatedError:
            return None
        answer = self._answer(fingerprint, key, scope=scope, began=began)
        if answer is not None and data is not None and len(data) <= LONGEST:
            read = _Bytes(fingerprint, key, _looked_at(scope))
            self._read.keep(hashlib.sha256(data).digest(), read, size=READ_BYTES + _header_bytes(read.scope))
        return answer

    async def bring(self, wanted: Wanted, *, may_answer: Callable[[], bool]) -> Answer | None:
        """The response, once what it is made of was brought; None where the application has to find it after all.

        Nothing is charged before it is known that the response may go out.
        """
        remembered, caller = wanted.remembered, wanted.caller
        try:
            with self.places.one(address_of(wanted.scope)), patience.shared(spent=SPENT):
                result = await wanted.bringing.finish()
        except CaveatError:
            return None
        form = remembered.form(result) if result is not None else None
        if result is None or form is None:
            remembered.is_in_vain = True
            return None
        if not may_answer() or not self._stands(wanted):
            return None
        return self._answered(remembered, caller, found=(result, form), scope=wanted.scope, began=wanted.began)

    def give_up(self, wanted: Wanted) -> None:
        """Takes a request for one that nobody waits for any more: what was read for it is paid for all the same."""
        self._repeater.charge(wanted.remembered.asked, wanted.caller)
        with Visit():
            tell_repeated(self._metrics, wanted.scope, status=None, size=0, began=wanted.began)

    def _stands(self, wanted: Wanted) -> bool:
        """Whether nothing was forgotten since, the caller is still the one that it was, and its document served."""
        if wanted.era != self._era:
            return False
        if wanted.key is None and wanted.remembered.asked.text.id is None:
            return True  # who has no key is always the same, and what has no id is served to everybody
        caller = self._caller(wanted.scope, wanted.key)
        is_same = caller is not None and _is_same(wanted.remembered, caller.client)
        return is_same and self._repeater.is_served(wanted.remembered.asked, wanted.caller)

    def _answer(
        self, fingerprint: Fingerprint, key: Shown | None, *, scope: Scope, began: float
    ) -> Answer | Wanted | None:
        remembered = self._kept.find(fingerprint)
        caller = self._caller(scope, key) if remembered is not None else None
        if remembered is None or caller is None or not _is_same(remembered, caller.client):
            return None
        bound, found = remembered.asked.bound, self._found(remembered, caller)
        if remembered.asked.bound is not bound:  # which was not there when its size was told, or of another program
            self._kept.resize(fingerprint, size=_size(fingerprint, remembered))
        if isinstance(found, Bringing):
            return Wanted(self._era, key, remembered, caller, scope, began, found)
        return self._answered(remembered, caller, found=found, scope=scope, began=began) if found else None

    def note(self, scope: Scope, operation: Operation, *, result: Result, response: Response) -> None:
        """Remembers a request whose answer is kept, or would come out of a run again where none is."""
        met: _Met | None = scope.get(MET)
        caller = operation.caller
        if met is None or met.era != self._era or not isinstance(caller, Caller) or not self._comes_again(result):
            return
        asked = self._repeater.asked(operation, result)
        remembered = Remembered.of(asked, caller.client, result=result, response=response) if asked else None
        if remembered is not None:
            former = self._kept.find(met.fingerprint)
            remembered.is_in_vain = former is not None and former.is_in_vain
            codings = header_lines(scope, b"accept-encoding")
            remembered.choice = choice(", ".join(codings)) if codings else PLAIN
            self._kept.drop(met.fingerprint)
            self._kept.keep(met.fingerprint, remembered, size=_size(met.fingerprint, remembered))

    def _comes_again(self, result: Result) -> bool:
        if result.errors or result.extensions or result.is_refusal:
            return False
        return result.served is Served.KEPT if self._repeater.keeps else result.served is Served.RUN

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

    def _caller(self, scope: Scope, key: Shown | None) -> Caller | None:
        self.addresses.note(scope)
        return self._callers.known(scope, key) if self.places.has_room(address_of(scope)) else None

    def _answered(
        self, remembered: Remembered, caller: Caller, *, found: Found, scope: Scope, began: float
    ) -> Answer | None:
        asked, (result, (head, body)) = remembered.asked, found
        quotas = self._repeater.charge(asked, caller)
        if quotas is None:
            return None
        self.answered += 1
        self._repeater.count(asked, result, caller=caller)
        self._pipeline.count_again(kind=asked.kind, trusted_name=asked.trusted_name, began=began)
        with Visit() as visit:
            head = b"%sx-request-id: %s\r\n%s" % (head, visit.id.encode(), quota_lines(quotas))
            for header in readable_headers(scope):
                head += b"%s: %s\r\n" % header
            answer = Answer(remembered.status, head, body)
            tell_repeated(self._metrics, scope, status=answer.status, size=len(body), began=began)
        return answer

    def _found(self, remembered: Remembered, caller: Caller) -> Found | Bringing[Result | None] | None:
        """The result of a request and its form, kept or run; or the run that wants something."""
        result = self._repeater.find(remembered.asked, caller)
        if result is None and remembered.frame is not None:
            run = self._repeater.run(remembered.asked, caller)
            if isinstance(run, Bringing):
                # where results are kept, the application makes one run for all who ask, and looks whether it is needed
                return None if self._repeater.keeps or remembered.is_in_vain else run
            result = run
        form = remembered.form(result) if result is not None else None
        if result is None or form is None:
            remembered.frame = None  # until the application has found what it is made of
            return None
        return result, form


def _size(fingerprint: Fingerprint, remembered: Remembered) -> int:
    return remembered.size + sum(len(part) for part in fingerprint if isinstance(part, bytes))


def _looked_at(scope: Scope) -> Scope:
    headers = [header for header in scope["headers"] if header[0] in _LOOKED_AT]
    return {"type": "http", "method": scope["method"], "path": scope["path"], "headers": headers}


def _header_bytes(scope: Scope) -> int:
    return sum(len(name) + len(value) for name, value in scope["headers"])


def _is_same(remembered: Remembered, client: Client | None) -> bool:
    """Whether a client is still what it was, in its rights and in what it is served."""
    return remembered.client is client or remembered.client == client

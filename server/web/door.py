"""What every request passes on its way in and out: limits of its head, origins, headers of safety, the last net.

Pure ASGI. What it refuses, it refuses before anything is read of the body.
"""

import asyncio
from collections import Counter
from collections.abc import Container, Iterable
from typing import TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors.callers import OriginNotAllowedError
from server.errors.limits import HeadersTooLargeError, TooManyOperationsError, UrlTooLongError
from server.errors.requests import OperationTimedOutError
from server.errors.root import CaveatError
from server.execution.faults import masked
from server.limits import Limits
from server.web.addresses import Addresses
from server.web.origins import EXPOSED, READABLE, Origins, foreign_origin, is_preflight
from server.web.quotas import quota_headers
from server.web.writing import json_response, refusal_response

Header: TypeAlias = tuple[bytes, bytes]

ENDED = "ended"
"""The key in a request's scope of the error with which it ended before it came here."""

SAFETY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
_SAFETY = {name.encode(): value.encode() for name, value in SAFETY.items()}


class Places:
    """How many things one address has under way at once, and no more than that."""

    def __init__(self, most: int) -> None:
        self.taken: Counter[str] = Counter()
        self._most = most

    def has_room(self, address: str) -> bool:
        """Whether the address may have one more."""
        return self.taken.get(address, 0) < self._most

    def one(self, address: str) -> "_Place":
        """Holds a place for the address; raises TooManyOperationsError where all are taken."""
        return _Place(self, address)


class _Place:
    """One thing that an address has under way."""

    __slots__ = ("_address", "_places")

    def __init__(self, places: Places, address: str) -> None:
        self._places = places
        self._address = address

    def __enter__(self) -> None:
        if not self._places.has_room(self._address):
            raise TooManyOperationsError
        self._places.taken[self._address] += 1

    def __exit__(self, *_: object) -> None:
        taken = self._places.taken
        taken[self._address] -= 1
        if not taken[self._address]:
            del taken[self._address]


class Door:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, *, origins: Origins, limits: Limits, addresses: Addresses | None = None) -> None:
        self._app = app
        self._origins = origins
        self._addresses = addresses or Addresses()
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves a connection, or refuses it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        self._addresses.note(scope)
        passage = _Passage(scope, send)
        try:
            await self._serve(scope, receive, passage=passage)
        except asyncio.CancelledError:  # the server stops, and has waited long enough
            if scope["type"] == "http" and not passage.is_started:
                await refusal_response(OperationTimedOutError())(scope, receive, passage.send)
        except Exception as error:  # noqa: BLE001 -- the edge of a request: whatever it was, it ends coded
            await self._end(error, passage, scope=scope, receive=receive)

    async def _end(self, error: Exception, passage: "_Passage", *, scope: Scope, receive: Receive) -> None:
        is_gone = isinstance(error, OSError) and (passage.is_started or scope["type"] == "websocket")
        if is_gone:
            return  # the client hung up while it was being answered
        shown = masked(error)
        if scope["type"] == "http" and not passage.is_started:
            await json_response({"errors": [shown]}, 500)(scope, receive, passage.send)

    async def _serve(self, scope: Scope, receive: Receive, *, passage: "_Passage") -> None:
        try:
            if ENDED in scope:
                raise scope[ENDED]
            self._check_size(scope)
            self._check_origin(scope)
        except CaveatError as error:
            self._origins.admit(scope)
            await refusal_response(error)(scope, receive, passage.send)
            return
        if is_preflight(scope):
            self._origins.admit(scope)
            await self._origins.answer_preflight(scope)(scope, receive, passage.send)
            return
        await self._app(scope, receive, passage.send)

    def _check_size(self, scope: Scope) -> None:
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > self._limits.max_url_bytes:
            raise UrlTooLongError
        if sum(len(name) + len(value) for name, value in scope["headers"]) > self._limits.max_header_bytes:
            raise HeadersTooLargeError

    def _check_origin(self, scope: Scope) -> None:
        """A page can open a socket to any server (RFC 6455, 10.2): only those of an origin that is named get one."""
        if scope["type"] != "websocket":
            return
        origin = foreign_origin(scope)
        if origin is not None and not self._origins.is_named(origin):
            raise OriginNotAllowedError


class _Passage:
    """Adds to each response the headers that all have."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self.is_started = False

    async def send(self, message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            self.is_started = True
            own = self._own_headers()
            message["headers"] = [*completed(message["headers"], own), *own.items()]
        await self._send(message)

    def _own_headers(self) -> dict[bytes, bytes]:
        own = {name.encode(): value.encode() for name, value in quota_headers(self._scope)}
        own.update(readable_headers(self._scope))
        return own


def readable_headers(scope: Scope) -> list[Header]:
    """What lets pages of another origin read the response to a request, if any may."""
    if origin := scope.get(READABLE):
        return [
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-expose-headers", EXPOSED.encode()),
        ]
    return []


def completed(headers: Iterable[Header], own: Container[bytes]) -> list[Header]:
    """The headers of a response with those of safety that it has not, and with what it varies by besides."""
    missing, varies, whole = _SAFETY.copy(), False, []
    for name, value in headers:
        if name in missing:
            del missing[name]
        is_first = name == b"vary" and not varies
        varies = varies or is_first
        if name not in own:
            whole.append((name, b"%s, Origin" % value if is_first else value))
    whole += missing.items()
    if not varies:
        whole.append((b"vary", b"Origin"))
    return whole

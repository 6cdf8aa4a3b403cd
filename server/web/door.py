"""What every request passes on its way in and out: limits of its head, origins, headers of safety, the last net.

Pure ASGI. What it refuses, it refuses before anything is read of the body.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import (
    CaveatError,
    HeadersTooLargeError,
    OperationTimedOutError,
    OriginNotAllowedError,
    TooManyOperationsError,
    UrlTooLongError,
)
from server.execution.faults import masked
from server.settings import Environment, Limits
from server.web.writing import json_response, refusal_response

SAFETY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_PREFLIGHT = {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "Accept, Content-Type",
    "access-control-max-age": "600",
}


class Places:
    """How many things one address has under way at once, and no more than that."""

    def __init__(self, most: int) -> None:
        self.taken: Counter[str] = Counter()
        self._most = most

    @contextmanager
    def one(self, address: str) -> Iterator[None]:
        """Holds a place for the address; raises TooManyOperationsError where all are taken."""
        if self.taken[address] >= self._most:
            raise TooManyOperationsError
        self.taken[address] += 1
        try:
            yield
        finally:
            self.taken[address] -= 1
            if not self.taken[address]:
                del self.taken[address]


def address_of(scope: Scope) -> str:
    """The address that a connection comes from."""
    client = scope.get("client")
    return str(client[0]) if client else ""


class Door:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, *, environment: Environment, limits: Limits) -> None:
        self._app = app
        self._environment = environment
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves a connection, or refuses it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        passage = _Passage(send, self._allowed_origin(Headers(scope=scope)))
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
        headers = Headers(scope=scope)
        try:
            self._check_size(scope)
            self._check_origin(scope, headers)
        except CaveatError as error:
            await refusal_response(error)(scope, receive, passage.send)
            return
        if _is_preflight(scope, headers):
            allowed = _PREFLIGHT if self._allowed_origin(headers) else None
            await Response(status_code=204, headers=allowed)(scope, receive, passage.send)
            return
        await self._app(scope, receive, passage.send)

    def _check_size(self, scope: Scope) -> None:
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > self._limits.max_url_bytes:
            raise UrlTooLongError
        if sum(len(name) + len(value) for name, value in scope["headers"]) > self._limits.max_header_bytes:
            raise HeadersTooLargeError

    def _check_origin(self, scope: Scope, headers: Headers) -> None:
        """A page can open a socket to any server (RFC 6455, 10.2): only those of an allowed origin get one."""
        if scope["type"] != "websocket" or "origin" not in headers:
            return
        is_own = urlsplit(headers["origin"]).netloc == headers.get("host")
        if not is_own and self._allowed_origin(headers) is None:
            raise OriginNotAllowedError

    def _allowed_origin(self, headers: Headers) -> str | None:
        origin = headers.get("origin")
        if origin is None or self._environment is not Environment.DEVELOPMENT:
            return None
        try:
            return origin if urlsplit(origin).hostname in _LOCAL_HOSTS else None
        except ValueError:
            return None


class _Passage:
    """Adds to each response the headers that all have."""

    def __init__(self, send: Send, allowed_origin: str | None) -> None:
        self._send = send
        self._allowed_origin = allowed_origin
        self.is_started = False

    async def send(self, message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            self.is_started = True
            headers = MutableHeaders(raw=message["headers"])
            for name, value in SAFETY.items():
                headers.setdefault(name, value)
            if self._allowed_origin:
                headers["access-control-allow-origin"] = self._allowed_origin
                headers.add_vary_header("Origin")
        await self._send(message)


def _is_preflight(scope: Scope, headers: Headers) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "OPTIONS"
        and "origin" in headers
        and "access-control-request-method" in headers
    )

"""What every request leaves behind: an event of the log, a count and, where spans are exported, a span.

Pure ASGI, around everything else. Method and route are told where they are served; of anything else nothing is said.
"""

import time
from typing import Any

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.telemetry.metrics import NONE, Metrics
from server.telemetry.spans import UNTRACED, Kind, Span, Tracer
from server.telemetry.visits import CANCELLED, OK, Visit

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "CONNECT", "TRACE"})
OTHER = "_OTHER"
"""Any other method: https://opentelemetry.io/docs/specs/semconv/http/http-spans/."""

PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
"""What machines ask all the time: an event of the log only where it went wrong."""

METRICS = "metrics"
"""The key in the lifespan's state of the metrics in which refusals before the application are counted."""

log = structlog.get_logger()


class Witness:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, tracer: Tracer = UNTRACED) -> None:
        self._app = app
        self._metrics = metrics
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves a connection, under an id of its own: one that a client sends could be anything."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        with Visit() as visit:
            account = _Account(visit, scope, receive=receive, send=send)
            # of a socket its operations are traced, not its life
            serve = self._serve if self._tracer is UNTRACED or scope["type"] == "websocket" else self._serve_traced
            try:
                await serve(account)
            finally:
                self._tell(account)

    async def _serve(self, account: "_Account") -> None:
        await self._app(account.scope, account.receive, account.send)

    async def _serve_traced(self, account: "_Account") -> None:
        attributes = {"http.request.method": account.method, "url.scheme": account.scope["scheme"]}
        parent = Headers(scope=account.scope).get("traceparent")
        with self._tracer.span(account.method, kind=Kind.SERVER, attributes=attributes, parent=parent) as span:
            account.visit.trace_id = span.trace_id
            try:
                await self._serve(account)
            finally:
                account.describe(span)

    def _tell(self, account: "_Account") -> None:
        status, route = account.status, account.route
        code = account.visit.code if status else CANCELLED
        self._metrics.count_request(method=account.method, route=route or NONE, status=status, code=code)
        is_quiet = route in PROBES and status is not None and status < 400
        (log.debug if is_quiet else log.info)(
            account.kind,
            method=account.method,
            route=route,
            status=status,
            code=code,
            duration_ms=round((time.perf_counter() - account.began) * 1000, 3),
            bytes=account.bytes,
            **account.ending,
        )


def tell_refused(metrics: Metrics | None, *, status: int, code: str) -> None:
    """Tells of a request that was refused before it could be read as one."""
    if metrics is not None:
        metrics.count_request(method=OTHER, route=NONE, status=status, code=code)
    log.info("request", method=None, route=None, status=status, code=code)


def tell_repeated(metrics: Metrics, scope: Scope, *, status: int | None, size: int, began: float) -> None:
    """Tells of a request that was answered without being asked of the application; of one that was not, no status."""
    method, route, code = scope["method"], scope["path"], OK if status else CANCELLED
    metrics.count_request(method=method, route=route, status=status, code=code)
    duration = round((time.perf_counter() - began) * 1000, 3)
    log.info("request", method=method, route=route, status=status, code=code, duration_ms=duration, bytes=size)


class _Account:
    """What is told of one request or one socket, gathered from its beginning to its end."""

    def __init__(self, visit: Visit, scope: Scope, *, receive: Receive, send: Send) -> None:
        self.began = time.perf_counter()
        self.visit = visit
        self.scope = scope
        self.kind = "request" if scope["type"] == "http" else "socket"
        method: str = scope.get("method", "GET")
        self.method = method if method in METHODS else OTHER
        self.status: int | None = None
        self.bytes = 0
        self.ending: dict[str, Any] = {}
        """Of a socket, the code that it was closed with."""
        self._receive = receive
        self._send = send

    @property
    def route(self) -> str | None:
        """Where it led; null where nothing is served."""
        return getattr(self.scope.get("route"), "path", None)

    def describe(self, span: Span) -> None:
        """https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server."""
        if self.route:
            span.rename(f"{self.method} {self.route}")
            span.note({"http.route": self.route, "url.path": self.route})
        if self.status:
            span.note({"http.response.status_code": self.status})
        if self.status and self.status >= 500:
            span.fail(str(self.status))

    async def receive(self) -> Message:
        """What the client sends."""
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            self.ending.setdefault("closed", message.get("code"))
        return message

    async def send(self, message: Message) -> None:
        """What the client is sent, counted; the head of a response names the id that the log knows it by."""
        match message["type"]:
            case "http.response.body" | "websocket.http.response.body":
                self.bytes += len(message.get("body", b""))
            case "http.response.start" | "websocket.http.response.start":
                self.status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", self.visit.id.encode())]
            case "websocket.send":
                self.bytes += len(message.get("text") or message.get("bytes") or "")
            case "websocket.accept":
                self.status = 101
            case "websocket.close":
                self.ending["closed"] = message.get("code")
        await self._send(message)

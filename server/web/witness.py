"""What every request leaves behind: an event of the log, a count and, where spans are exported, a span.

Pure ASGI, around everything else. Method and route are told where they are served; of anything else nothing is said.
"""

import secrets
import time
from contextlib import AbstractContextManager
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from server.telemetry.metrics import NONE, Metrics
from server.telemetry.outcomes import CANCELLED, Outcome, noting
from server.telemetry.spans import UNTRACED, Kind, Span, Tracer

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "CONNECT", "TRACE"})
OTHER = "_OTHER"
"""Any other method: https://opentelemetry.io/docs/specs/semconv/http/http-spans/."""

PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
"""What machines ask all the time: an event of the log only where it went wrong."""

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
        request_id = secrets.token_hex(8)
        visit = _Visit(scope, receive, send, request_id=request_id)
        with noting() as outcome, self._span(visit) as span, bound_contextvars(request_id=request_id, **_named(span)):
            try:
                await self._app(scope, visit.receive, visit.send)
            finally:
                visit.describe(span)
                self._tell(visit, outcome)

    def _span(self, visit: "_Visit") -> AbstractContextManager[Span]:
        """The span of a request; of a socket its operations are traced, not its life."""
        tracer = self._tracer if visit.kind == "request" else UNTRACED
        return tracer.span(
            visit.method,
            kind=Kind.SERVER,
            attributes={"http.request.method": visit.method, "url.scheme": visit.scope["scheme"]},
            parent=Headers(scope=visit.scope).get("traceparent"),
        )

    def _tell(self, visit: "_Visit", outcome: Outcome) -> None:
        code = outcome.code if visit.status else CANCELLED
        route = visit.route
        self._metrics.count_request(method=visit.method, route=route or NONE, status=visit.status, code=code)
        is_quiet = route in PROBES and visit.status is not None and visit.status < 400
        (log.debug if is_quiet else log.info)(
            visit.kind,
            method=visit.method,
            route=route,
            status=visit.status,
            code=code,
            duration_ms=round((time.perf_counter() - visit.began) * 1000, 3),
            bytes=visit.bytes,
            **visit.ending,
        )


def tell_refused(metrics: Metrics | None, *, status: int, code: str) -> None:
    """Tells of a request that was refused before it could be read as one."""
    if metrics is not None:
        metrics.count_request(method=OTHER, route=NONE, status=status, code=code)
    log.info("request", method=None, route=None, status=status, code=code)


def _named(span: Span) -> dict[str, str]:
    return {"trace_id": span.trace_id} if span.trace_id else {}


class _Visit:
    """One request or one socket, from its beginning to its end."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, *, request_id: str) -> None:
        self.began = time.perf_counter()
        self.scope = scope
        self.kind = "request" if scope["type"] == "http" else "socket"
        self.method: str = scope.get("method", "GET") if scope.get("method", "GET") in METHODS else OTHER
        self.status: int | None = None
        self.bytes = 0
        self.ending: dict[str, Any] = {}
        """Of a socket, the code that it was closed with."""
        self._receive = receive
        self._send = send
        self._request_id = request_id

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
                MutableHeaders(raw=message["headers"])["x-request-id"] = self._request_id
            case "websocket.send":
                self.bytes += len(message.get("text") or message.get("bytes") or "")
            case "websocket.accept":
                self.status = 101
            case "websocket.close":
                self.ending["closed"] = message.get("code")
        await self._send(message)

"""What uvicorn leaves open: slow and endless heads of requests, peers that stop reading, a word to streams at the end.

A server is made with `server_options`; without them the application works all the same, less guarded.
"""

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from server.errors.limits import HeadersTooLargeError, SubscriberTooSlowError, UrlTooLongError
from server.errors.requests import BadRequestError, RequestTimedOutError
from server.errors.root import CaveatError
from server.limits import Limits
from server.web.handshakes import HandshakeRefusingSocket
from server.web.messages import Close
from server.web.refusals import refuse
from server.web.wire import RepeatingHttp
from server.web.witness import METRICS

CLOSING = "closing"
"""The key in the lifespan's state of an event that is set when the server begins to stop."""
PING_SECONDS = 12.0
LAST_LOOKS, LOOK_SECONDS = 5, 0.05
"""How often the server looks, when it stops, whether a request is on its way: a machine that stands still in between
takes one look of it away, and not all its time."""
LAST_BODY_SECONDS = 2.0
"""How long a request of which a part is there has to arrive then."""


def server_options(limits: Limits) -> dict[str, Any]:
    """The options of `uvicorn.Config` that guard connections, and leave `X-Forwarded-For` to us."""
    return {
        "proxy_headers": False,
        "http": type("GuardedHttp", (_GuardedHttp,), {"limits": limits}),
        "ws": type("GuardedSocket", (_GuardedSocket,), {"limits": limits}),
        "ws_max_size": limits.max_body_bytes,
        "ws_ping_interval": PING_SECONDS,
        "ws_ping_timeout": PING_SECONDS,
    }


class _Stalls:
    """Watches for a peer that has stopped reading, and gives the connection up."""

    limits: ClassVar[Limits]
    transport: asyncio.Transport
    loop: asyncio.AbstractEventLoop
    _stalled: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        super().pause_writing()  # type: ignore[misc]  # of the protocol that this is mixed into
        self._watch(self.give_up)

    def resume_writing(self) -> None:
        super().resume_writing()  # type: ignore[misc]  # of the protocol that this is mixed into
        self._watch(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._watch(None)
        super().connection_lost(exc)  # type: ignore[misc]  # of the protocol that this is mixed into

    def give_up(self) -> None:
        """The stream's own deadline has told the peer, if it could be told; what is left of it is dropped."""
        self._watch(self.transport.abort)

    def _watch(self, then: Callable[[], None] | None) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
        self._stalled = self.loop.call_later(self.limits.max_stall_seconds + 1, then) if then else None


class _GuardedSocket(_Stalls, HandshakeRefusingSocket):
    """A WebSocket that a stalled peer can't hold open; one that reads again finds the reason behind what was sent."""

    def send_receive_event_to_app(self) -> None:
        if self.curr_msg_data_type == "text" and not _is_utf_8(self.frames):
            # A fault of the client's, which uvicorn would log as one of ours.
            self.frames = []
            self.conn.send_close(1007)
            self.handle_parser_exception()
            return
        super().send_receive_event_to_app()

    def give_up(self) -> None:
        if self.close_sent or self.transport.is_closing():
            self.transport.abort()
            return
        error = SubscriberTooSlowError()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": Close.TRY_AGAIN_LATER})
        self.conn.send_close(Close.TRY_AGAIN_LATER, f"{error.code}: {error.message}")
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.transport.close()
        super().give_up()


class _GuardedHttp(_Stalls, RepeatingHttp):
    """HTTP whose requests have to begin within a time and a size, and have nothing endless but their bodies."""

    _head_timer: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _beside_bytes = 0
    """Bytes since the head, or since the last of the body, that are of neither: of chunks' own lines, or trailers."""
    _is_in_head = True
    _is_refused = False
    _is_ending = False
    _answering: RequestResponseCycle | None = None
    _has_ended_one = False
    """Whether a request ended within the data at hand, so that not all of it is the next one's head."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._begin_head()
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_head()
        self._stop_answering()  # uvicorn tells the last request that came, which may have waited for its turn
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            return
        self.read_held()
        if not self._is_ending and self.takes_unread(data):
            self._end_head()
            return
        self.read(data)

    def read(self, data: bytes) -> None:
        self._has_ended_one = False
        self._beside_bytes += len(data)
        super().read(data)
        self._watch_on()
        if self._beside_bytes > self.limits.max_header_bytes and not (self._is_in_head or self.is_between):
            self._refuse(HeadersTooLargeError())
        if self._is_in_head and not self._has_ended_one:
            self._head_bytes += len(data)
        if self._is_in_head and self._head_bytes > self.limits.max_url_bytes + self.limits.max_header_bytes:
            is_url = len(getattr(self, "url", b"")) > self.limits.max_url_bytes
            self._refuse(UrlTooLongError() if is_url else HeadersTooLargeError())

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._begin_head()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Notes a header; a trailer is none (RFC 9110, section 6.5.1), and who wrote it may not be who may call."""
        if self._is_in_head:
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        self._beside_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._has_ended_one = True
        super().on_message_complete()

    def on_headers_complete(self) -> None:
        self._end_head()
        self._beside_bytes = 0
        if self.parser.get_http_version() == "1.1" and sum(name == b"host" for name, _ in self.headers) != 1:
            raise BadRequestError  # which stops the parser: RFC 9112, section 3.2
        super().on_headers_complete()
        if self._is_ending and self.cycle is not None:
            self.cycle.keep_alive = False

    def send_400_response(self, msg: str) -> None:
        self._refuse(BadRequestError(msg))

    def shutdown(self) -> None:
        """Ends the connection; a request that is on its way to it just now is answered first."""
        if CLOSING in self.app_state:
            self.app_state[CLOSING].set()
        self._is_ending = True
        self.read_held()
        if self._is_idle():
            self._end(LAST_LOOKS)
        else:
            self.cycle.keep_alive = False
            self.loop.call_later(LAST_BODY_SECONDS, self._cut_body)

    def _cut_body(self) -> None:
        if self.cycle.more_body and not self.cycle.response_started:
            self._refuse(RequestTimedOutError())

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr]  # null at first

    def _end(self, looks: int) -> None:
        if not self._is_idle():
            return
        if looks:
            self.loop.call_later(LOOK_SECONDS, self._end, looks - 1)
        else:
            self.transport.close()

    def _begin_head(self) -> None:
        self._end_head()
        self._is_in_head = True
        self._head_bytes = 0

    def _watch_on(self) -> None:
        """Goes on to wait for a request, or for what is left of its head: uvicorn stops to with any byte."""
        if self._is_refused or self.transport.is_closing() or self.transport.get_protocol() is not self:
            return  # of a WebSocket another protocol takes care from its handshake on
        if self._is_in_head:
            if self._head_timer is None:
                self._watch_head()  # not at its first byte: mostly all of it is there
        elif self.timeout_keep_alive_task is None and self._is_idle():  # an empty line, as may stand before a request
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def _watch_head(self) -> None:
        self._head_timer = self.loop.call_later(self.limits.max_request_seconds, self._time_out)

    def _end_head(self) -> None:
        self._is_in_head = False
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def _stop_answering(self) -> bool:
        """Drops what is under way, of which nothing more is written; says whether an answer stands half written."""
        self.pipeline.clear()
        if self._answering is None or self._answering.response_complete:
            return False
        self._answering.disconnected = True
        self._answering.message_event.set()
        return self._answering.response_started

    def _time_out(self) -> None:
        self._refuse(RequestTimedOutError())

    def _refuse(self, error: CaveatError) -> None:
        """Answers and hangs up, unless an answer stands half written."""
        self._end_head()
        if self.transport.is_closing() or self._is_refused:
            return
        self._is_refused = True
        if self._stop_answering():
            self.transport.close()
            return
        refuse(self.transport, error, metrics=self.app_state.get(METRICS))


def _is_utf_8(parts: list[bytes]) -> bool:
    try:
        b"".join(parts).decode()
    except UnicodeDecodeError:
        return False
    return True

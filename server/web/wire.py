"""HTTP that answers a request which came before as soon as it is there, without a task or a turn of the event loop."""

import structlog
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from server.web.reading import WHOLE
from server.web.repeats import REPEATS, Answer
from server.web.upgrades import UpgradeIgnoringHttp

log = structlog.get_logger()


class RepeatingHttp(UpgradeIgnoringHttp):
    """Asks for the answer what remembers requests, where the application has one, and the application after it."""

    _is_reading = False
    _waiting: tuple[RequestResponseCycle, ASGI3Application] | None = None
    """A request that began in the data at hand, and is answered behind them: then it is there whole, as a rule."""

    def data_received(self, data: bytes) -> None:
        """Takes what came, then answers what began in it."""
        self._is_reading = True
        try:
            super().data_received(data)
        finally:
            self._is_reading = False
            waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._begin(*waiting)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        if self._is_reading:
            self._waiting = cycle, app
        else:
            self._begin(cycle, app)

    def _begin(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        answer = self._repeated(cycle)
        if answer is None:
            if not cycle.more_body:
                cycle.scope[WHOLE] = True  # type: ignore[literal-required]  # a key of ours
            super()._start_asgi_task(cycle, app)
        else:
            self._write(cycle, answer)

    def _repeated(self, cycle: RequestResponseCycle) -> Answer | None:
        """The answer to a request that came before, if all of it is there and the connection is as it should be."""
        repeats = self.app_state.get(REPEATS)
        is_plain = cycle.keep_alive and not (cycle.more_body or cycle.disconnected or cycle.waiting_for_100_continue)
        if repeats is None or not is_plain or self.pipeline or self.flow.write_paused or self.transport.is_closing():
            return None  # of pipelined requests each waits its turn
        try:
            answer: Answer | None = repeats.answer(cycle.scope, bytes(cycle.body))
        except Exception:  # the edge of a request: whatever it was, the application answers
            log.exception("a request could not be answered as before")
            return None
        return answer

    def _write(self, cycle: RequestResponseCycle, answer: Answer) -> None:
        """Does what uvicorn does when an application answers."""
        own = [b"%s: %s\r\n" % header for header in self.server_state.default_headers]
        # at once: each write of uvloop's is a call of the kernel's, and a packet
        self.transport.write(b"".join([STATUS_LINE[answer.status], *own, answer.head, b"\r\n", answer.body]))
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        cycle.on_response()
        cycle.on_response = lambda: None

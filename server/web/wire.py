"""HTTP that answers a request which came before as soon as it is there, without a task or a turn of the event loop.

One that came before byte by byte is not even parsed: what it says is known.
"""

import asyncio
from collections.abc import Callable
from functools import partial

import structlog
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from server.errors.requests import OperationTimedOutError
from server.errors.root import CaveatError
from server.web.door import ENDED
from server.web.reading import WHOLE
from server.web.remembered import Answer, Wanted
from server.web.repeats import REPEATS
from server.web.upgrades import UpgradeIgnoringHttp

FAILED = "a request could not be answered as before"
"""The event of the log; the application answers, whatever it was."""

log = structlog.get_logger()


class RepeatingHttp(UpgradeIgnoringHttp):
    """Asks for the answer what remembers requests, where the application has one, and the application after it."""

    _is_reading = False
    is_between = True
    """Whether all that came belongs to requests that are there whole."""
    _begun = 0
    """How many requests began in the data at hand."""
    _answered_at = 0.0
    """When the last request was answered, or taken, without being read, in the loop's time."""
    _bringing: asyncio.Task[None] | None = None
    """What something is brought in for the request at hand."""
    _held: bytes | None = None
    """That request, as long as there was no need to read it: what it says is known."""
    _asked: tuple[RequestResponseCycle, ASGI3Application] | None = None
    """The same once it was read."""
    _waiting: tuple[RequestResponseCycle, ASGI3Application] | None = None
    """A request that began in the data at hand, and is answered behind them: then it is there whole, as a rule."""

    def read(self, data: bytes) -> None:
        """Reads what came, then answers what began in it."""
        was_between, self._begun, self._is_reading = self.is_between, 0, True
        try:
            super().data_received(data)
        finally:
            self._is_reading = False
            waiting, self._waiting = self._waiting, None
        if waiting is not None:
            is_one = was_between and self.is_between and self._begun == 1
            self._begin(*waiting, data=data if is_one else None)

    def read_held(self) -> None:
        """Reads a request that was taken without that, if one is under way, because it matters now what it is."""
        data, self._held = self._held, None
        if data is not None:
            self.read(data)

    def on_message_begin(self) -> None:
        """Notes that what comes is of a request."""
        self.is_between = False
        self._begun += 1
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """Notes that the request is there whole."""
        self.is_between = True
        super().on_message_complete()

    def timeout_keep_alive_handler(self) -> None:
        """Hangs up, unless a request was answered meanwhile without that this was put off."""
        left = self._answered_at + self.timeout_keep_alive - self.loop.time()
        if left > 0 or self._held is not None:
            self.timeout_keep_alive_task = self.loop.call_later(
                left if left > 0 else 1, self.timeout_keep_alive_handler
            )
        else:
            super().timeout_keep_alive_handler()

    def takes_unread(self, data: bytes) -> bool:
        """Whether the data are a request that came before on any connection, which is answered now or soon."""
        repeats = self.app_state.get(REPEATS)
        if repeats is None or not self.is_between or not self._is_free():
            return False
        answer = self._tried(partial(repeats.answer_bytes, data, client=self.client))
        if answer is None:
            return False
        if isinstance(answer, Answer):
            self._send_unread(answer)
        else:
            self._answered_at = self.loop.time()
            self._held = data
            self._bring_soon(answer)
        return True

    def _is_free(self) -> bool:
        """Whether a response may be written now: of pipelined requests each waits its turn."""
        is_idle = self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr]  # null at first
        return is_idle and self._is_writable()

    def _is_writable(self) -> bool:
        return not (self.pipeline or self.flow.write_paused or self.transport.is_closing())

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        if self._is_reading:
            self._waiting = cycle, app
        else:
            self._begin(cycle, app)

    def _begin(self, cycle: RequestResponseCycle, app: ASGI3Application, *, data: bytes | None = None) -> None:
        is_held = self._bringing is not None  # what is brought for the request was begun before it was read
        answer = None if is_held else self._repeated(cycle, data)
        if isinstance(answer, Answer):
            self._complete(cycle, answer)
            return
        if not cycle.more_body:
            cycle.scope[WHOLE] = True  # type: ignore[literal-required]  # a key of ours
        if is_held or answer is not None:
            self._asked = cycle, app
        if answer is not None:
            self._bring_soon(answer)
        elif not is_held:
            super()._start_asgi_task(cycle, app)

    def _bring_soon(self, wanted: Wanted) -> None:
        self._bringing = task = self.loop.create_task(self._bring(wanted))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _bring(self, wanted: Wanted) -> None:
        """Answers once what is wanted is there, or lets the application answer."""
        answer, ended = None, None
        try:
            answer = await self.app_state[REPEATS].bring(wanted, may_answer=self._may_answer)
        except asyncio.CancelledError:
            ended = OperationTimedOutError()
        except Exception:
            log.exception(FAILED)
        if answer is None and self._is_gone():
            self._bringing = self._held = self._asked = None
            self.app_state[REPEATS].give_up(wanted)
            return
        if answer is not None and self._held is not None:
            self._bringing = self._held = None
            self._send_unread(answer)
            return
        self.read_held()
        asked, self._asked, self._bringing = self._asked, None, None
        if asked is not None:
            await self._finish(*asked, answer=answer, ended=ended)

    async def _finish(
        self, cycle: RequestResponseCycle, app: ASGI3Application, *, answer: Answer | None, ended: CaveatError | None
    ) -> None:
        if answer is not None:
            self._complete(cycle, answer)
            return
        if ended is not None:
            cycle.scope[ENDED] = ended  # type: ignore[literal-required]  # a key of ours
        await cycle.run_asgi(app)

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends what is brought for nobody any more."""
        super().connection_lost(exc)
        if self._bringing is not None:
            self._bringing.cancel()

    def _is_gone(self) -> bool:
        """Whether nobody waits for the request any more for which something is brought."""
        return self.transport.is_closing() if self._asked is None else self._asked[0].disconnected

    def _may_answer(self) -> bool:
        """Whether the request for which something was brought may be answered past the application."""
        return self._is_writable() if self._asked is None else self._is_plain(self._asked[0])

    def _complete(self, cycle: RequestResponseCycle, answer: Answer) -> None:
        self._send(answer)
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        cycle.on_response()
        cycle.on_response = lambda: None

    def _is_plain(self, cycle: RequestResponseCycle) -> bool:
        """Whether a request is all there, and its connection as it should be to answer it past the application."""
        is_whole = cycle.keep_alive and not (cycle.more_body or cycle.disconnected or cycle.waiting_for_100_continue)
        return is_whole and self._is_writable()

    def _repeated(self, cycle: RequestResponseCycle, data: bytes | None) -> Answer | Wanted | None:
        """The answer to a request that came before, or what is wanted for it, if all is as it should be."""
        repeats = self.app_state.get(REPEATS)
        if repeats is None or not self._is_plain(cycle):
            return None
        return self._tried(partial(repeats.answer, cycle.scope, bytes(cycle.body), data=data))

    def _tried(self, find: Callable[[], Answer | Wanted | None]) -> Answer | Wanted | None:
        try:
            return find()
        except Exception:  # the edge of a request: whatever it was, the application answers
            log.exception(FAILED)
            return None

    def _send_unread(self, answer: Answer) -> None:
        self._send(answer)
        self.server_state.total_requests += 1
        self._answered_at = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def _send(self, answer: Answer) -> None:
        """Writes what uvicorn writes when an application answers."""
        own = [b"%s: %s\r\n" % header for header in self.server_state.default_headers]
        # at once: each write of uvloop's is a call of the kernel's, and a packet
        self.transport.write(b"".join([STATUS_LINE[answer.status], *own, answer.head, b"\r\n", answer.body]))

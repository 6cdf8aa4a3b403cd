"""GraphQL over server-sent events, in distinct-connections mode: one operation, one response that goes on.

https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.access.clients import Caller
from server.access.registry import Session
from server.errors.callers import UnauthenticatedError
from server.errors.limits import SubscriberTooSlowError
from server.errors.root import CaveatError
from server.execution.faults import OperationRefusedError, described
from server.execution.operation import Operation, Result
from server.execution.pipeline import Pipeline
from server.limits import Limits
from server.telemetry.visits import note
from server.web.addresses import address_of
from server.web.callers import Callers
from server.web.door import Places
from server.web.presence import gone
from server.web.writing import EVENTS, VARY, refusal_response

HEARTBEAT_SECONDS = 12.0
HEARTBEAT = b":\n\n"
COMPLETE = b"event: complete\ndata:\n\n"
_HEADERS = {"cache-control": "no-store", "vary": VARY, "x-accel-buffering": "no"}


class EventStreams:
    """Every event stream of the process.

    Each ends when its client hangs up, is too slow, or is not who it was, and when the server closes.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        *,
        limits: Limits,
        places: Places,
        callers: Callers,
        closing: asyncio.Event,
    ) -> None:
        self.open = 0
        """How many there are."""
        self.heartbeat_seconds = HEARTBEAT_SECONDS
        self._callers = callers
        self._pipeline = pipeline
        self._limits = limits
        self._places = places
        self._closing = closing

    def once(self, result: Result) -> Response:
        """A stream of one result."""
        return Response(_last(result), media_type=EVENTS, headers=_HEADERS)

    def all(self, operation: Operation, caller: Caller) -> ASGIApp:
        """The results of a subscription to its end; without `complete` where the client is to come again."""

        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            self.open += 1
            try:
                with self._places.one(address_of(scope)), self._callers.session(caller) as session:
                    await self._serve(operation, session, scope=scope, receive=receive, send=send)
            except CaveatError as error:
                await refusal_response(error)(scope, receive, send)
            finally:
                self.open -= 1

        return serve

    async def _serve(
        self, operation: Operation, session: Session, *, scope: Scope, receive: Receive, send: Send
    ) -> None:
        try:
            results = await self._pipeline.subscribe(operation)
        except OperationRefusedError as refused:
            await self.once(Result(errors=refused.errors, is_refusal=True))(scope, receive, send)
            return
        head = Response(media_type=EVENTS, headers=_HEADERS)
        del head.headers["content-length"]
        await send({"type": "http.response.start", "status": 200, "headers": head.raw_headers})
        writing = asyncio.create_task(self._write(results, send))
        leaving = asyncio.create_task(gone(receive))
        closing = asyncio.create_task(self._closing.wait())
        ending = asyncio.create_task(session.ended.wait())
        tasks = (writing, leaving, closing, ending)
        try:
            await asyncio.wait(tasks, timeout=self._limits.max_stream_seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
        if not leaving.done() or leaving.cancelled():
            await self._end(session.error or _failure(writing), send)

    async def _write(self, results: AsyncGenerator[Result, None], send: Send) -> None:
        async with aclosing(results):
            await self._send(send, _body(HEARTBEAT))
            following = asyncio.ensure_future(anext(results))
            try:
                while True:
                    done, _ = await asyncio.wait({following}, timeout=self.heartbeat_seconds)
                    if not done:
                        await self._send(send, _body(HEARTBEAT))
                        continue
                    await self._send(send, _body(_next(following.result())))
                    following = asyncio.ensure_future(anext(results))
            except StopAsyncIteration:
                await self._send(send, _body(COMPLETE))
            except OperationRefusedError as refused:
                refusal = Result(errors=refused.errors, is_refusal=True)
                await self._send(send, _body(_last(refusal)))
            finally:
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)

    async def _send(self, send: Send, message: Message) -> None:
        try:
            async with asyncio.timeout(self._limits.max_stall_seconds):
                await send(message)
        except TimeoutError:
            raise SubscriberTooSlowError from None

    async def _end(self, error: BaseException | None, send: Send) -> None:
        """Ends the response; one that is too slow is told so, if it still reads, and one whose key is dead."""
        last = b""
        if isinstance(error, SubscriberTooSlowError | UnauthenticatedError):
            last = _last(Result(errors=(described(error),), is_refusal=True))
        elif error is not None:
            raise error
        try:
            async with asyncio.timeout(self._limits.max_stall_seconds):
                await send(_body(last, is_last=True))
        except TimeoutError:
            return


def _failure(writing: asyncio.Task[None]) -> BaseException | None:
    return None if writing.cancelled() else writing.exception()


def _last(result: Result) -> bytes:
    if result.code:
        note(result.code)
    return _next(result) + COMPLETE


def _next(result: Result) -> bytes:
    return b"event: next\ndata: " + result.body + b"\n\n"


def _body(data: bytes, *, is_last: bool = False) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": not is_last}

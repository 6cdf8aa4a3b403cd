"""GraphQL over server-sent events, in distinct-connections mode: one operation, one response that goes on.

https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from server.errors import CaveatError, SubscriberTooSlowError
from server.execution.faults import OperationRefusedError, described
from server.execution.operation import Operation, Result
from server.execution.pipeline import Pipeline
from server.settings import Limits
from server.telemetry.visits import note
from server.web.door import Places, address_of
from server.web.presence import gone
from server.web.writing import EVENTS, encode, refusal_response

HEARTBEAT_SECONDS = 12.0
HEARTBEAT = b":\n\n"
COMPLETE = b"event: complete\ndata:\n\n"
_HEADERS = {"cache-control": "no-store", "vary": "Accept", "x-accel-buffering": "no"}


class EventStreams:
    """Every event stream of the process; each ends when its client hangs up, is too slow, or when the server closes."""

    def __init__(
        self,
        pipeline: Pipeline,
        *,
        limits: Limits,
        places: Places,
        closing: asyncio.Event,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
    ) -> None:
        self.open = 0
        """How many there are."""
        self._pipeline = pipeline
        self._limits = limits
        self._places = places
        self._closing = closing
        self._heartbeat_seconds = heartbeat_seconds

    def once(self, result: Result) -> Response:
        """A stream of one result."""
        return Response(_last(result), media_type=EVENTS, headers=_HEADERS)

    async def serve(self, operation: Operation, *, scope: Scope, receive: Receive, send: Send) -> None:
        """Streams the results of a subscription to its end; without `complete` where the client is to come again."""
        self.open += 1
        try:
            with self._places.one(address_of(scope)):
                await self._serve(operation, scope=scope, receive=receive, send=send)
        except CaveatError as error:
            await refusal_response(error)(scope, receive, send)
        finally:
            self.open -= 1

    async def _serve(self, operation: Operation, *, scope: Scope, receive: Receive, send: Send) -> None:
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
        tasks = (writing, leaving, closing)
        try:
            await asyncio.wait(tasks, timeout=self._limits.max_stream_seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
        if not leaving.done() or leaving.cancelled():
            await self._end(writing, send)

    async def _write(self, results: AsyncGenerator[Result, None], send: Send) -> None:
        async with aclosing(results):
            await self._send(send, _body(HEARTBEAT))
            following = asyncio.ensure_future(anext(results))
            try:
                while True:
                    done, _ = await asyncio.wait({following}, timeout=self._heartbeat_seconds)
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

    async def _end(self, writing: asyncio.Task[None], send: Send) -> None:
        """Ends the response; one that is too slow is told so, if it still reads."""
        error = None if writing.cancelled() else writing.exception()
        last = b""
        if isinstance(error, SubscriberTooSlowError):
            last = _last(Result(errors=(described(error),), is_refusal=True))
        elif error is not None:
            raise error
        try:
            async with asyncio.timeout(self._limits.max_stall_seconds):
                await send(_body(last, is_last=True))
        except TimeoutError:
            return


def _last(result: Result) -> bytes:
    if result.code:
        note(result.code)
    return _next(result) + COMPLETE


def _next(result: Result) -> bytes:
    return b"event: next\ndata: " + encode(result.payload) + b"\n\n"


def _body(data: bytes, *, is_last: bool = False) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": not is_last}

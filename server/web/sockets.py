"""GraphQL over WebSocket by graphql-transport-ws: many operations on one socket, and nothing left when it dies."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing, suppress

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from server.errors import TooManyOperationsError
from server.execution.faults import OperationRefusedError, described, masked
from server.execution.operation import Request
from server.execution.pipeline import Pipeline
from server.settings import Limits
from server.web.door import Places, address_of
from server.web.messages import (
    PROTOCOL,
    ClientMessage,
    Close,
    ClosedError,
    MessageType,
    read_message,
    write_message,
)
from server.web.writing import refusal_response


class Sockets:
    """Every socket of the process."""

    def __init__(self, pipeline: Pipeline, *, limits: Limits, places: Places) -> None:
        self.open = 0
        """How many there are."""
        self._pipeline = pipeline
        self._limits = limits
        self._places = places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one socket to its end."""
        await receive()  # websocket.connect
        self.open += 1
        try:
            with self._places.one(address_of(scope)):
                await self._serve(scope, receive, send=send)
        except TooManyOperationsError as error:
            await refusal_response(error, headers={"retry-after": "1"})(scope, receive, send)
        finally:
            self.open -= 1

    async def _serve(self, scope: Scope, receive: Receive, *, send: Send) -> None:
        offered = [each.strip() for each in Headers(scope=scope).get("sec-websocket-protocol", "").split(",")]
        if PROTOCOL not in offered:
            await send({"type": "websocket.accept"})
            await _close(send, ClosedError(Close.SUBPROTOCOL_NOT_ACCEPTABLE, "Subprotocol not acceptable"))
            return
        await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
        connection = _Connection(self._pipeline, self._limits, send=send)
        try:
            async with asyncio.timeout(self._limits.max_stream_seconds):
                await connection.serve(receive)
        except TimeoutError:
            await _close(send, ClosedError(Close.GOING_AWAY, "Longest life reached: connect again and resume"))
        except ClosedError as closed:
            await _close(send, closed)


class _Connection:
    """One socket that has agreed on the protocol."""

    def __init__(self, pipeline: Pipeline, limits: Limits, *, send: Send) -> None:
        self._pipeline = pipeline
        self._limits = limits
        self._write = send
        self._is_initialised = False
        self._initialising = asyncio.timeout(limits.max_init_seconds)
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._handlers: dict[MessageType, Callable[[ClientMessage], str | None]] = {
            MessageType.CONNECTION_INIT: self._initialise,
            MessageType.PING: self._pong,
            MessageType.PONG: lambda _: None,
            MessageType.SUBSCRIBE: self._subscribe,
            MessageType.COMPLETE: self._complete,
        }

    async def serve(self, receive: Receive) -> None:
        """Serves until the client is gone; raises ClosedError where the socket has to be closed."""
        try:
            async with self._initialising:
                await self._read(receive)
        except TimeoutError:
            if self._initialising.expired():
                raise ClosedError(Close.INITIALISATION_TIMEOUT, "Connection initialisation timeout") from None
            raise
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _read(self, receive: Receive) -> None:
        while (message := await receive())["type"] == "websocket.receive":
            text = message.get("text")
            if text is None:
                raise ClosedError(Close.BAD_REQUEST, "A message is text")
            if len(text) > self._limits.max_body_bytes:
                raise ClosedError(Close.BAD_REQUEST, "A message is too long")
            read = read_message(text, self._limits)
            reply = self._handlers[read.type](read)
            if reply is not None:
                await self._send(reply)

    def _initialise(self, _message: ClientMessage) -> str:
        if self._is_initialised:
            raise ClosedError(Close.TOO_MANY_INITIALISATIONS, "Too many initialisation requests")
        self._is_initialised = True
        self._initialising.reschedule(None)
        return write_message(MessageType.CONNECTION_ACK)

    def _pong(self, message: ClientMessage) -> str:
        return write_message(MessageType.PONG, payload=message.payload)

    def _subscribe(self, message: ClientMessage) -> str | None:
        if not self._is_initialised:
            raise ClosedError(Close.UNAUTHORIZED, "Unauthorized")
        if message.id in self._operations:
            raise ClosedError(Close.SUBSCRIBER_EXISTS, f"Subscriber for {message.id} already exists")
        if len(self._operations) >= self._limits.max_subscriptions:
            errors = [described(TooManyOperationsError())]
            return write_message(MessageType.ERROR, operation_id=message.id, payload=errors)
        operation = asyncio.create_task(self._operate(message.id, message.request))
        self._operations[message.id] = operation
        self._tasks.add(operation)
        operation.add_done_callback(self._tasks.discard)
        return None

    def _complete(self, message: ClientMessage) -> None:
        if operation := self._operations.pop(message.id, None):
            operation.cancel()

    async def _operate(self, operation_id: str, request: Request) -> None:
        """Runs one operation to its end; its id is free again before the client hears of the end."""
        try:
            errors = await self._results(operation_id, request)
        except OperationRefusedError as refused:
            errors = refused.errors
        except OSError:
            return  # the socket died: whoever reads from it ends everything
        except Exception as error:  # noqa: BLE001 -- the edge of an operation: whatever it was, it ends coded
            errors = (masked(error),)
        self._operations.pop(operation_id, None)
        kind = MessageType.ERROR if errors else MessageType.COMPLETE
        with suppress(OSError):
            await self._send(write_message(kind, operation_id=operation_id, payload=errors or None))

    async def _results(self, operation_id: str, request: Request) -> tuple[dict[str, object], ...]:
        """Sends the results; gives the errors of an operation that was refused."""
        operation = self._pipeline.prepare(request)
        if operation.is_subscription:
            async with aclosing(await self._pipeline.subscribe(operation)) as results:
                async for result in results:
                    await self._next(operation_id, result.payload)
            return ()
        result = await self._pipeline.execute(operation)
        if result.is_refusal:
            return result.errors
        await self._next(operation_id, result.payload)
        return ()

    async def _next(self, operation_id: str, payload: object) -> None:
        await self._send(write_message(MessageType.NEXT, operation_id=operation_id, payload=payload))

    async def _send(self, text: str) -> None:
        await self._write({"type": "websocket.send", "text": text})


async def _close(send: Send, closed: ClosedError) -> None:
    message: Message = {"type": "websocket.close", "code": int(closed.code), "reason": closed.reason}
    with suppress(TimeoutError, OSError):
        async with asyncio.timeout(10):
            await send(message)

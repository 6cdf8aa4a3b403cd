"""GraphQL over WebSocket by graphql-transport-ws: many operations on one socket, and nothing left when it dies."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import ExitStack, aclosing, suppress
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from server.access.clients import Caller
from server.access.registry import Session
from server.errors.limits import RateLimitedError, TooManyOperationsError
from server.errors.machine import DatabaseUnavailableError
from server.errors.root import CaveatError
from server.execution.charges import Charges
from server.execution.faults import OperationRefusedError, described, masked
from server.execution.operation import Operation, Request
from server.execution.pipeline import Pipeline
from server.limits import Limits
from server.telemetry.visits import note
from server.web.addresses import address_of
from server.web.callers import Callers
from server.web.door import Places
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

    def __init__(self, pipeline: Pipeline, *, callers: Callers, limits: Limits, places: Places) -> None:
        self.open = 0
        """How many there are."""
        self._pipeline = pipeline
        self._callers = callers
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
        connection = _Connection(self._pipeline, callers=self._callers, limits=self._limits, scope=scope, send=send)
        try:
            async with asyncio.timeout(self._limits.max_stream_seconds):
                await connection.serve(receive)
        except TimeoutError:
            await _close(send, ClosedError(Close.GOING_AWAY, "Longest life reached: connect again and resume"))
        except ClosedError as closed:
            await _close(send, closed)


class _Connection:
    """One socket that has agreed on the protocol."""

    def __init__(self, pipeline: Pipeline, *, callers: Callers, limits: Limits, scope: Scope, send: Send) -> None:
        self._pipeline = pipeline
        self._callers = callers
        self._limits = limits
        self._scope = scope
        self._write = send
        self._session: Session | None = None
        """From the initialisation on."""
        self._deadline = asyncio.timeout(limits.max_init_seconds)
        """Of the initialisation, and after it of the session."""
        self._closing = ExitStack()
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._handlers: dict[MessageType, Callable[[ClientMessage], str | None]] = {
            MessageType.PING: self._pong,
            MessageType.PONG: lambda _: None,
            MessageType.SUBSCRIBE: self._subscribe,
            MessageType.COMPLETE: self._complete,
        }

    async def serve(self, receive: Receive) -> None:
        """Serves until the client is gone; raises ClosedError where the socket has to be closed."""
        try:
            async with self._deadline:
                await self._read(receive)
        except TimeoutError:
            if self._deadline.expired():
                raise _end_of(self._session) from None
            raise
        finally:
            self._closing.close()
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
            is_first = read.type is MessageType.CONNECTION_INIT
            reply = await self._initialise(read) if is_first else self._handlers[read.type](read)
            if reply is not None:
                await self._send(reply)

    async def _initialise(self, message: ClientMessage) -> str:
        if self._session is not None:
            raise ClosedError(Close.TOO_MANY_INITIALISATIONS, "Too many initialisation requests")
        try:
            caller = await self._callers.of_socket(self._scope, message.payload)
        except CaveatError as error:
            raise _forbidden(error) from error
        self._session = self._closing.enter_context(self._callers.session(caller))
        self._deadline.reschedule(None)
        self._start(self._follow(self._session))
        return write_message(MessageType.CONNECTION_ACK)

    async def _follow(self, session: Session) -> None:
        """Ends the socket with its session."""
        await session.ended.wait()
        self._deadline.reschedule(asyncio.get_running_loop().time())

    def _pong(self, message: ClientMessage) -> str:
        return write_message(MessageType.PONG, payload=message.payload)

    def _subscribe(self, message: ClientMessage) -> str | None:
        if self._session is None:
            raise ClosedError(Close.UNAUTHORIZED, "Unauthorized")
        if message.id in self._operations:
            raise ClosedError(Close.SUBSCRIBER_EXISTS, f"Subscriber for {message.id} already exists")
        if len(self._operations) >= self._limits.max_subscriptions:
            errors = [described(TooManyOperationsError())]
            return write_message(MessageType.ERROR, operation_id=message.id, payload=errors)
        running = self._operate(message.id, message.request, caller=self._session.caller)
        self._operations[message.id] = self._start(running)
        return None

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _complete(self, message: ClientMessage) -> None:
        if operation := self._operations.pop(message.id, None):
            operation.cancel()

    async def _operate(self, operation_id: str, request: Request, *, caller: Caller) -> None:
        """Runs one operation to its end; its id is free again before the client hears of the end."""
        try:
            charges = Charges()
            await self._pipeline.admit(caller, charges)
            operation = await self._pipeline.prepare(request, caller, charges=charges)
            errors = await self._results(operation_id, operation)
        except OperationRefusedError as refused:
            errors = refused.errors
        except RateLimitedError as error:
            errors = (described(error),)
        except OSError:
            return  # the socket died: whoever reads from it ends everything
        except Exception as error:  # noqa: BLE001 -- the edge of an operation: whatever it was, it ends coded
            errors = (masked(error),)
        self._operations.pop(operation_id, None)
        kind = MessageType.ERROR if errors else MessageType.COMPLETE
        with suppress(OSError):
            await self._send(write_message(kind, operation_id=operation_id, payload=errors or None))

    async def _results(self, operation_id: str, operation: Operation) -> tuple[dict[str, object], ...]:
        """Sends the results; gives the errors of an operation that was refused."""
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


def _forbidden(error: CaveatError) -> ClosedError:
    note(error.code)
    is_temporary = isinstance(error, RateLimitedError | DatabaseUnavailableError)
    return ClosedError(Close.TRY_AGAIN_LATER if is_temporary else Close.FORBIDDEN, f"{error.code}: {error.message}")


def _end_of(session: Session | None) -> ClosedError:
    """Why the deadline has passed."""
    if session is None:
        return ClosedError(Close.INITIALISATION_TIMEOUT, "Connection initialisation timeout")
    if session.error is not None:
        return _forbidden(session.error)
    return ClosedError(Close.SERVICE_RESTART, "The client's rights have changed: connect again and resume")


async def _close(send: Send, closed: ClosedError) -> None:
    message: Message = {"type": "websocket.close", "code": int(closed.code), "reason": closed.reason}
    with suppress(TimeoutError, OSError):
        async with asyncio.timeout(10):
            await send(message)

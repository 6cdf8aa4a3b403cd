"""One run of a compiled operation: what it waits for, and what becomes of an error.

What a field that waits gives is completed by itself. A null that may not be one, or an error, goes up to the nearest
place that may be null, as the specification has it (https://spec.graphql.org/draft/#sec-Handling-Execution-Errors).
"""

from asyncio import CancelledError, Future, ensure_future
from collections.abc import Awaitable, Callable
from inspect import CORO_CREATED, getcoroutinestate, iscoroutine
from typing import Any

from graphql import ExecutionResult, GraphQLError, located_error
from graphql.execution import Executor
from graphql.execution.executor import CollectedErrors
from graphql.pyutils import Path, gather_with_cancel, is_awaitable

from server.errors.limits import OperationTooCostlyError
from server.execution.compiler.marks import Asked
from server.execution.compiler.parts import Link, Part, Pending, keys_of
from server.execution.compiler.spending import Allowance
from server.execution.compiler.waits import Wait


class Run(Allowance):
    """The state of one run; the functions of selections read `info` and `arguments`, and call `take`."""

    def __init__(
        self,
        context: object,
        arguments: list[dict[str, Any]],
        *,
        most: int,
        new_executor: Callable[[], Executor[None]],
    ) -> None:
        super().__init__(most)
        self.info = Asked(context)
        self.arguments = arguments
        self._new_executor = new_executor
        self._executor: Executor[None] | None = None
        self._errors = CollectedErrors()

    def start(self, root: Callable[..., Any], value: object) -> ExecutionResult | Awaitable[ExecutionResult]:
        """The result; at once, unless something has to be waited for."""
        pending: list[Pending] = []
        try:
            data = root(self, value, None, None, pending)
        except OperationTooCostlyError as error:
            _drop(pending)
            return ExecutionResult(None, [located_error(error)])
        except Exception:  # noqa: BLE001 -- whatever it was, graphql-core meets it again, in its place
            data = None
        if data is None:
            _drop(pending)
            return self._new_executor().execute_operation()  # type: ignore[return-value]  # nothing is incremental
        return self._finished(data, pending) if pending else ExecutionResult(data, None)

    async def _finished(self, data: dict[str, Any], pending: list[Pending]) -> ExecutionResult:
        whole: dict[str, Any] | None = data
        try:
            await self._settle(data, None, pending=pending)
        except GraphQLError as error:
            self._errors.add(error, None)
            whole = None
        return ExecutionResult(whole, self._errors.errors or None)

    async def _settle(self, result: object, base: Link | None, *, pending: list[Pending]) -> None:
        """Waits for everything that a part of the result, which stands at `base`, waits for."""
        part = Part(result, base, pending=pending)
        try:
            if len(pending) == 1:
                await self._fill(part, pending[0])
            else:
                part.tasks = [ensure_future(self._fill(part, each)) for each in pending]
                await gather_with_cancel(*part.tasks)
        except BaseException:
            _drop(pending)
            raise

    async def _fill(self, part: Part, pending: Pending) -> None:
        """Puts a value where null stood for it; raises the error that leaves no place in the part for a null."""
        wait, awaitable, target, around, null = pending
        place = (around, wait.key)
        try:
            target[wait.key] = await self._completed(wait, await awaitable, place=place)
        except CancelledError:
            if not part.has_ended():
                raise
        except Exception as raw:
            error = located_error(raw, wait.nodes, keys_of(place))
            if wait.is_nullable:
                null = place
            elif null is None:
                raise error from raw
            else:
                part.empty(null)
            self._errors.add(error, _path(null))

    async def _completed(self, wait: Wait, value: object, *, place: Link) -> object:
        pending: list[Pending] = []
        is_complete = False
        result = None
        try:
            result = wait.value(self, value, place, None, pending)
            is_complete = True
        except OperationTooCostlyError:
            _drop(pending)
            raise
        except Exception:  # noqa: BLE001 -- as in `start`
            _drop(pending)
        if not is_complete:
            return await self._completed_anew(wait, value, place=place)
        if pending:
            await self._settle(result, place, pending=pending)
        return result

    async def _completed_anew(self, wait: Wait, value: object, *, place: Link) -> object:
        """The completion by graphql-core, with the errors that it finds."""
        if self._executor is None:
            self._executor = self._new_executor()
            self._executor.collected_errors = self._errors
        executor, path = self._executor, _path(place)
        info = executor.build_resolve_info(wait.field, wait.nodes, wait.parent_type, path)
        completed = executor.complete_value(wait.type, wait.details, info, path, value, None)
        return await completed if is_awaitable(completed) else completed


def _drop(pending: list[Pending]) -> None:
    """Ends what nobody will wait for, as far as it was not begun."""
    for _, awaitable, *_ in pending:
        if iscoroutine(awaitable) and getcoroutinestate(awaitable) == CORO_CREATED:
            awaitable.close()
        elif isinstance(awaitable, Future):
            awaitable.add_done_callback(_observe)


def _observe(future: Future[Any]) -> None:
    if not future.cancelled():
        future.exception()


def _path(place: Link) -> Path:
    around, key = place
    return Path(None if around is None else _path(around), key, None)

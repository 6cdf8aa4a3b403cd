"""One run of a compiled operation: what it waits for, and what becomes of an error.

What a field that waits gives is completed by itself. A null that may not be one, or an error, goes up to the nearest
place that may be null, as the specification has it (https://spec.graphql.org/draft/#sec-Handling-Execution-Errors).
"""

from asyncio import Future
from collections.abc import Awaitable, Callable, Iterator
from inspect import CORO_CREATED, getcoroutinestate, iscoroutine
from typing import Any, TypeAlias

from graphql import ExecutionResult, GraphQLError, located_error
from graphql.execution import Executor
from graphql.execution.executor import CollectedErrors
from graphql.pyutils import Path, gather_with_cancel, is_awaitable

from server.errors.limits import OperationTooCostlyError
from server.execution.compiler.marks import Asked
from server.execution.compiler.spending import Allowance
from server.execution.compiler.waits import Wait

Link: TypeAlias = tuple[Any, str | int]
"""A place in the result: the place around it, null for the whole, and a key."""

Pending: TypeAlias = tuple[Wait, Awaitable[Any], dict[str, Any], Link | None, Link | None]
"""A call that was made: its field, what it gave, the object of the result that it is for, and that object's place,
then the nearest place around the field that may be null."""


class Run:
    """The state of one run; the functions of selections read `info` and `arguments`, and call `take`."""

    def __init__(
        self,
        context: object,
        arguments: list[dict[str, Any]],
        *,
        allowance: Allowance,
        new_executor: Callable[[], Executor[None]],
    ) -> None:
        self.info = Asked(context)
        self.arguments = arguments
        self.take, self.take_rest = allowance.take, allowance.take_rest
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
        try:
            if len(pending) == 1:
                await self._fill(result, base, pending=pending[0])
            else:
                await gather_with_cancel(*[self._fill(result, base, pending=each) for each in pending])
        except BaseException:
            _drop(pending)
            raise

    async def _fill(self, result: object, base: Link | None, *, pending: Pending) -> None:
        """Puts a value where null stood for it; raises the error that leaves no place in the part for a null."""
        wait, awaitable, target, around, null = pending
        place = (around, wait.key)
        try:
            target[wait.key] = await self._completed(wait, await awaitable, place=place)
        except Exception as raw:
            error = located_error(raw, wait.nodes, _keys(place))
            if wait.is_nullable:
                null = place
            elif null is None:
                raise error from raw
            else:
                _empty(result, base, place=null)
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


def _empty(result: Any, base: Link | None, *, place: Link) -> None:  # noqa: ANN401 -- JSON
    """Puts null at a place of a part of the result that stands at `base`, unless null stands around it already."""
    *keys, last = _keys(place, base)
    for key in keys:
        result = result[key]
        if result is None:
            return
    result[last] = None


def _links(place: Link | None, base: Link | None = None) -> Iterator[str | int]:
    while place is not base and place is not None:
        yield place[1]
        place = place[0]


def _keys(place: Link, base: Link | None = None) -> list[str | int]:
    """The keys that lead to a place, from the one at `base`."""
    return [*_links(place, base)][::-1]


def _path(place: Link) -> Path:
    around, key = place
    return Path(None if around is None else _path(around), key, None)

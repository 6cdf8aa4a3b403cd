"""Decides what becomes of a request: finds its document, charges its budget, runs it; the same over every transport."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import Any, cast

from graphql import ASTValidationRule, ExecutionResult, GraphQLError, GraphQLSchema
from graphql.execution import Executor, create_source_event_stream

from server.db import patience
from server.errors import (
    BadUserInputError,
    CaveatError,
    DatabaseUnavailableError,
    OperationTimedOutError,
    OperationTooCostlyError,
)
from server.execution.budget import check_value
from server.execution.compiler.programs import Compiler
from server.execution.cost import Costing, size_key
from server.execution.documents import Documents
from server.execution.faults import OperationRefusedError, described, explained, located, masked, refusal
from server.execution.introspection import ConcealingExecutor, NoSchemaRule
from server.execution.operation import Operation, Request, Result
from server.settings import Limits

MOST_COSTS_KEPT = 64

EVENT_TRIES, EVENT_PAUSE = 60, 1.0
"""How often an event of a subscription is run while the database is away, and the seconds between two times."""


class Pipeline:
    """Runs the operations of one schema, each of them, and each event of a subscription, in a context of its own."""

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        rules: Sequence[type[ASTValidationRule]],
        new_context: Callable[[], object],
        limits: Limits | None = None,
        conceals_schema: bool = False,
    ) -> None:
        executor: type[Executor[None]] = ConcealingExecutor if conceals_schema else Executor
        self.compiler = Compiler(schema, hides_suggestions=conceals_schema, executor=executor)
        self._new_context = new_context
        self._limits = limits or Limits()
        self.documents = Documents(
            self.compiler, [NoSchemaRule, *rules] if conceals_schema else rules, limits=self._limits
        )

    def prepare(self, request: Request) -> Operation:
        """The operation that a request asks for, valid and within all limits; raises OperationRefusedError."""
        try:
            for value in request.variables.values():
                check_value(value, self._limits)
            document = self.documents.find(request.query)
            operation = Operation(
                document=document,
                node=document.operation(request.operation_name),
                variables=dict(request.variables),
                began=request.began,
            )
            self._check_cost(operation)
        except OperationRefusedError:
            raise
        except CaveatError as error:
            raise refusal(error) from error
        return operation

    async def execute(self, operation: Operation) -> Result:
        """The result of a query or a mutation; a refusal where its variables do not fit."""
        return await self._run(operation, None)

    async def subscribe(self, operation: Operation) -> AsyncGenerator[Result, None]:
        """The results of a subscription, as they happen; raises OperationRefusedError, then and while it is read."""
        executor = operation.program.executor(operation.variables, self._new_context(), root=None)
        if isinstance(executor, list):
            raise OperationRefusedError(_unfit(executor))
        try:
            async with asyncio.timeout(self._limits.max_seconds):
                source = create_source_event_stream(executor)
                if executor.is_awaitable(source):
                    source = await source
        except TimeoutError:
            raise refusal(OperationTimedOutError()) from None
        if isinstance(source, ExecutionResult):
            raise OperationRefusedError(located(error) for error in source.errors or ())
        return self._events(operation, cast("AsyncGenerator[object, None]", source))

    async def _events(self, operation: Operation, source: AsyncGenerator[object, None]) -> AsyncGenerator[Result, None]:
        async with aclosing(source):
            try:
                async for event in source:
                    yield await self._run_event(operation, event)
            except CaveatError as error:
                raise refusal(error) from error
            except Exception as error:  # noqa: BLE001 -- the edge of a subscription: whatever it was, it ends coded
                raise OperationRefusedError([masked(error)]) from None

    async def _run_event(self, operation: Operation, event: object) -> Result:
        """The result of one event, which is not lost to an outage: it comes late, or the subscription ends coded."""
        for _ in range(EVENT_TRIES):
            result = await self._run(operation, event)
            if DatabaseUnavailableError.code not in result.codes:
                return result
            await asyncio.sleep(EVENT_PAUSE)
        raise DatabaseUnavailableError

    async def _run(self, operation: Operation, event: object) -> Result:
        try:
            with patience.shared():
                outcome = operation.program.start(operation.variables, self._new_context(), root=event)
                if isinstance(outcome, Awaitable):
                    async with asyncio.timeout(self._limits.max_seconds):
                        outcome = await outcome
        except TimeoutError:
            return Result(errors=(described(OperationTimedOutError()),), is_refusal=True)
        if isinstance(outcome, list):
            return Result(errors=_unfit(outcome), is_refusal=True)
        return Result(data=outcome.data, errors=tuple(located(error) for error in outcome.errors or ()))

    def _check_cost(self, operation: Operation) -> None:
        cost = self._cost(operation)
        if cost > self._limits.max_cost:
            raise OperationTooCostlyError(
                f"The operation may give {cost} objects and has {self._limits.max_cost}:"
                " ask for shorter lists, or fewer lists in lists."
            )

    def _cost(self, operation: Operation) -> int:
        costs = operation.document.costs
        key = (operation.name, size_key(operation.node, operation.variables))
        if key not in costs:
            if len(costs) >= MOST_COSTS_KEPT:
                costs.clear()
            costing = Costing(self.compiler.schema, operation.document.fragments, variables=operation.variables)
            costs[key] = costing.cost(operation.node)
        return costs[key]


def _unfit(errors: list[GraphQLError]) -> tuple[dict[str, Any], ...]:
    """The errors of variables that do not fit."""
    return tuple(explained(error, code=BadUserInputError.code) for error in errors)

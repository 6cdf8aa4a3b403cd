"""Decides what becomes of a request: finds its document, charges its budget, runs it; the same over every transport."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from functools import partial
from typing import Any, cast

from graphql import ASTValidationRule, ExecutionResult, GraphQLError, GraphQLSchema
from graphql.execution import create_source_event_stream
from msgspec.structs import replace

from server.db import patience
from server.errors.machine import DatabaseUnavailableError
from server.errors.requests import OperationTimedOutError
from server.errors.root import CaveatError
from server.execution.bringing import Bringing, Steps
from server.execution.budget import check_value
from server.execution.callers import Caller, Subscribers
from server.execution.charges import Charges, Meter, Policy, pay, pay_in_time, unmetered
from server.execution.compiler.programs import Bound, Compiler, Fitted, Program
from server.execution.documents import Documents
from server.execution.encoding import Written
from server.execution.faults import OperationRefusedError, described, ending, located, masked, refusal, unfit
from server.execution.finding import FindText, find_in_request
from server.execution.freshness import Lifetime
from server.execution.introspection import ConcealingExecutor, NoSchemaRule
from server.execution.keepable import is_keepable, key_of
from server.execution.lifetimes import lifetime_of
from server.execution.operation import Operation, Ran, Request, Result
from server.execution.overtaking import RUNS, Settle, as_it_is, lasts, settling
from server.execution.prices import cost_of
from server.execution.receipts import Receipt, Receiver, fields_of
from server.execution.serving import Serving
from server.execution.tags import FindTags
from server.limits import Limits

COST = "cost"
"""The extension in which a request asks, with `true`, what it costs, and a response says so."""

TIMED_OUT = Result(errors=(described(OperationTimedOutError()),), is_refusal=True)

EVENT_TRIES, EVENT_PAUSE = 60, 1.0
"""How often an event of a subscription is run while the database is away, and the seconds between two times."""


class Pipeline:
    """Runs the operations of one schema, each of them, and each event of a subscription, in a context of its own."""

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        rules: Sequence[type[ASTValidationRule]],
        new_context: Callable[[Caller], object],
        limits: Limits | None = None,
        conceals_schema: bool = False,
    ) -> None:
        self.schema = schema
        self._new_context = new_context
        self.find_text: FindText = find_in_request
        """How it comes to the text of a document; whoever knows of registered ones sets another."""
        self.meter: Meter = unmetered
        """What keeps the count of what callers ask in a minute; whoever limits that sets one."""
        self.receiver: Receiver | None = None
        """Who is told what was served, if anybody."""
        self.serving: Serving | None = None
        """What keeps results, if anything."""
        self.find_tags: FindTags | None = None
        """What a result that was read through a context depends on, if anybody knows."""
        self.settle: Settle = as_it_is
        """What looks whether news has overtaken a run; whoever hears of any sets one."""
        self.new_prompt_context: Callable[[Caller], object] | None = None
        """What makes contexts for runs that are no tasks, if anything does."""
        self._limits = limits or Limits()
        self._conceals_schema = conceals_schema
        self.subscribers = Subscribers()
        most = self._limits.max_cost
        shown = Compiler(schema, most_cost=most)
        concealed = Compiler(schema, hides_suggestions=True, executor=ConcealingExecutor, most_cost=most)
        self.compilers = (shown, concealed)
        self._shown_documents = Documents(shown, rules, limits=self._limits)
        """As callers send them to whom the schema is shown."""
        self.documents = self._shown_documents
        if conceals_schema:
            self.documents = Documents(concealed, [NoSchemaRule, *rules], limits=self._limits)

    async def admit(self, caller: Caller, charges: Charges) -> None:
        """Charges a caller for a request, before anything of it is read; raises RateLimitedError."""
        charges.note(await self.meter(caller, {Policy.REQUESTS: 1, Policy.COST: 0}))

    async def prepare(self, request: Request, caller: Caller, *, charges: Charges | None = None) -> Operation:
        """The operation that a caller asks for, valid, paid for and within all limits; raises OperationRefusedError.

        Nothing of a text is looked at before it is found that the caller may ask it.
        """
        charges = charges or Charges()
        try:
            text = await self.find_text(request, caller)
            for value in request.variables.values():
                check_value(value, self._limits)
            document = self.documents_of(caller).find(text.text, is_trusted=text.is_trusted)
            operation = Operation(
                caller=caller,
                text=text,
                document=document,
                node=document.operation(request.operation_name),
                variables=dict(request.variables),
                began=request.began,
            )
            extensions = await self._pay(operation, charges, tells_cost=request.extensions.get(COST) is True)
        except OperationRefusedError:
            raise
        except CaveatError as error:
            raise refusal(error) from error
        return replace(operation, extensions=extensions) if extensions else operation

    async def execute(self, operation: Operation) -> Result:
        """The result of a query or a mutation; a refusal where its variables do not fit."""
        result = (await self._served(operation)).told_with(operation.extensions)
        self._tell(operation, result)
        return result

    async def _served(self, operation: Operation) -> Result:
        """The result, kept or run."""
        fitted = operation.program.fit(operation.variables)
        run = partial(self._run, operation, None, fitted=fitted)
        if isinstance(fitted, list) or not is_keepable(self.schema, operation):
            return await run()
        key = key_of(operation, fitted.values.coerced) if self.serving else None
        if self.serving is None or key is None:
            return self._made(operation, fitted) or await run()
        here = self.serving.find(key)
        if here is None and (made := self._made(operation, fitted)) is not None:
            here = self.serving.take(key, made)
        if here is not None:
            return here
        try:
            async with asyncio.timeout(self._limits.max_seconds):
                return await self.serving.serve(key, run)
        except TimeoutError:
            return TIMED_OUT

    def lifetime(self, operation: Operation) -> Lifetime:
        """How long others may keep the results of an operation."""
        return lifetime_of(self.schema, operation)

    async def subscribe(self, operation: Operation) -> AsyncGenerator[Result, None]:
        """The results of a subscription, as they happen; raises OperationRefusedError, then and while it is read."""
        executor = operation.program.executor(operation.variables, self._new_context(operation.caller), root=None)
        if isinstance(executor, list):
            raise OperationRefusedError(unfit(executor))
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
                with self.subscribers.one(operation.caller):
                    async for event in source:
                        result = await self._run_event(operation, event)
                        self._tell(operation, result)
                        yield result
            except CaveatError as error:
                raise refusal(error) from error
            except Exception as error:  # noqa: BLE001 -- the edge of a subscription: whatever it was, it ends coded
                raise OperationRefusedError([masked(error)]) from None

    async def _run_event(self, operation: Operation, event: object) -> Result:
        """The result of one event, which is not lost to an outage: it comes late, or the subscription ends coded."""
        operation = await self._pay_event(operation)
        for _ in range(EVENT_TRIES):
            if await self._is_still_asked(operation):
                result = (await self._run(operation, event)).told_with(operation.extensions)
                if DatabaseUnavailableError.code not in result.codes and not result.is_stale:
                    return result
            await asyncio.sleep(EVENT_PAUSE)
        raise DatabaseUnavailableError

    async def _is_still_asked(self, operation: Operation) -> bool:
        """Whether its document is still trusted, if it ever was; raises why it is not. False while nobody can tell."""
        try:
            if operation.text.is_trusted:
                await self.find_text(Request(document_id=operation.text.id), operation.caller)
        except DatabaseUnavailableError:
            return False
        return True

    async def _pay_event(self, operation: Operation) -> Operation:
        """Charges an event what its operation costs; where that is not left the event waits for the next minute."""
        charges = await pay_in_time(self.cost(operation), caller=operation.caller, meter=self.meter)
        told = operation.extensions.get(COST)
        if told is None or charges.cost_left is None:
            return operation
        return replace(operation, extensions={**operation.extensions, COST: {**told, "remaining": charges.cost_left}})

    async def _run(
        self, operation: Operation, event: object, *, fitted: Fitted | list[GraphQLError] | None = None
    ) -> Result:
        """The result of a run that no news has overtaken; a refusal where it takes too long, or too many of them."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.max_seconds):
                for _ in range(RUNS):
                    context, since = self._new_context(operation.caller), time.monotonic()
                    result = await self._run_once(operation, event, context=context, fitted=fitted)
                    if operation.is_mutation or not lasts(since):
                        return result
                    if (settled := await self.settle(result, context, since=since)) is not None:
                        return settled
        return TIMED_OUT

    async def _run_once(
        self, operation: Operation, event: object, *, context: object, fitted: Fitted | list[GraphQLError] | None
    ) -> Result:
        with patience.shared():
            outcome = operation.program.start(operation.variables, context, root=event, fitted=fitted)
            if isinstance(outcome, Awaitable):
                outcome = await outcome
        if isinstance(outcome, list):
            return Result(errors=unfit(outcome), is_refusal=True)
        if ended := ending(outcome.errors or ()):
            return Result(errors=(described(ended),), is_refusal=True)
        errors = tuple(located(error) for error in outcome.errors or ())
        return self._result(operation, context, data=outcome.data, errors=errors)

    def bind(self, program: Program, variables: Mapping[str, Any], *, fitted: Fitted | None = None) -> Bound | None:
        """What all runs of a query with these variables take that are no tasks; None where there are none such."""
        found = fitted or program.fit(variables)
        return None if isinstance(found, list) or self.new_prompt_context is None else program.bind(found)

    def steps(self, program: Program, bound: Bound, *, caller: Caller) -> Steps[Ran | None]:
        """A run of what was bound, which is no task; gives None where it does not go well."""
        if self.new_prompt_context is None:
            return None
        context, since = self.new_prompt_context(caller), time.monotonic()
        data = yield from program.steps(bound, context)
        if data is None:
            return None
        program.count()
        if lasts(since):
            yield from settling(Result(data=data), context, settle=self.settle, since=since)
        return Ran(data, context)

    def _made(self, operation: Operation, fitted: Fitted) -> Result | None:
        """The result of a query, written, where all that it is made of is at hand."""
        bound = self.bind(operation.program, operation.variables, fitted=fitted)
        ran = Bringing.at_once(self.steps(operation.program, bound, caller=operation.caller)) if bound else None
        if ran is None:
            return None
        return replace(self._result(operation, ran.context, data=ran.data), data=None, written=Written(ran.data))

    def _result(
        self,
        operation: Operation,
        context: object,
        *,
        data: dict[str, Any] | None,
        errors: tuple[dict[str, Any], ...] = (),
    ) -> Result:
        receipt = None
        if self.receiver is not None:
            # beside an error it may name more than is left of the data, never less
            receipt = Receipt(
                document=operation.text.id,
                fields=fields_of(self.schema, operation.document, name=operation.name),
                entities=self.receiver.served(context) if data is not None else (),
            )
        tags = self.find_tags(context) if self.find_tags and operation.is_query else None
        return Result(data=data, errors=errors, receipt=receipt, tags=tags)

    def _tell(self, operation: Operation, result: Result) -> None:
        """Tells what goes out now, be it new or kept."""
        if self.receiver is not None and result.receipt is not None:
            self.receiver.note(operation.caller, result.receipt)

    def documents_of(self, caller: Caller) -> Documents:
        """Where the documents of a caller are kept."""
        conceals = self._conceals_schema and not caller.rights.introspects
        return self.documents if conceals else self._shown_documents

    async def _pay(self, operation: Operation, charges: Charges, *, tells_cost: bool) -> dict[str, Any]:
        """Charges what an operation costs; gives what its results tell of that."""
        cost = self.cost(operation)
        most = await pay(cost, charges, caller=operation.caller, meter=self.meter, limits=self._limits)
        return {COST: {"requested": cost, "limit": most, "remaining": charges.cost_left}} if tells_cost else {}

    def cost(self, operation: Operation) -> int:
        """What an operation costs with its variables; found once for each size of them."""
        return cost_of(self.schema, operation)

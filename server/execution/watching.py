"""The pipeline as operators see it: every operation is counted, timed and, where spans are exported, a span."""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from typing import Any

from graphql import GraphQLSchema

from server.errors.limits import RateLimitedError
from server.execution.callers import Caller
from server.execution.charges import Charges
from server.execution.compiler.programs import By
from server.execution.faults import OperationRefusedError
from server.execution.operation import Operation, Request, Result, Served
from server.execution.pipeline import Pipeline
from server.execution.serving import Serving
from server.telemetry.metrics import UNKNOWN, Metrics
from server.telemetry.spans import UNTRACED, Kind, Tracer
from server.telemetry.visits import CANCELLED, OK


class WatchedPipeline(Pipeline):
    """A pipeline that tells what it did, never what it was asked."""

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        metrics: Metrics,
        tracer: Tracer = UNTRACED,
        **options: Any,  # noqa: ANN401 - what every pipeline takes
    ) -> None:
        super().__init__(schema, **options)
        self._metrics = metrics
        self._tracer = tracer
        self._subscriptions = 0
        metrics.watch("caveat_subscriptions_open", lambda: self._subscriptions)
        metrics.watch("caveat_document_cache_entries", lambda: len(self.documents))
        metrics.watch("caveat_document_cache_hits", lambda: self.documents.hits)
        metrics.watch("caveat_document_cache_misses", lambda: self.documents.misses)
        for by in By:
            metrics.watch("caveat_compiled_operations", partial(self._runs, by), outcome=by)

    def _runs(self, by: By) -> int:
        return sum(compiler.runs[by] for compiler in self.compilers)

    async def admit(self, caller: Caller, charges: Charges) -> None:
        """The same, or the count of a refusal."""
        try:
            await super().admit(caller, charges)
        except RateLimitedError as error:
            self._metrics.count_operation(kind=UNKNOWN, code=error.code)
            raise

    async def prepare(self, request: Request, caller: Caller, *, charges: Charges | None = None) -> Operation:
        """The operation, or the count of a refusal."""
        try:
            return await super().prepare(request, caller, charges=charges)
        except OperationRefusedError as refused:
            self._metrics.count_operation(kind=UNKNOWN, code=refused.reason)
            raise

    async def execute(self, operation: Operation) -> Result:
        """The result, counted with the time since the request was read."""
        code = CANCELLED
        attributes = {"graphql.operation.type": operation.kind}
        try:
            with self._tracer.span(operation.kind, kind=Kind.SERVER, attributes=attributes) as span:
                result = await super().execute(operation)
                code = result.code or OK
                if result.code:
                    span.fail(result.code)
            return result
        finally:
            seconds = time.perf_counter() - operation.began
            self._count(operation, code, seconds=seconds)

    async def subscribe(self, operation: Operation) -> AsyncGenerator[Result, None]:
        """The results, each counted; the operation is counted at its end."""
        attributes = {"graphql.operation.type": operation.kind}
        try:
            with self._tracer.span(operation.kind, kind=Kind.SERVER, attributes=attributes):
                results = await super().subscribe(operation)
        except OperationRefusedError as refused:
            self._count(operation, refused.reason)
            raise
        return self._watched(operation, results)

    async def _watched(
        self, operation: Operation, results: AsyncGenerator[Result, None]
    ) -> AsyncGenerator[Result, None]:
        code = CANCELLED
        self._subscriptions += 1
        try:
            async with aclosing(results):
                async for result in results:
                    self._metrics.count_event(result.code or OK)
                    yield result
            code = OK
        except OperationRefusedError as refused:
            code = refused.reason
            raise
        finally:
            self._subscriptions -= 1
            self._count(operation, code)

    def count_again(self, *, kind: str, trusted_name: str | None, began: float) -> None:
        """Counts an operation that was answered without being asked of this one."""
        seconds = time.perf_counter() - began
        self._metrics.count_operation(kind=kind, code=OK, seconds=seconds, trusted_name=trusted_name)

    def _count(self, operation: Operation, code: str, *, seconds: float | None = None) -> None:
        self._metrics.count_operation(
            kind=operation.kind, code=code, seconds=seconds, trusted_name=operation.trusted_name
        )


def watch_serving(metrics: Metrics, serving: Serving) -> None:
    """Tells what is kept, and how often it served."""
    responses = serving.responses
    for served in Served:
        metrics.watch("caveat_responses", partial(serving.served.__getitem__, served), served=served)
    metrics.watch("caveat_responses_kept", lambda: len(responses))
    metrics.watch("caveat_responses_kept_bytes", lambda: responses.size)
    metrics.watch("caveat_responses_dropped", lambda: responses.dropped)

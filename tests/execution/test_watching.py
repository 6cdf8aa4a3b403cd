import asyncio
from contextlib import aclosing, suppress

import pytest
from graphql import specified_rules

from server.execution.faults import OperationRefusedError
from server.execution.operation import Request
from server.execution.texts import DocumentText
from server.execution.watching import WatchedPipeline
from server.limits import Limits
from server.telemetry.metrics import Metrics
from tests.execution.shop import STRANGER, Visit, prepare, schema


@pytest.fixture
def metrics():
    return Metrics()


@pytest.fixture
def pipeline(metrics):
    return WatchedPipeline(
        schema, metrics=metrics, rules=specified_rules, new_context=Visit, limits=Limits(max_seconds=1)
    )


def operations(metrics):
    """What was counted, by type and code."""
    [family] = [each for each in metrics.registry.collect() if each.name == "caveat_graphql_operations"]
    assert {sample.labels["operation"] for sample in family.samples} <= {"ad hoc"}
    return {(sample.labels["type"], sample.labels["code"]): sample.value for sample in family.samples}


async def run(pipeline, query):
    return await pipeline.execute(prepare(pipeline, query))


async def test_an_operation_is_counted_and_timed_whatever_its_name(pipeline, metrics):
    for query in ("query Mine { hello }", "query Yours { hello }", "{ broken }"):
        await run(pipeline, query)

    timed = metrics.registry.get_sample_value(
        "caveat_graphql_duration_seconds_count", {"operation": "ad hoc", "type": "query"}
    )
    assert operations(metrics) == {("query", "OK"): 2, ("query", "INTERNAL_SERVER_ERROR"): 1}
    assert timed == 3


async def test_a_refusal_is_counted_by_its_code(pipeline, metrics):
    for query in ("{ helo }", "{"):
        with pytest.raises(OperationRefusedError):
            await run(pipeline, query)

    assert operations(metrics) == {("unknown", "GRAPHQL_VALIDATION_FAILED"): 1, ("unknown", "GRAPHQL_PARSE_FAILED"): 1}


async def test_an_operation_that_takes_too_long_and_one_that_nobody_waits_for_are_counted(pipeline, metrics):
    await run(pipeline, "{ slow }")
    left = asyncio.create_task(run(pipeline, "{ slow }"))
    await asyncio.sleep(0)
    left.cancel()
    await asyncio.gather(left, return_exceptions=True)

    assert operations(metrics) == {("query", "OPERATION_TIMED_OUT"): 1, ("query", "CANCELLED"): 1}


@pytest.mark.parametrize(
    ("query", "code", "events"),
    [("subscription { count(to: 3) }", "OK", 3), ("subscription { count(to: 2, fails: true) }", "BAD_USER_INPUT", 2)],
)
async def test_a_subscription_is_counted_at_its_end_and_its_results_as_they_come(
    pipeline, metrics, query, code, events
):
    operation = prepare(pipeline, query)
    with suppress(OperationRefusedError):
        async with aclosing(await pipeline.subscribe(operation)) as results:
            async for _ in results:
                assert metrics.registry.get_sample_value("caveat_subscriptions_open") == 1

    assert operations(metrics) == {("subscription", code): 1}
    assert metrics.registry.get_sample_value("caveat_graphql_events_total", {"code": "OK"}) == events
    assert metrics.registry.get_sample_value("caveat_subscriptions_open") == 0


async def test_a_subscription_that_its_client_ends_is_counted_as_such(pipeline, metrics):
    operation = prepare(pipeline, "subscription { tick }")
    async with aclosing(await pipeline.subscribe(operation)) as results:
        await anext(results)

    assert operations(metrics) == {("subscription", "CANCELLED"): 1}


async def test_documents_kept_and_parsed_anew_are_counted(pipeline, metrics):
    for query in ("{ hello }", "{ hello }", "{ number }"):
        await run(pipeline, query)

    read = metrics.registry.get_sample_value
    assert read("caveat_document_cache_hits_total") == 1
    assert read("caveat_document_cache_misses_total") == 2
    assert read("caveat_document_cache_entries") == 2


async def test_a_trusted_operation_is_counted_by_its_name(pipeline, metrics):
    async def find_text(request, _caller):
        return DocumentText(text=request.query, id="an id")

    pipeline.find_text = find_text
    for query in ("query Mine { hello }", "{ number }", "subscription Ours { count(to: 1) }"):
        operation = await pipeline.prepare(Request(query=query), STRANGER)
        if operation.is_subscription:
            _ = [result async for result in await pipeline.subscribe(operation)]
        else:
            await pipeline.execute(operation)

    [family] = [each for each in metrics.registry.collect() if each.name == "caveat_graphql_operations"]
    assert {sample.labels["operation"] for sample in family.samples} == {"Mine", "unnamed", "Ours"}

"""The pipeline over a schema that is marked: what it promises holds for compiled operations."""

import asyncio

import pytest
from graphql import GraphQLInt, GraphQLObjectType, GraphQLSchema, parse, specified_rules
from structlog.testing import capture_logs

from server.errors.machine import DatabaseUnavailableError
from server.errors.requests import BadUserInputError
from server.execution import pipeline as pipelines
from server.execution.compiler.programs import By
from server.execution.pipeline import Pipeline
from server.execution.watching import WatchedPipeline
from server.limits import Limits
from server.telemetry.metrics import Metrics
from tests.execution.compiler.comparing import program
from tests.execution.compiler.zoo import QUERY, called
from tests.execution.shop import prepare


def schema(answer):
    """A schema whose fields `now` and `later` are what a function gives."""

    def now(parent, info):
        return answer(info.context)

    async def later(parent, info):
        return answer(info.context)

    async def wait(parent, info):
        await asyncio.Event().wait()

    fields = {
        "now": called(GraphQLInt, now),
        "later": called(GraphQLInt, later, "waits"),
        "never": called(GraphQLInt, wait, "waits"),
    }
    return GraphQLSchema(GraphQLObjectType("Query", fields))


def made(answer=lambda _: 1, **options):
    return Pipeline(schema(answer), rules=specified_rules, new_context=lambda _: object(), **options)


async def ask(pipeline, query):
    """The payload of a query of a form that was asked for before."""
    program(pipeline.compilers[0], parse(query))
    result = await pipeline.execute(prepare(pipeline, query))
    assert pipeline.compilers[0].runs[By.COMPILED] == 1
    return result.payload


def failing(error):
    def fail(_):
        raise error

    return fail


async def test_a_query_gives_its_data():
    assert await ask(made(), "{ now later }") == {"data": {"now": 1, "later": 1}}


@pytest.mark.parametrize("field", ["now", "later"])
async def test_an_error_of_ours_keeps_its_message_place_and_code(field):
    payload = await ask(made(failing(BadUserInputError("Not like this."))), f"{{ {field} }}")

    error = {
        "message": "Not like this.",
        "locations": [{"line": 1, "column": 3}],
        "path": [field],
        "extensions": {"code": "BAD_USER_INPUT"},
    }
    assert payload == {"errors": [error], "data": {field: None}}


@pytest.mark.parametrize("field", ["now", "later"])
async def test_an_unexpected_error_is_masked_and_found_in_the_log(field):
    with capture_logs() as logs:
        payload = await ask(made(failing(RuntimeError("SELECT secret"))), f"{{ {field} }}")

    [error], logged = payload["errors"], logs[-1]
    assert "secret" not in str(payload)
    assert error["extensions"] == {"code": "INTERNAL_SERVER_ERROR", "incident": logged["incident"]}
    assert str(logged["exc_info"]) == "SELECT secret"


async def test_every_run_has_a_context_of_its_own():
    contexts = []
    pipeline = made(contexts.append)

    await ask(pipeline, "{ now later }")
    await pipeline.execute(prepare(pipeline, "{ now }"))

    first, again, other = contexts
    assert (first is again, first is other) == (True, False)


async def test_an_operation_that_takes_too_long_is_stopped():
    pipeline = made(limits=Limits(max_seconds=0))
    before = asyncio.all_tasks()

    payload = await ask(pipeline, "{ a: never b: never }")
    await asyncio.sleep(0)

    assert [error["extensions"]["code"] for error in payload["errors"]] == ["OPERATION_TIMED_OUT"]
    assert asyncio.all_tasks() == before


async def test_what_ran_operations_is_counted():
    metrics = Metrics()
    pipeline = WatchedPipeline(
        schema(lambda _: 1), metrics=metrics, rules=specified_rules, new_context=lambda _: object()
    )

    for query in ("{ now }", "{ now }", "{ a: now }", '{ __type(name: "x") { name } }'):
        await pipeline.execute(prepare(pipeline, query))

    read = metrics.registry.get_sample_value
    counts = {by: read("caveat_compiled_operations_total", {"outcome": by}) for by in By}
    assert counts == {"compiled": 2, "new": 1, "handed_over": 1}


async def test_a_trusted_document_stays_whatever_else_is_asked():
    pipeline = made()
    document = pipeline.documents.find("{ now }", is_trusted=True)

    for number in range(2_100):
        pipeline.documents.find(f"{{ now }} # {number}")

    assert pipeline.documents.find("{ now }") is document


async def test_an_event_that_can_not_be_read_now_comes_later(monkeypatch):
    monkeypatch.setattr(pipelines, "EVENT_PAUSE", 0)
    left = [3]

    async def follow(*_):
        yield 1
        yield 2

    async def read(parent, info):
        if left[0]:
            left[0] -= 1
            raise DatabaseUnavailableError
        return parent

    event = called(GraphQLInt, read, "waits")
    event.subscribe = follow
    subscription = GraphQLSchema(QUERY, subscription=GraphQLObjectType("Subscription", {"event": event}))
    pipeline = Pipeline(subscription, rules=specified_rules, new_context=lambda _: object())
    results = await pipeline.subscribe(prepare(pipeline, "subscription { event }"))

    assert [result.payload async for result in results] == [{"data": {"event": 1}}, {"data": {"event": 2}}]
    assert pipeline.compilers[0].runs == {By.COMPILED: 4, By.NEW: 1, By.HANDED_OVER: 0}

"""Events of a subscription while the database is away."""

import pytest
from graphql import GraphQLField, GraphQLInt, GraphQLObjectType, GraphQLSchema, GraphQLString

from server.errors.machine import DatabaseUnavailableError
from server.execution import pipeline
from server.execution.faults import OperationRefusedError
from server.execution.pipeline import Pipeline
from server.limits import Limits
from tests.execution.shop import prepare


def pipeline_failing(times):
    """A pipeline with a subscription of two events, which can't be told for so many times."""
    left = [times]

    async def follow(*_):
        yield 1
        yield 2

    def resolve(event, _info):
        if left[0]:
            left[0] -= 1
            raise DatabaseUnavailableError
        return event

    query = GraphQLObjectType("Query", {"x": GraphQLField(GraphQLString)})
    field = GraphQLField(GraphQLInt, subscribe=follow, resolve=resolve)
    schema = GraphQLSchema(query, subscription=GraphQLObjectType("Subscription", {"event": field}))
    return Pipeline(schema, rules=[], new_context=lambda _: None, limits=Limits())


@pytest.fixture(autouse=True)
def _hasty(monkeypatch):
    monkeypatch.setattr(pipeline, "EVENT_PAUSE", 0)


async def test_an_event_that_can_not_be_read_now_comes_later_and_in_its_place():
    failing = pipeline_failing(times=3)
    results = await failing.subscribe(prepare(failing, "subscription { event }"))

    assert [result.payload async for result in results] == [{"data": {"event": 1}}, {"data": {"event": 2}}]


async def test_a_subscription_whose_event_can_not_be_read_at_all_ends_with_the_reason():
    failing = pipeline_failing(times=1000)
    results = await failing.subscribe(prepare(failing, "subscription { event }"))

    with pytest.raises(OperationRefusedError) as caught:
        await anext(results)

    assert caught.value.errors[0]["extensions"] == {"code": "DATABASE_UNAVAILABLE"}

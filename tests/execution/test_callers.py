"""What a caller's rights change."""

from contextlib import aclosing
from dataclasses import replace

import pytest

from server.errors.limits import TooManyOperationsError
from server.execution.callers import Rights, Subscribers
from server.execution.faults import OperationRefusedError
from server.limits import Limits
from tests.execution.shop import STRANGER, ask, make_pipeline, prepare

INTROSPECTING = replace(STRANGER, rights=Rights(introspects=True))
SCHEMA = '{ __schema { queryType { name } } __type(name: "Item") { name } }'


def caller(address="here", **rights):
    return replace(STRANGER, address=address, rights=Rights(**rights))


def refusal(pipeline, query, *, caller=STRANGER):
    with pytest.raises(OperationRefusedError) as caught:
        prepare(pipeline, query, caller=caller)
    return caught.value


async def test_a_concealed_schema_is_shown_to_whom_it_may_be_and_to_nobody_after_that_one():
    pipeline = make_pipeline(conceals_schema=True)

    before = refusal(pipeline, SCHEMA).reason
    shown = await ask(SCHEMA, pipeline=pipeline, caller=INTROSPECTING)
    after = refusal(pipeline, SCHEMA).reason

    assert shown == {"data": {"__schema": {"queryType": {"name": "Query"}}, "__type": {"name": "Item"}}}
    assert (before, after) == ("INTROSPECTION_DISABLED", "INTROSPECTION_DISABLED")


async def test_a_type_that_is_concealed_from_one_is_shown_to_another_by_the_same_document():
    pipeline, query = make_pipeline(conceals_schema=True), '{ __type(name: "Item") { name } }'

    payloads = [await ask(query, pipeline=pipeline, caller=each) for each in (STRANGER, INTROSPECTING, STRANGER)]

    assert [payload["data"]["__type"] for payload in payloads] == [None, {"name": "Item"}, None]


def test_who_sees_the_schema_gets_suggestions():
    pipeline = make_pipeline(conceals_schema=True)

    assert str(refusal(pipeline, "{ helo }")) == "Cannot query field 'helo' on type 'Query'."
    assert "Did you mean 'hello'?" in str(refusal(pipeline, "{ helo }", caller=INTROSPECTING))


@pytest.mark.parametrize(("own", "most"), [(30, 30), (500, 100), (None, 100)])
def test_an_operation_costs_what_its_caller_may_ask_and_no_more_than_the_server_gives(own, most):
    pipeline = make_pipeline(limits=Limits(max_cost=100))

    refused = refusal(pipeline, "{ items(first: 1000) { nodes { name } } }", caller=caller(max_cost=own))

    assert refused.reason == "OPERATION_TOO_COSTLY"
    assert f"and has {most}:" in str(refused)


async def test_a_caller_has_so_many_subscriptions_and_another_has_its_own():
    pipeline, query = make_pipeline(), "subscription { tick }"
    mine, other = caller(max_subscriptions=1), caller("there", max_subscriptions=1)

    async def first(who):
        results = await pipeline.subscribe(prepare(pipeline, query, caller=who))
        return results, (await anext(results)).payload

    results, payload = await first(mine)
    async with aclosing(results):
        with pytest.raises(OperationRefusedError, match="At most 1 subscriptions"):
            await first(mine)
        beside, _ = await first(other)
        await beside.aclose()
    again, _ = await first(mine)
    await again.aclose()

    assert payload == {"data": {"tick": 1}}


def test_a_place_is_free_again_whatever_happened():
    subscribers = Subscribers()

    for _ in range(2):
        with pytest.raises(ValueError, match="x"), subscribers.one(caller(max_subscriptions=1)):
            raise ValueError("x")
    with (
        subscribers.one(caller(max_subscriptions=1)),
        pytest.raises(TooManyOperationsError),
        subscribers.one(caller(max_subscriptions=1)),
    ):
        pass

    assert subscribers._open == {}


def test_without_a_limit_of_its_own_a_caller_is_counted_and_not_refused():
    subscribers = Subscribers()

    with subscribers.one(caller()), subscribers.one(caller()):
        assert subscribers._open == {"address:here": 2}


def test_without_a_limit_of_its_own_a_caller_has_that_of_all():
    subscribers = Subscribers()
    subscribers.most = 1

    with subscribers.one(caller()), pytest.raises(TooManyOperationsError), subscribers.one(caller()):
        pass
    with subscribers.one(caller(max_subscriptions=2)), subscribers.one(caller(max_subscriptions=2)):
        assert subscribers._open == {"address:here": 2}

import asyncio

import pytest

from server.execution.faults import OperationRefusedError
from tests.execution.shop import Visit, make_pipeline, prepare


async def subscribe(query, **variables):
    pipeline = make_pipeline()
    return await pipeline.subscribe(prepare(pipeline, query, variables=variables))


async def test_a_subscription_gives_every_event():
    results = [result.payload async for result in await subscribe("subscription { count(to: 3) }")]

    assert results == [{"data": {"count": number}} for number in (1, 2, 3)]


async def test_every_event_has_a_context_of_its_own():
    results = [result.data["visit"] async for result in await subscribe("subscription { visit }")]

    assert results == [Visit.made - 1, Visit.made]


async def test_a_subscription_that_can_not_start_is_refused():
    with pytest.raises(OperationRefusedError) as caught:
        await subscribe("subscription { shut }")

    assert caught.value.errors[0]["message"] == "Closed today."
    assert caught.value.errors[0]["extensions"] == {"code": "BAD_USER_INPUT"}


async def test_a_subscription_with_a_variable_that_does_not_fit_is_refused():
    with pytest.raises(OperationRefusedError) as caught:
        await subscribe("subscription ($to: Int!) { count(to: $to) }", to="many")

    assert caught.value.errors[0]["extensions"] == {"code": "BAD_USER_INPUT"}


async def test_a_subscription_that_fails_on_its_way_ends_with_the_reason():
    stream = await subscribe("subscription { count(to: 1, fails: true) }")
    first = await anext(stream)

    with pytest.raises(OperationRefusedError) as caught:
        await anext(stream)

    assert first.payload == {"data": {"count": 1}}
    assert caught.value.errors == ({"message": "The counter is worn out.", "extensions": {"code": "BAD_USER_INPUT"}},)


async def test_a_subscription_that_is_left_leaves_nothing_behind():
    before = asyncio.all_tasks()
    stream = await subscribe("subscription { tick }")
    await anext(stream)

    await stream.aclose()

    assert asyncio.all_tasks() == before

import pytest

from server.errors.limits import RateLimitedError
from server.execution.callers import Rights
from server.execution.charges import Charges, Policy, Quota
from server.execution.faults import OperationRefusedError
from server.execution.operation import Request
from tests.execution.shop import STRANGER, make_pipeline, prepare

ITEMS = "query ($n: Int) { items(first: $n) { nodes { name } } }"


class Meter:
    """Has so much, and writes down what is taken."""

    def __init__(self, **most):
        self.most = {Policy(name): amount for name, amount in most.items()}
        self.taken = []

    async def __call__(self, _caller, amounts):
        self.taken.append(dict(amounts))
        return [self._take(policy, amount) for policy, amount in amounts.items()]

    def _take(self, policy, amount):
        left = self.most[policy] - sum(amounts.get(policy, 0) for amounts in self.taken)
        if is_exceeded := left < 0:
            self.taken[-1][policy] = 0
        left += amount * is_exceeded
        return Quota(policy=policy, most=self.most[policy], left=left, seconds=7, is_exceeded=is_exceeded)


def metered(**most):
    pipeline = make_pipeline()
    pipeline.meter = Meter(**most)
    return pipeline


async def test_an_admission_costs_a_request_and_says_what_is_left_of_both():
    pipeline, charges = metered(requests=2, cost=50), Charges()

    await pipeline.admit(STRANGER, charges)

    assert [(each.policy, each.left) for each in charges.quotas.values()] == [("requests", 1), ("cost", 50)]
    assert charges.retry_after is None


async def test_a_request_too_many_is_refused_with_the_time_to_wait():
    pipeline, charges = metered(requests=1, cost=50), Charges()
    await pipeline.admit(STRANGER, Charges())

    with pytest.raises(RateLimitedError, match="All 1 requests of this minute are made: ask again in 7") as caught:
        await pipeline.admit(STRANGER, charges)

    assert (caught.value.retry_after, charges.retry_after) == (7, 7)


async def test_an_operation_is_charged_what_it_costs_before_it_runs():
    pipeline, charges = metered(requests=1, cost=100), Charges()

    await pipeline.prepare(Request(query=ITEMS, variables={"n": 3}), STRANGER, charges=charges)

    assert pipeline.meter.taken == [{Policy.COST: 40}]
    assert charges.quotas[Policy.COST].left == 60


async def test_an_operation_that_nothing_is_left_for_is_refused_and_takes_nothing():
    pipeline, charges = metered(requests=1, cost=100), Charges()
    await pipeline.prepare(Request(query=ITEMS, variables={"n": 8}), STRANGER)

    with pytest.raises(OperationRefusedError, match="Of the cost of 100 in a minute 10 is left") as caught:
        await pipeline.prepare(Request(query=ITEMS, variables={"n": 1}), STRANGER, charges=charges)

    assert caught.value.errors[0]["extensions"] == {"code": "RATE_LIMITED", "retryAfter": 7}
    assert charges.retry_after == 7


async def test_an_invalid_document_costs_nothing():
    pipeline = metered(requests=1, cost=100)

    with pytest.raises(OperationRefusedError):
        await pipeline.prepare(Request(query="{ nothing }"), STRANGER)

    assert pipeline.meter.taken == []


async def test_what_costs_more_than_a_minute_is_refused_for_good():
    pipeline, charges = metered(requests=1, cost=30), Charges()
    await pipeline.admit(STRANGER, charges)

    with pytest.raises(OperationRefusedError) as caught:
        await pipeline.prepare(Request(query=ITEMS, variables={"n": 3}), STRANGER, charges=charges)

    assert caught.value.errors[0]["extensions"] == {"code": "OPERATION_TOO_COSTLY"}


async def test_a_response_tells_the_cost_to_who_asks_for_it():
    pipeline = metered(requests=1, cost=100)
    caller = type(STRANGER)(address="192.0.2.1", rights=Rights(max_cost=60))
    request = Request(query=ITEMS, variables={"n": 3}, extensions={"cost": True})

    result = await pipeline.execute(await pipeline.prepare(request, caller))

    assert result.payload["extensions"] == {"cost": {"requested": 40, "limit": 60, "remaining": 60}}


@pytest.mark.parametrize("asked", [{}, {"cost": False}, {"cost": "true"}, {"cost": 1}, {"cost": None}])
async def test_a_response_tells_the_cost_to_nobody_else(asked):
    pipeline = metered(requests=1, cost=100)

    result = await pipeline.execute(await pipeline.prepare(Request(query="{ hello }", extensions=asked), STRANGER))

    assert result.payload == {"data": {"hello": "hello world"}}


async def test_each_event_of_a_subscription_tells_the_cost():
    operation = prepare(make_pipeline(), "subscription { count(to: 1) }", extensions={"cost": True})

    results = [each.payload async for each in await make_pipeline().subscribe(operation)]

    assert results == [
        {"data": {"count": 1}, "extensions": {"cost": {"requested": 0, "limit": 50_000, "remaining": None}}}
    ]


class Minutes(Meter):
    """Is refilled whenever it was asked for too much: so short are its minutes."""

    def _take(self, policy, amount):
        quota = super()._take(policy, amount)
        if quota.is_exceeded:
            self.taken = [{}]
        return quota._replace(seconds=0)


async def test_each_event_of_a_subscription_is_charged():
    pipeline = metered(requests=1, cost=100)
    request = Request(query="subscription { sold }", extensions={"cost": True})
    operation = await pipeline.prepare(request, STRANGER)

    results = [each.payload async for each in await pipeline.subscribe(operation)]

    assert pipeline.meter.taken == [{Policy.COST: 10}] * 4
    assert [each["extensions"]["cost"]["remaining"] for each in results] == [80, 70, 60]


async def test_an_event_for_which_nothing_is_left_comes_in_the_next_minute():
    pipeline = make_pipeline()
    pipeline.meter = Minutes(cost=25)
    operation = await pipeline.prepare(Request(query="subscription { sold }"), STRANGER)

    results = [each.payload async for each in await pipeline.subscribe(operation)]

    assert results == [{"data": {"sold": number}} for number in (1, 2, 3)]
    assert pipeline.meter.taken == [{}, {Policy.COST: 10}, {Policy.COST: 10}]

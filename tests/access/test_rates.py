from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.access import rates
from server.access.clients import Caller
from server.access.counts import MemoryCounts
from server.access.rates import Rates
from server.execution.callers import Rights
from server.execution.charges import Policy, Quota
from server.limits import ClientLimits

NOON = 1_800_000_000.0
DEFAULTS = ClientLimits(requests_per_minute=5, cost_per_minute=100)


def caller(address="192.0.2.1", **rights):
    return Caller(address=address, rights=Rights(**rights))


@pytest.fixture
def clock(monkeypatch):
    """The time of day, at the beginning of a minute of everybody's."""

    class Clock:
        now = NOON

    monkeypatch.setattr(rates, "time", SimpleNamespace(time=lambda: Clock.now))
    monkeypatch.setattr(rates, "_beginning", lambda _: 0)
    return Clock


def quota(policy, **values):
    return Quota(policy=policy, **values)


async def take(meter, who, **amounts):
    return list(await meter(who, {Policy(name): amount for name, amount in amounts.items()}))


async def test_a_quota_says_what_is_left_and_until_when(clock):
    meter = Rates(MemoryCounts(), defaults=DEFAULTS)
    clock.now = NOON + 12.5

    assert await take(meter, caller(), requests=1, cost=30) == [
        quota(Policy.REQUESTS, most=5, left=4, seconds=48),
        quota(Policy.COST, most=100, left=70, seconds=48),
    ]


async def test_what_is_not_left_is_not_taken(clock):
    meter = Rates(MemoryCounts(), defaults=DEFAULTS)
    await take(meter, caller(), cost=90)

    refused = await take(meter, caller(), cost=11)

    assert refused == [quota(Policy.COST, most=100, left=10, seconds=60, is_exceeded=True)]
    assert await take(meter, caller(), cost=10) == [quota(Policy.COST, most=100, left=0, seconds=60)]


async def test_to_take_nothing_is_to_ask(clock):
    meter = Rates(MemoryCounts(), defaults=DEFAULTS)
    await take(meter, caller(), requests=5)

    assert await take(meter, caller(), requests=0) == [quota(Policy.REQUESTS, most=5, left=0, seconds=60)]


async def test_after_its_minute_a_caller_has_all_of_it_again(clock):
    meter = Rates(MemoryCounts(), defaults=DEFAULTS)
    await take(meter, caller(), requests=5)
    [refused] = await take(meter, caller(), requests=1)
    clock.now += refused.seconds

    assert await take(meter, caller(), requests=1) == [quota(Policy.REQUESTS, most=5, left=4, seconds=60)]


async def test_each_account_has_its_own(clock):
    meter = Rates(MemoryCounts(), defaults=DEFAULTS)
    await take(meter, caller("192.0.2.1"), requests=5)

    [other] = await take(meter, caller("192.0.2.2"), requests=1)

    assert other.left == 4


async def test_what_a_caller_may_goes_before_what_all_may(clock):
    meter = Rates(MemoryCounts(), defaults=DEFAULTS)

    [first] = await take(meter, caller(requests_per_minute=1), requests=1)
    [second] = await take(meter, caller(requests_per_minute=1), requests=1)
    [none] = await take(meter, caller(requests_per_minute=0), requests=1)

    assert [each.is_exceeded for each in (first, second, none)] == [False, True, True]


@given(account=st.text(), now=st.floats(min_value=0, max_value=4e9))
def test_a_minute_of_every_account_has_sixty_seconds(account, now):
    minute, left = rates._minute(account, now)

    assert 1 <= left <= 60
    assert rates._minute(account, now + 60)[0] == minute + 1
    assert rates._minute(account, now + left)[0] == minute + 1


def test_minutes_of_different_accounts_begin_at_different_seconds():
    assert len({rates._minute(f"address:192.0.2.{number}", NOON)[1] for number in range(200)}) > 40

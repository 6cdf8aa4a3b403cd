import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from server.access.clients import Caller
from server.execution.callers import Rights
from server.execution.freshness import Lifetime
from server.execution.operation import Result, Served
from server.web.caching import MOST_TAGS, Caching, may_be_kept

STRANGER = Caller(address="192.0.2.1", rights=Rights())
MINUTE = Lifetime(seconds=60)
ANSWER = Result(data={"tea": "green"}, tags=frozenset({"tea"}))


def told(result=ANSWER, lifetime=MINUTE, **caching):
    return dict(Caching(**caching).headers(result, lifetime, caller=STRANGER))


def number(name, control):
    found = re.search(rf"\b{name}=(\d+)", control)
    return int(found[1]) if found else 0


@given(st.integers(0, 60), st.integers(0, 86_400), st.integers(0, 10**6), st.booleans())
def test_nothing_is_shown_longer_than_it_may_be(seconds, stale_limit, shared_seconds, is_tagged):
    result = replace(ANSWER, tags=ANSWER.tags if is_tagged else None)
    headers = told(result, Lifetime(seconds=seconds), stale_limit=stale_limit, shared_seconds=shared_seconds)
    control = headers["cache-control"]
    fresh = number("max-age", control)

    assert fresh + number("stale-while-revalidate", control) == (seconds if is_tagged else 0)
    assert number("stale-if-error", control) == 0 or fresh + number("stale-if-error", control) == stale_limit
    assert ("s-maxage" in control) == (is_tagged and shared_seconds > 0 and seconds > 0)
    assert ("cache-tag" in headers) == (is_tagged and seconds > 0)


def test_what_can_not_be_purged_is_asked_for_each_time():
    unknown = replace(ANSWER, tags=None)

    assert told(unknown, shared_seconds=86_400) == {"cache-control": "public, no-cache"}


@given(st.sets(st.uuids(), max_size=60))
def test_tags_are_few_and_short_and_more_are_one(ids):
    result = replace(ANSWER, tags=frozenset(ids))
    headers = told(result, name=lambda each: each.hex, whole="all", coarse=("any",))
    names = headers["surrogate-key"].split(" ")

    assert headers["cache-tag"].split(",") == names
    assert len(names) < MOST_TAGS
    assert set(names) == {"all"} | ({each.hex for each in ids} if len(ids) <= MOST_TAGS - 2 else {"any"})


@pytest.mark.parametrize(
    "changes",
    [
        {"errors": ({"message": "No", "extensions": {"code": "BAD_USER_INPUT"}},)},
        {"data": None},
        {"is_refusal": True},
        {"extensions": {"cost": {}}},
        {"served": Served.STALE, "extensions": {"stale": True}},
        {"served": Served.STALE},
    ],
    ids=["errors", "no data", "refused", "costs", "stale", "stale without a word"],
)
def test_what_is_not_whole_and_current_nobody_keeps(changes):
    assert may_be_kept(ANSWER, MINUTE)
    assert not may_be_kept(replace(ANSWER, **changes), MINUTE)


def test_what_is_its_callers_own_nobody_keeps():
    assert not may_be_kept(ANSWER, Lifetime(seconds=60, is_private=True))


def test_what_is_stale_says_how_old_it_is():
    stale = replace(ANSWER, served=Served.STALE, age=12.3)

    assert told(stale, None) == {
        "age": "13",
        "cache-status": "Caveat; hit; ttl=-13; detail=stale",
        "cache-control": "no-store",
    }


@pytest.mark.parametrize(
    ("served", "status"), [(Served.KEPT, "Caveat; hit"), (Served.SHARED, "Caveat; fwd=miss; collapsed")]
)
def test_what_was_not_run_says_so(served, status):
    assert told(replace(ANSWER, served=served), None)["cache-status"] == status


def test_what_was_run_says_nothing():
    assert told(ANSWER, None) == {"cache-control": "no-store"}

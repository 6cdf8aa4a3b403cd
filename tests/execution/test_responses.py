import asyncio
import datetime
import gc
import tracemalloc
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.execution.encoding import Written
from server.execution.keepable import Key
from server.execution.operation import Result
from server.execution.receipts import Receipt
from server.execution.responses import AT_ONCE, Response, Responses

DAY = datetime.date(2026, 5, 15)


def response(name, tags="", data="x"):
    receipt = Receipt(document=None, fields=(), entities=((uuid.uuid4(), 1),))
    result = Result(written=Written(data), tags=frozenset(tags), receipt=receipt)
    return Response(Key("{ hello }", (("name", (str, name)),), day=DAY), result)


steps = st.one_of(
    st.tuples(st.just("keep"), st.integers(0, 8), st.frozensets(st.sampled_from("abc"))),
    st.tuples(st.just("drop"), st.frozensets(st.sampled_from("abc")), st.none()),
    st.tuples(st.just("clear"), st.none(), st.none()),
)


@given(st.lists(steps, max_size=30), st.integers(0, 30_000))
def test_nothing_is_kept_that_was_dropped_and_every_tag_is_known(taken, most_bytes):
    responses, current = Responses(most_bytes=most_bytes), {}
    for step, first, second in taken:
        if step == "keep":
            current[first] = response(str(first), tags=second)
            responses.keep(current[first])
        elif step == "drop":
            responses.drop(first)
            current = {name: each for name, each in current.items() if not each.tags & first}
        else:
            responses.drop(None)
            current = {}
        assert responses.size <= most_bytes
    found = {name: responses.find(response(str(name)).key) for name in range(9)}
    kept = [each for each in found.values() if each is not None]

    assert all(each in (None, current.get(name)) for name, each in found.items())
    bearing = {each for bearers in responses._by_tag.values() for each in bearers}
    assert bearing == {each for each in kept if each.tags}


async def test_of_many_that_are_dropped_none_is_found_though_they_leave_one_turn_after_the_other():
    responses = Responses(most_bytes=100_000_000)
    many = [response(str(number), tags="ab") for number in range(3 * AT_ONCE)]
    other, anew = response("other", tags="c"), response("0", tags="a")
    for each in (*many, other):
        responses.keep(each)

    responses.drop(frozenset("a"))
    found, left = [responses.find(each.key) for each in many], len(responses)
    responses.keep(anew)
    responses.drop(frozenset("b"))
    for _ in range(5):
        await asyncio.sleep(0)

    assert (set(found), left, responses.dropped) == ({None}, 2 * AT_ONCE + 1, 3 * AT_ONCE)
    assert (responses.find(anew.key), responses.find(other.key), len(responses)) == (anew, other, 2)
    assert responses.size == anew.size + other.size


@pytest.mark.parametrize(("length", "tags", "count"), [(1, 0, 600), (1, 12, 200), (3_000, 6, 150), (40_000, 1, 30)])
def test_what_is_kept_takes_no_more_memory_than_is_said(length, tags, count):
    responses = Responses(most_bytes=500_000)
    gc.collect()
    tracemalloc.start()
    for number in range(count):
        own = frozenset(("ANSWER", uuid.uuid4()) for _ in range(tags))
        each = response(str(number), tags=own, data="x" * length)
        responses.keep(each)
        responses.find(each.key)
    gc.collect()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert taken < 500_000


def test_keys_of_equal_parts_are_one_and_of_other_days_are_not():
    one, same, other = Key("a", 1, day=DAY), Key("a", 1, day=DAY), Key("a", 1, day=DAY + datetime.timedelta(days=1))

    assert (one == same, hash(one) == hash(same), one == other, one == "a") == (True, True, False, False)


def test_keys_of_one_hash_are_told_apart():
    one, other = Key("a", -1, day=DAY), Key("a", -2, day=DAY)  # -1 and -2 have the same hash

    assert (hash(one) == hash(other), one == other) == (True, False)

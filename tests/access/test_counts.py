import signal
import time
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from server.access import counts
from server.access.counts import MemoryCounts, SharedCounts
from tests.access.counting import free_port, needs_redis, running_redis, speak
from tests.waiting import until


@pytest.fixture
async def shared():
    port = free_port()
    made = SharedCounts(f"redis://127.0.0.1:{port}")
    made.port = port
    yield made
    await made.close()


async def test_a_count_grows_by_what_is_added():
    memory = MemoryCounts()

    assert [await memory.incr("a", 60, 1), await memory.incr("a", 60, 5), await memory.incr("a", 60, -2)] == [1, 6, 4]


async def test_counts_are_apart():
    memory = MemoryCounts()
    await memory.incr("a", 60)

    assert await memory.incr("b", 60) == 1


async def test_a_count_is_forgotten_after_its_time(monkeypatch):
    memory = MemoryCounts()
    await memory.incr("a", 60, 3)
    now = time.time()

    monkeypatch.setattr(counts, "time", SimpleNamespace(time=lambda: now + 61))

    assert await memory.incr("b", 60) == 1
    assert (dict(memory.storage), list(memory.expirations)) == ({"b": 1}, ["b"])


async def test_no_more_counts_are_kept_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(counts, "MOST_KEPT", 3)
    memory = MemoryCounts()

    for key in "abcde":
        await memory.incr(key, 60)

    assert list(memory.storage) == ["c", "d", "e"]


@needs_redis
async def test_two_that_share_a_redis_count_together(shared):
    async with running_redis(shared.port):
        other = SharedCounts(f"valkey://127.0.0.1:{shared.port}")

        assert [await shared.incr("a", 60, 2), await other.incr("a", 60, 3)] == [2, 5]
        assert (shared.is_shared, other.is_shared) == (True, True)
        await other.close()


@needs_redis
async def test_what_is_shared_is_forgotten_by_redis(shared):
    async with running_redis(shared.port):
        await shared.incr("requests/client:1/2", 65)

        assert await speak(shared.port, "KEYS", "*") == "*1\r\n$26\r\ncaveat:requests/client:1/2\r\n"
        assert await speak(shared.port, "TTL", "caveat:requests/client:1/2") == ":65\r\n"


async def test_where_redis_is_away_the_process_counts_alone_and_says_so_once(shared):
    with capture_logs() as events:
        found = [await shared.incr("a", 60), await shared.incr("a", 60), await shared.incr("a", 60)]

    assert (found, shared.is_shared) == ([1, 2, 3], False)
    assert [(event["event"], event["log_level"]) for event in events] == [
        ("rate limits are counted by each process alone", "warning")
    ]


async def test_while_redis_is_away_it_is_tried_once_in_a_while(shared, monkeypatch):
    tries = []

    async def fail(*_arguments):
        tries.append(1)
        raise ConnectionRefusedError

    monkeypatch.setattr(shared._storage, "incr", fail)
    monkeypatch.setattr(counts, "PAUSE", 3600)

    assert [await shared.incr("a", 60) for _ in range(50)] == list(range(1, 51))
    assert len(tries) == 2  # the second over a new connection


@needs_redis
async def test_a_redis_that_comes_back_is_shared_again(shared, monkeypatch):
    monkeypatch.setattr(counts, "PAUSE", 0.05)
    await shared.incr("a", 60, 7)

    async with running_redis(shared.port):
        with capture_logs() as events:
            await until(lambda: _is_shared(shared))

    assert [event["event"] for event in events] == ["rate limits are shared again"]


@needs_redis
async def test_a_redis_that_does_not_answer_is_not_waited_for(shared, monkeypatch):
    monkeypatch.setattr(counts, "PATIENCE", 0.05)
    async with running_redis(shared.port) as redis:
        await shared.incr("a", 60)
        redis.send_signal(signal.SIGSTOP)

        assert (await shared.incr("a", 60), shared.is_shared) == (1, False)
        redis.send_signal(signal.SIGCONT)


@needs_redis
async def test_a_redis_that_refuses_the_password_fails_nothing(shared):
    async with running_redis(shared.port, "--requirepass", "another"):
        assert (await shared.incr("a", 60), shared.is_shared) == (1, False)


async def _is_shared(shared):
    await shared.incr("a", 60)
    return shared.is_shared

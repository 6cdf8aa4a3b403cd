"""The listener: it hears everything, or says that it may not."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import asyncpg
import pytest
from structlog.testing import capture_logs

from server.db.listen import DEAF, HEARING, LEASE, Listener
from tests.databases import Databases
from tests.waiting import PATIENCE, until

LISTENERS = """select coalesce(max(pid), 0) from pg_stat_activity
    where datname = $1 and (query like 'LISTEN%' or query = 'select 1')"""


@dataclass
class Heard:
    """What the listener said, in order."""

    words: list[str] = field(default_factory=list)

    def said(self, *words: str):
        async def has() -> bool:
            return self.words == list(words)

        return has


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
async def listener(database_url: str, heard: Heard) -> AsyncIterator[Listener]:
    async with Listener(
        database_url,
        {
            "news": lambda payload: heard.words.append(f"notified {payload}"),
            "weather": lambda payload: heard.words.append(f"warned {payload}"),
        },
        on_connect=lambda: heard.words.append("connected"),
        on_lost=lambda: heard.words.append("lost"),
    ) as opened:
        await opened.connected()
        yield opened


async def test_it_says_that_it_hears_and_what_it_hears(listener: Listener, heard: Heard, engine):
    await _notify(engine, "1", "2")
    await until(heard.said("connected", "notified 1", "notified 2"))
    assert listener.is_connected
    assert listener.deaf_since is None


async def test_every_channel_has_who_hears_it(listener: Listener, heard: Heard, engine):
    await _notify(engine, "1", channel="weather")
    await _notify(engine, "2")
    await until(heard.said("connected", "warned 1", "notified 2"))


async def test_a_connection_that_ends_is_told_and_made_again(
    listener: Listener, heard: Heard, databases: Databases, engine
):
    await databases.execute(f"select pg_terminate_backend({await _backend(databases, listener)})")
    await until(heard.said("connected", "lost", "connected"))
    await _notify(engine, "3")
    await until(heard.said("connected", "lost", "connected", "notified 3"))


async def test_operators_read_that_it_was_lost_and_is_back(listener: Listener, heard: Heard, databases: Databases):
    with capture_logs() as logs:
        await databases.execute(f"select pg_terminate_backend({await _backend(databases, listener)})")
        await until(heard.said("connected", "lost", "connected"))
        await listener.close()

    assert [(entry["log_level"], entry["event"]) for entry in logs] == [("warning", DEAF), ("info", HEARING)]
    assert 0 < logs[1]["seconds"] < PATIENCE


async def test_it_is_sure_as_long_as_the_connection_proves_its_life(listener: Listener, databases: Databases):
    async def is_sure() -> bool:
        return listener.is_sure

    backend = await _backend(databases, listener)
    await asyncio.sleep(2 * LEASE)
    await until(is_sure)
    os.kill(backend, signal.SIGSTOP)
    try:
        await asyncio.sleep(LEASE + 0.05)
        assert not listener.is_sure
    finally:
        os.kill(backend, signal.SIGCONT)
    await until(is_sure)


async def test_a_proof_is_as_old_as_the_statement_that_gave_it(database_url: str, monkeypatch: pytest.MonkeyPatch):
    add_listener = asyncpg.Connection.add_listener

    async def add_slowly(connection: asyncpg.Connection, *listener: object) -> None:
        await add_listener(connection, *listener)
        await asyncio.sleep(LEASE + 0.05)

    monkeypatch.setattr(asyncpg.Connection, "add_listener", add_slowly)
    async with Listener(database_url, {"news": lambda _: None}) as listener:
        await listener.connected()

        assert not listener.is_sure


async def test_a_connection_that_is_silent_is_told(listener: Listener, heard: Heard, databases: Databases):
    backend = await _backend(databases, listener)
    os.kill(backend, signal.SIGSTOP)
    try:
        await until(heard.said("connected", "lost", "connected"))
    finally:
        os.kill(backend, signal.SIGCONT)


async def test_it_is_deaf_before_it_is_opened_and_after_it_is_closed(database_url: str):
    listener = Listener(database_url, {"news": lambda _: None})
    assert not listener.is_connected
    assert not listener.is_sure
    await listener.open()
    await listener.connected()
    await listener.close()
    assert not listener.is_connected
    assert listener.deaf_since is not None


async def test_it_waits_for_a_database_that_is_not_there():
    async with Listener("postgresql://caveat@127.0.0.1:1/caveat", {"news": lambda _: None}) as listener:
        assert not listener.is_connected


async def _notify(engine, *payloads: str, channel: str = "news") -> None:
    async with engine.transaction() as session:
        for payload in payloads:
            await (await session.connection()).exec_driver_sql(f"notify {channel}, '{payload}'")


async def _backend(databases: Databases, listener: Listener) -> int:
    name = listener._url.rpartition("/")[2].partition("?")[0]
    return await databases.fetch_value(LISTENERS, name)


async def test_whatever_goes_wrong_it_listens_again(database_url: str, engine):
    heard = Heard()

    def stumble() -> None:
        heard.words.append("connected")
        if len(heard.words) == 1:
            raise ValueError("stumbled")

    with capture_logs() as logs:
        async with Listener(database_url, {"news": heard.words.append}, on_connect=stumble):
            await until(heard.said("connected", "connected"))
            await _notify(engine, "1")
            await until(heard.said("connected", "connected", "1"))
    assert [entry["event"] for entry in logs] == ["listener failed", DEAF, HEARING]

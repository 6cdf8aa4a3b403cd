"""The origins that clients name, as a process knows them."""

import pytest

from server.access.registration import change_rights, revoke_keys
from server.access.registry import Registry
from server.access.rows import CHANNEL
from server.db.listen import Listener
from server.execution.callers import Rights
from tests.access.registering import register
from tests.waiting import until


@pytest.fixture
async def registry(reads):
    """Hears of nothing."""
    async with Registry(reads, anonymous=Rights()) as opened:
        yield opened


@pytest.fixture
async def hearing(registry, database_url):
    """Hears of every change."""
    async with Listener(database_url, {CHANNEL: lambda _: registry.forget()}) as listener:
        await listener.connected()
        yield registry


async def test_an_origin_is_named_as_long_as_a_client_names_it(hearing, engine):
    async def is_named():
        return hearing.names_origin("https://a.example.org")

    async def is_not_named():
        return not hearing.names_origin("https://a.example.org")

    assert await is_not_named()
    await register(engine, origins=["https://*.example.org"])
    await until(is_named)
    await change_rights(engine, "app", rights={"origins": []})
    await until(is_not_named)


async def test_origins_that_could_not_be_read_are_read_later_though_nothing_changes_any_more(
    registry, engine, reads, monkeypatch
):
    plain, failed = reads.fetch_value, []

    async def fetch_value(sql, *args):
        if "origins" in sql and not failed:
            failed.append(sql)
            raise RuntimeError
        return await plain(sql, *args)

    async def is_named():
        return registry.names_origin("https://a.example.org")

    await register(engine, origins=["https://a.example.org"])
    monkeypatch.setattr(reads, "fetch_value", fetch_value)
    registry.forget()

    await until(is_named)
    assert len(failed) == 1


async def test_origins_that_can_not_be_read_keep_no_session_of_a_revoked_key_open(registry, engine, reads, monkeypatch):
    plain = reads.fetch_value

    async def fetch_value(sql, *args):
        if "origins" in sql:
            raise RuntimeError
        return await plain(sql, *args)

    async def has_ended():
        return session.ended.is_set()

    key = await register(engine)
    monkeypatch.setattr(reads, "fetch_value", fetch_value)
    with registry.session(await registry.caller(key.text, address="here")) as session:
        registry.forget()
        await revoke_keys(engine, "app", public=key.public)
        await until(has_ended)

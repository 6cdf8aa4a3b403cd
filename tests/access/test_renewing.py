"""A key that is in use is read anew before what is known of it is old."""

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from server.access import known
from server.access.registration import revoke_keys
from server.access.registry import Registry
from server.errors.callers import KeyRevokedError
from tests.access.registering import register
from tests.waiting import until


@pytest.fixture
async def registry(reads, monkeypatch):
    """Hears of nothing, and has everything read anew that is asked for."""
    monkeypatch.setattr(known, "RENEWED_SECONDS", 0)
    async with Registry(reads, anonymous=None) as opened:
        yield opened


def is_known(registry, key):
    """Who is behind a key, once that is known without asking."""

    async def find():
        caller = registry.known_caller(key.shown, address="here")
        if caller is None:
            await registry.caller(key.text, address="here")
        return caller

    return find


def are_renewed(registry, reads, *, keys):
    """Whether keys in use are read, without anybody who waits for it."""
    sent = None

    async def look():
        nonlocal sent
        if sent is not None and reads.statements > sent:
            return True
        are_known = all(registry.known_caller(key.shown, address="here") for key in keys)
        for key in [] if are_known else keys:
            await registry.caller(key.text, address="here")
        sent = reads.statements if are_known else None
        return False

    return look


async def test_a_key_in_use_is_read_anew_before_it_is_old(registry, engine, reads):
    keys = [await register(engine, name) for name in ("one", "two")]

    await until(are_renewed(registry, reads, keys=keys))


async def test_what_is_read_anew_counts_at_once(registry, engine):
    key = await register(engine, "one")
    await until(is_known(registry, key))

    await revoke_keys(engine, "one")

    async def is_dead():
        return registry.known_caller(key.shown, address="here") is None

    await until(is_dead)
    with pytest.raises(KeyRevokedError):
        await registry.caller(key.text, address="here")


async def execute(engine, statement):
    async with engine.transaction() as session:
        await session.execute(text(statement))


async def test_a_failure_that_nobody_foresaw_is_told_and_keys_are_read_anew_as_ever(registry, engine, reads):
    key = await register(engine, "one")
    await until(is_known(registry, key))

    with capture_logs() as events:
        await execute(engine, "alter table client_key rename to elsewhere")

        async def is_told():
            registry.known_caller(key.shown, address="here")
            return events != []

        await until(is_told)
        await execute(engine, "alter table elsewhere rename to client_key")

    assert {event["event"] for event in events} == {"keys in use could not be read anew"}
    await until(are_renewed(registry, reads, keys=[key]))

"""A key that is in use is read anew before what is known of it is old."""

import pytest

import server.access.registry
from server.access.registration import revoke_keys
from server.access.registry import Registry
from server.errors.callers import KeyRevokedError
from tests.access.registering import register
from tests.waiting import until


@pytest.fixture
async def registry(reads, monkeypatch):
    """Hears of nothing, and has everything read anew that is asked for."""
    monkeypatch.setattr(server.access.registry, "RENEWED_SECONDS", 0)
    async with Registry(reads, anonymous=None) as opened:
        yield opened


def known(registry, key):
    """Who is behind a key, once that is known without asking."""

    async def find():
        caller = registry.known_caller(key.shown, address="here")
        if caller is None:
            await registry.caller(key.text, address="here")
        return caller

    return find


async def test_a_key_in_use_is_read_anew_before_it_is_old(registry, engine, reads):
    keys = [await register(engine, name) for name in ("one", "two")]
    sent = None

    async def are_renewed():
        nonlocal sent
        if sent is not None and reads.statements > sent:
            return True
        are_known = all(registry.known_caller(key.shown, address="here") for key in keys)
        for key in [] if are_known else keys:
            await registry.caller(key.text, address="here")
        sent = reads.statements if are_known else None
        return False

    await until(are_renewed)


async def test_what_is_read_anew_counts_at_once(registry, engine):
    key = await register(engine, "one")
    await until(known(registry, key))

    await revoke_keys(engine, "one")

    async def is_dead():
        return registry.known_caller(key.shown, address="here") is None

    await until(is_dead)
    with pytest.raises(KeyRevokedError):
        await registry.caller(key.text, address="here")

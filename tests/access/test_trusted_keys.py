"""Keys while the database is away."""

import asyncio
from dataclasses import replace

import pytest

from server.access.known import FRESH_SECONDS
from server.access.registration import revoke_keys
from server.access.registry import Registry
from server.errors.callers import KeyRevokedError, UnauthenticatedError
from server.errors.machine import DatabaseUnavailableError
from server.execution.callers import Rights
from tests.access.registering import register

ANYBODY = Rights()


@pytest.fixture
async def trusting(reads):
    """Trusts what it read while the database is away, as it always is to it."""
    async with Registry(reads, anonymous=ANYBODY, is_in_doubt=lambda: True, stale_limit=300) as opened:
        yield opened


async def age(registry, seconds):
    """Makes what was read of keys older."""
    for public, known in list(registry._keys._kept.items()):
        registry._keys._kept[public] = replace(known, read_at=known.read_at - seconds)


async def test_a_key_that_was_good_is_trusted_while_the_database_is_away(trusting, engine, reads):
    key = await register(engine)
    caller = await trusting.caller(key.text, address="here")
    await age(trusting, FRESH_SECONDS + 1)
    await reads.close()

    assert await trusting.caller(key.text, address="here") == caller


@pytest.mark.parametrize("what", ["too old", "forgotten", "never read", "another secret"])
async def test_no_other_key_is_trusted_then(trusting, engine, reads, what):
    key = await register(engine)
    if what != "never read":
        await trusting.caller(key.text, address="here")
    await age(trusting, 301 if what == "too old" else FRESH_SECONDS + 1)
    if what == "forgotten":
        trusting.forget()
    await reads.close()

    forged = f"{key.text[:-4]}{'aaaa' if key.text[-4:] != 'aaaa' else 'bbbb'}"
    with pytest.raises((DatabaseUnavailableError, UnauthenticatedError)):
        await trusting.caller(forged if what == "another secret" else key.text, address="here")


async def test_a_key_that_is_known_to_be_revoked_stays_so_while_the_database_is_away(trusting, engine, reads):
    key = await register(engine)
    caller = await trusting.caller(key.text, address="here")
    with trusting.session(caller) as session:
        await revoke_keys(engine, "app")
        async with asyncio.timeout(20):
            await session.ended.wait()  # what looks after sessions has read it
    await age(trusting, FRESH_SECONDS + 1)
    await reads.close()

    with pytest.raises(KeyRevokedError):
        await trusting.caller(key.text, address="here")


async def test_where_the_database_is_not_known_to_be_away_no_key_is_trusted(engine, reads):
    registry = Registry(reads, anonymous=ANYBODY, stale_limit=300)
    key = await register(engine)
    await registry.caller(key.text, address="here")
    await age(registry, FRESH_SECONDS + 1)
    await reads.close()

    with pytest.raises(DatabaseUnavailableError):
        await registry.caller(key.text, address="here")

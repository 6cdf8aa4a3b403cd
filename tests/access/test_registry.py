import asyncio
import datetime

import pytest

from server.access.guesses import MOST
from server.access.keys import PUBLISHABLE, SECRET, Key, new_key
from server.access.known import FRESH_SECONDS
from server.access.registration import change_rights, revoke_keys, rotate_key
from server.access.registry import Registry
from server.access.rows import CHANNEL
from server.db.listen import Listener
from server.errors.callers import KeyExpiredError, KeyRequiredError, KeyRevokedError, UnauthenticatedError
from server.errors.limits import RateLimitedError
from server.errors.machine import DatabaseUnavailableError
from server.execution.callers import Rights
from tests.access.registering import register
from tests.waiting import until

ANYBODY = Rights(max_cost=7)


@pytest.fixture
async def registry(reads):
    """Hears of nothing."""
    async with Registry(reads, anonymous=ANYBODY) as opened:
        yield opened


@pytest.fixture
async def hearing(reads, database_url):
    """Hears of every change."""
    opened = Registry(reads, anonymous=ANYBODY)
    async with opened, Listener(database_url, {CHANNEL: lambda _: opened.forget()}) as listener:
        await listener.connected()
        yield opened


async def refusal(registry, token, address="here"):
    """The class of the error that a key meets."""
    try:
        await registry.caller(token, address=address)
    except (UnauthenticatedError, RateLimitedError) as error:
        return type(error)
    return None


def ended(session):
    async def has_ended():
        return session.ended.is_set()

    return has_ended


async def test_who_has_no_key_is_the_anonymous_client(registry):
    caller = await registry.caller(None, address="here")

    assert (caller.client, caller.key, caller.rights, caller.account) == (None, None, ANYBODY, "address:here")


async def test_where_there_is_no_anonymous_client_a_key_is_required(reads):
    assert await refusal(Registry(reads, anonymous=None), None) is KeyRequiredError


async def test_a_key_is_its_clients(registry, engine):
    key = await register(engine, "Portal", max_cost=3, topics=["heart"])

    caller = await registry.caller(key.text, address="here")

    assert (caller.client.name, caller.key, caller.rights) == ("Portal", key.public, Rights(max_cost=3))
    assert (caller.account, caller.audience.topics) == (f"client:{caller.client.id}", ("heart",))


async def test_a_key_that_is_known_costs_no_statement(registry, engine, reads):
    key = await register(engine)
    await registry.caller(key.text, address="here")
    before = reads.statements

    for _ in range(100):
        await registry.caller(key.text, address="here")

    assert reads.statements == before


@pytest.mark.parametrize("change", ["public", "secret", "form", "kind", "nonsense", "empty"])
async def test_what_is_no_key_opens_nothing_and_tells_nothing(registry, engine, change):
    key, other = await register(engine), new_key(SECRET)
    texts = {
        "public": Key(form=key.form, public=other.public, secret=key.secret).text,
        "secret": Key(form=key.form, public=key.public, secret=other.secret).text,
        "form": key.text.upper(),
        "kind": Key(form=PUBLISHABLE, public=key.public, secret=key.secret).text,
        "nonsense": "hunter2",
        "empty": "",
    }

    with pytest.raises(UnauthenticatedError) as caught:
        await registry.caller(texts[change], address="here")

    assert caught.value.code == "KEY_INVALID"
    assert caught.value.message == UnauthenticatedError().message


async def test_a_key_that_is_dead_says_so_to_its_owner_alone(registry, engine):
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(milliseconds=200)
    expired, revoked = await register(engine, "expired", expires_at=soon), await register(engine, "revoked")
    await revoke_keys(engine, "revoked")

    async def has_expired():
        return await refusal(registry, expired.text) is KeyExpiredError

    await until(has_expired)
    assert await refusal(registry, revoked.text) is KeyRevokedError
    for dead in (expired, revoked):
        assert (
            await refusal(registry, Key(form=SECRET, public=dead.public, secret="a" * 36).text) is UnauthenticatedError
        )


async def test_a_key_that_is_revoked_is_dead_as_soon_as_it_is_heard(hearing, engine):
    key = await register(engine)
    await hearing.caller(key.text, address="here")

    await revoke_keys(engine, "app")
    began = asyncio.get_running_loop().time()

    async def is_dead():
        return await refusal(hearing, key.text) is KeyRevokedError

    await until(is_dead)
    assert asyncio.get_running_loop().time() - began < FRESH_SECONDS


async def test_a_key_that_is_revoked_unheard_is_dead_within_a_second(registry, engine):
    key = await register(engine)
    await registry.caller(key.text, address="here")
    await revoke_keys(engine, "app")
    began = asyncio.get_running_loop().time()

    async def is_dead():
        return await refusal(registry, key.text) is KeyRevokedError

    await until(is_dead)
    assert asyncio.get_running_loop().time() - began < 1


async def test_rights_that_changed_are_those_of_the_next_caller(hearing, engine):
    key = await register(engine)
    await hearing.caller(key.text, address="here")
    await change_rights(engine, "app", rights={"max_cost": 9})

    async def has_changed():
        return (await hearing.caller(key.text, address="here")).rights == Rights(max_cost=9)

    await until(has_changed)


async def test_what_was_read_while_clients_changed_is_not_kept(registry, engine, reads):
    key = await register(engine)
    looking = asyncio.create_task(registry.caller(key.text, address="here"))
    await asyncio.sleep(0)
    registry.forget()
    await looking
    before = reads.statements

    await registry.caller(key.text, address="here")

    assert reads.statements > before


async def test_without_a_database_no_key_opens(registry, engine, reads):
    key = await register(engine)
    await reads.close()

    with pytest.raises(DatabaseUnavailableError):
        await registry.caller(key.text, address="here")


async def test_who_guesses_is_slowed_down_and_nobody_else(registry, engine):
    key, guess = await register(engine), new_key(SECRET).text
    await registry.caller(key.text, address="there")
    refusals = [await refusal(registry, guess) for _ in range(MOST + 1)]

    assert refusals == [UnauthenticatedError] * MOST + [RateLimitedError]
    assert await refusal(registry, guess, "there") is UnauthenticatedError
    assert await refusal(registry, None) is None


async def test_a_guess_too_many_costs_no_statement(registry, reads):
    for _ in range(MOST):
        await refusal(registry, new_key(SECRET).text)
    before = reads.statements

    assert await refusal(registry, new_key(SECRET).text) is RateLimitedError
    assert reads.statements == before


async def test_a_client_that_is_known_suffers_from_no_guesser_beside_it(registry, engine):
    key = await register(engine)
    await registry.caller(key.text, address="here")
    for _ in range(MOST):
        await refusal(registry, "nonsense")

    assert await refusal(registry, key.text) is None
    registry.forget()  # some client changed
    assert await refusal(registry, key.text) is None
    assert await refusal(registry, Key(form=SECRET, public=key.public, secret="a" * 36).text) is RateLimitedError


async def test_what_is_open_for_a_key_ends_when_it_is_revoked_heard_or_not(registry, hearing, engine):
    key = await register(engine)
    for each in (registry, hearing):
        with each.session(await each.caller(key.text, address="here")) as session:
            assert not session.ended.is_set()
            await revoke_keys(engine, "app", public=key.public)
            await until(ended(session))

        assert type(session.error) is KeyRevokedError
        key = await rotate_key(engine, "app", overlap=datetime.timedelta(), expires_at=None)


async def test_what_is_open_for_a_key_ends_when_it_expires(registry, engine):
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(milliseconds=500)
    key = await register(engine, expires_at=soon)

    with registry.session(await registry.caller(key.text, address="here")) as session:
        await until(ended(session))

    assert type(session.error) is KeyExpiredError
    assert datetime.datetime.now(datetime.UTC) - soon < datetime.timedelta(seconds=1)


async def test_what_is_open_for_a_client_ends_without_an_error_when_its_rights_change(hearing, engine):
    key = await register(engine)
    other = await register(engine, "other")

    with (
        hearing.session(await hearing.caller(key.text, address="here")) as session,
        hearing.session(await hearing.caller(other.text, address="here")) as beside,
        hearing.session(await hearing.caller(None, address="here")) as anonymous,
    ):
        await change_rights(engine, "app", rights={"max_cost": 9})
        await until(ended(session))

        assert session.error is None
        assert not beside.ended.is_set()
        assert not anonymous.ended.is_set()


async def test_what_changed_between_a_caller_and_its_session_is_seen(hearing, engine):
    key = await register(engine)
    caller = await hearing.caller(key.text, address="here")
    await revoke_keys(engine, "app")

    with hearing.session(caller) as session:
        await until(ended(session))


async def test_what_is_closed_is_looked_after_no_longer(registry, engine, reads):
    key = await register(engine)
    with registry.session(await registry.caller(key.text, address="here")):
        pass

    assert registry._sessions == set()

import asyncio
import datetime

import pytest

from server.access.clients import ClientKind
from server.access.registration import (
    change_rights,
    find_client,
    keys_of,
    list_clients,
    revoke_keys,
    rotate_key,
)
from server.access.rows import CHANNEL
from server.db.listen import Listener
from server.errors.content import NotFoundError, RefusedError
from server.execution.callers import Rights
from tests.access.registering import register
from tests.waiting import until

WEEK = datetime.timedelta(days=7)


def now():
    return datetime.datetime.now(datetime.UTC)


async def client_of(engine, name="app"):
    async with engine.transaction() as session:
        return await find_client(session, name)


async def live_keys(engine, name="app"):
    """The public parts of the keys that open, newest first."""
    async with engine.transaction() as session:
        client = await find_client(session, name)
        return [key.public for key in await keys_of(session, client.id) if key.is_live(now())]


async def test_a_client_is_kept_with_what_was_said_of_it(engine):
    rights = {"topics": ["b", "a", "b"], "locales": ["en"], "default_locale": "en", "max_cost": 7, "introspects": True}
    await register(engine, shows_calls=False, origins=["https://App.example.org"], **rights)

    client = await client_of(engine)

    assert (client.name, client.kind, client.origins) == ("app", ClientKind.PARTNER, ("https://app.example.org",))
    assert client.rights == Rights(max_cost=7, introspects=True)
    assert (client.audience.topics, client.audience.locales) == (("a", "b"), ("en",))
    assert (client.audience.default_locale, client.audience.shows_calls) == ("en", False)


async def test_of_a_key_its_digest_is_kept_and_nothing_more(engine, reads):
    key = await register(engine)

    [row] = await reads.fetch("select * from client_key")
    dumped = await reads.fetch_value(
        "select string_agg(t, '') from (select c::text || k::text t from client c, client_key k) x"
    )
    assert (row["public"], row["digest"]) == (key.public, key.digest)
    assert key.secret not in dumped


async def test_a_name_that_is_taken_is_refused_and_nothing_is_written(engine, reads):
    await register(engine)
    both = await asyncio.gather(*(register(engine, "other") for _ in range(2)), return_exceptions=True)

    with pytest.raises(RefusedError, match="a client named `app` already"):
        await register(engine)
    assert [type(each) for each in both].count(RefusedError) == 1
    assert await reads.fetch_value("select count(*) from client_key") == 2


@pytest.mark.parametrize("name", ["", " app", "app ", "a\nb", "a" * 101, "\x1b[31m"])
async def test_a_name_is_one_line(engine, name):
    with pytest.raises(RefusedError, match="one line"):
        await register(engine, name)


@pytest.mark.parametrize("kind", [ClientKind.WEB, ClientKind.MOBILE])
@pytest.mark.parametrize("opening", [{"is_bound": False}, {"registers_documents": True}, {"introspects": True}])
async def test_an_app_asks_trusted_documents_only(engine, reads, kind, opening):
    await register(engine, kind=kind)

    with pytest.raises(RefusedError, match="trusted documents only"):
        await register(engine, "other", kind=kind, **opening)
    with pytest.raises(RefusedError, match="trusted documents only"):
        await change_rights(engine, "app", rights=opening)
    assert (await client_of(engine)).rights == Rights(is_bound=True)
    assert await reads.fetch_value("select count(*) from client") == 1


@pytest.mark.parametrize("bounds", [{"topics": []}, {"locales": []}])
async def test_to_be_confined_to_nothing_is_refused(engine, bounds):
    with pytest.raises(RefusedError, match="served nothing"):
        await register(engine, **bounds)


async def test_rights_that_are_named_are_changed_and_others_stay(engine):
    await register(engine, topics=["a"], max_cost=7)

    changed = await change_rights(engine, "app", rights={"topics": None, "max_subscriptions": 3})

    assert changed == await client_of(engine)
    assert (changed.rights, changed.audience.topics) == (Rights(max_cost=7, max_subscriptions=3), None)


async def test_two_keys_live_side_by_side_while_one_is_rotated(engine):
    first = await register(engine)
    second = await rotate_key(engine, "app", overlap=WEEK, expires_at=None)

    with pytest.raises(RefusedError, match=f"two live keys already .{second.public}, {first.public}"):
        await rotate_key(engine, "app", overlap=WEEK, expires_at=None)
    assert await live_keys(engine) == [second.public, first.public]


async def test_two_who_rotate_at_once_leave_two_keys(engine):
    await register(engine)

    rotating = (rotate_key(engine, "app", overlap=WEEK, expires_at=None) for _ in range(4))
    outcomes = await asyncio.gather(*rotating, return_exceptions=True)

    assert [type(each) for each in outcomes].count(RefusedError) == 3
    assert len(await live_keys(engine)) == 2


async def test_without_an_overlap_the_key_before_is_dead(engine):
    await register(engine)

    key = await rotate_key(engine, "app", overlap=datetime.timedelta(), expires_at=None)

    assert await live_keys(engine) == [key.public]


async def test_a_key_that_expires_before_the_overlap_lives_no_longer_for_it(engine):
    soon = now() + datetime.timedelta(days=1)
    await register(engine, expires_at=soon)

    await rotate_key(engine, "app", overlap=WEEK, expires_at=None)

    async with engine.transaction() as session:
        keys = await keys_of(session, (await find_client(session, "app")).id)
    assert [key.expires_at for key in keys] == [None, soon]


async def test_a_key_is_not_made_expired(engine, reads):
    with pytest.raises(RefusedError, match="expired already"):
        await register(engine, expires_at=now() - WEEK)
    assert await reads.fetch_value("select count(*) from client") == 0


async def test_one_key_is_revoked_or_all_of_them(engine):
    first = await register(engine)
    second = await rotate_key(engine, "app", overlap=WEEK, expires_at=None)

    assert await revoke_keys(engine, "app", public=first.public) == [first.public]
    assert await live_keys(engine) == [second.public]
    assert await revoke_keys(engine, "app") == [second.public]
    assert await live_keys(engine) == []


async def test_what_is_not_there_is_told(engine):
    other = await register(engine, "other")
    await register(engine)

    with pytest.raises(NotFoundError, match="no client is named `nobody`"):
        await revoke_keys(engine, "nobody")
    with pytest.raises(NotFoundError, match=f"has no key `{other.public}`"):
        await revoke_keys(engine, "app", public=other.public)
    assert await live_keys(engine, "other") == [other.public]


async def test_clients_are_listed_by_name(engine):
    for name in ("b", "a", "B"):
        await register(engine, name)

    async with engine.transaction() as session:
        assert [client.name for client in await list_clients(session)] == ["B", "a", "b"]


async def test_every_process_is_told_of_every_change(engine, database_url):
    told = []
    async with Listener(database_url, {CHANNEL: told.append}) as listener:
        await listener.connected()
        await register(engine)
        await change_rights(engine, "app", rights={"max_cost": 1})
        await rotate_key(engine, "app", overlap=WEEK, expires_at=None)
        await revoke_keys(engine, "app")

        async def has_heard():
            return told == [""] * 4

        await until(has_heard)

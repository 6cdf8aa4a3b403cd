"""Writing clients: they are registered, given keys and rights; every process hears of it with the commit."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import literal_column, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from server.access.clients import Client, ClientKind
from server.access.keys import Key, new_key
from server.access.origins import check_origin
from server.access.rows import CHANNEL, CLIENT_COLUMNS, client_of
from server.access.tables import ClientKeyRow, ClientRow
from server.db.engine import Engine
from server.db.uuids import new_uuid
from server.errors.content import NotFoundError, RefusedError

LONGEST_NAME = 100
MOST_LIVE_KEYS = 2
"""While a key is rotated: the one that apps still have, and the one that they get."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyState:
    """A key as an operator sees it."""

    public: str
    created_at: datetime.datetime
    expires_at: datetime.datetime | None
    revoked_at: datetime.datetime | None

    def is_live(self, now: datetime.datetime) -> bool:
        """Whether it still opens."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


async def add_client(
    engine: Engine, name: str, *, kind: ClientKind, rights: Mapping[str, Any], expires_at: datetime.datetime | None
) -> Key:
    """Registers a client and gives its first key; raises RefusedError for a name that is taken.

    `rights` has columns of `ClientRow`: those of the client's `Rights` and `Audience`, and its origins.
    """
    _check_name(name)
    values = _checked(kind, rights)
    async with engine.transaction() as session:
        client_id, now = new_uuid(), await _now(session)
        row = {"id": client_id, "name": name, "kind": kind.value, "created_at": now, "origins": []}
        adding = insert(ClientRow).values(**{**row, **values}).on_conflict_do_nothing(index_elements=["name"])
        if (await session.execute(adding.returning(literal_column("id")))).first() is None:
            raise RefusedError(f"there is a client named `{name}` already: `caveat clients rotate` gives it a new key.")
        key = await _add_key(session, client_id, kind=kind, expires_at=expires_at)
        await tell(session)
    return key


async def change_rights(engine: Engine, name: str, *, rights: Mapping[str, Any]) -> Client:
    """Changes what a client may; raises NotFoundError, and RefusedError for what its kind can't have."""
    async with engine.transaction() as session:
        client = await _lock_client(session, name)
        values = {**_checked(client.kind, rights), "id": client.id}
        names = ", ".join(f"{column} = :{column}" for column in values if column != "id")
        if names:
            await session.execute(text(f"update client set {names} where id = :id"), values)
            await tell(session)
        return await find_client(session, name)


async def rotate_key(
    engine: Engine, name: str, *, overlap: datetime.timedelta, expires_at: datetime.datetime | None
) -> Key:
    """Gives a client a new key; the one it has lives on for the overlap. Raises NotFoundError.

    Raises RefusedError where two are live already.
    """
    async with engine.transaction() as session:
        client = await _lock_client(session, name)
        now = await _now(session)
        live = [key for key in await keys_of(session, client.id) if key.is_live(now)]
        if len(live) >= MOST_LIVE_KEYS:
            listed = ", ".join(key.public for key in live)
            raise RefusedError(
                f"`{name}` has two live keys already ({listed}): revoke one with `caveat clients revoke … --key`."
            )
        await session.execute(
            text(
                """update client_key set expires_at = :until where client_id = :id and revoked_at is null
                   and (expires_at is null or expires_at > :until)"""
            ),
            {"id": client.id, "until": now + overlap},
        )
        key = await _add_key(session, client.id, kind=client.kind, expires_at=expires_at)
        await tell(session)
    return key


async def revoke_keys(engine: Engine, name: str, *, public: str | None = None) -> list[str]:
    """Revokes a key of a client by its public part, all of them without it; gives the public parts."""
    async with engine.transaction() as session:
        client = await _lock_client(session, name)
        revoked = await session.execute(
            text(
                """update client_key set revoked_at = clock_timestamp()
                   where client_id = :id and revoked_at is null and (cast(:public as text) is null or public = :public)
                   returning public"""
            ),
            {"id": client.id, "public": public},
        )
        found = sorted(revoked.scalars())
        if not found:
            what = "key that is not revoked" if public is None else f"key `{public}` that is not revoked"
            raise NotFoundError(f"`{name}` has no {what}: see `caveat clients show`.")
        await tell(session)
    return found


async def find_client(session: AsyncSession, name: str) -> Client:
    """The client of that name; raises NotFoundError."""
    found = await session.execute(text(f"select {CLIENT_COLUMNS} from client c where c.name = :name"), {"name": name})
    row = found.mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"no client is named `{name}`: see `caveat clients list`.")
    return client_of(dict(row))


async def list_clients(session: AsyncSession) -> list[Client]:
    """Every client, in order of their names."""
    found = await session.execute(text(f"select {CLIENT_COLUMNS} from client c order by c.name"))
    return [client_of(dict(row)) for row in found.mappings()]


async def keys_of(session: AsyncSession, client_id: UUID) -> list[KeyState]:
    """The keys of a client, newest first."""
    found = await session.execute(
        text(
            """select public, created_at, expires_at, revoked_at from client_key
               where client_id = :id order by created_at desc, public"""
        ),
        {"id": client_id},
    )
    return [KeyState(**row) for row in found.mappings()]


async def _lock_client(session: AsyncSession, name: str) -> Client:
    """The client of that name, which nobody else changes until the end of the transaction; raises NotFoundError."""
    await session.execute(text("select 1 from client where name = :name for update"), {"name": name})
    return await find_client(session, name)


async def tell(session: AsyncSession) -> None:
    """Tells every process, from the commit on, that clients are not as they were."""
    await session.execute(text("select pg_notify(:channel, '')"), {"channel": CHANNEL})


async def _add_key(
    session: AsyncSession, client_id: UUID, *, kind: ClientKind, expires_at: datetime.datetime | None
) -> Key:
    key, now = new_key(kind.key_form), await _now(session)
    if expires_at is not None and expires_at <= now:
        raise RefusedError("the key would have expired already: give a later date.")
    row = {"public": key.public, "client_id": client_id, "digest": key.digest, "created_at": now}
    await session.execute(insert(ClientKeyRow), [{**row, "expires_at": expires_at, "revoked_at": None}])
    return key


async def _now(session: AsyncSession) -> datetime.datetime:
    now: datetime.datetime = (await session.execute(text("select clock_timestamp()"))).scalar_one()
    return now


def _check_name(name: str) -> None:
    if not name.strip() or name != name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise RefusedError(f"a client's name is one line of 1 to {LONGEST_NAME} characters, without spaces around it.")


def _checked(kind: ClientKind, rights: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(rights)
    if "origins" in values:
        values["origins"] = sorted({check_origin(pattern) for pattern in values["origins"]})
    for name in ("topics", "locales"):
        if values.get(name) is not None:
            values[name] = _bounds(values[name], name)
    if kind.is_publishable:
        _refuse_open(kind, values)
        values["is_bound"] = True
    return values


def _bounds(names: Sequence[str], what: str) -> list[str]:
    if not names:
        raise RefusedError(f"a client that is confined to no {what} is served nothing: name one at least.")
    return sorted(set(names))


def _refuse_open(kind: ClientKind, values: Mapping[str, Any]) -> None:
    """The key of an app is known to everybody, so it never opens more than what the app asks."""
    opens = {"is_bound": False, "registers_documents": True, "introspects": True}
    for name, opening in opens.items():
        if values.get(name) is opening:
            raise RefusedError(
                f"a {kind.value} client's key lies in the app, where anybody reads it: it asks trusted documents only."
            )

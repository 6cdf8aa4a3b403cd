"""Who a key belongs to, as this process knows it; what was revoked is dead here within a second of the commit.

What was read is kept until a notification says that clients changed. While notifications may be missed nothing is
kept: every key is looked up, and open sessions are looked after every second.
"""

import asyncio
import contextlib
import datetime
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import asyncpg
import structlog

from server.access.clients import Caller, Client, Rights
from server.access.guesses import Guesses
from server.access.keys import Key, parse_key
from server.access.origins import is_allowed
from server.access.rows import CLIENT_COLUMNS, client_of
from server.db.reads import Reads
from server.errors import DatabaseUnavailableError, KeyExpiredError, KeyRevokedError, UnauthenticatedError

MOST_KEPT = 10_000
CHECK_SECONDS = 1.0
"""How often open sessions are looked after, for keys that expire, and everything while notifications may be missed."""

_FIND = f"""select k.public, k.digest, k.expires_at, k.revoked_at, {CLIENT_COLUMNS}
    from client_key k join client c on c.id = k.client_id where k.public = any($1)"""

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    digest: bytes = field(repr=False)
    expires_at: datetime.datetime | None
    revoked_at: datetime.datetime | None
    client: Client

    def check(self) -> None:
        if self.revoked_at is not None:
            raise KeyRevokedError
        if self.expires_at is not None and self.expires_at <= datetime.datetime.now(datetime.UTC):
            raise KeyExpiredError


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Session:
    """What stays open for a caller: `ended` is set when its key is dead, or its client not what it was."""

    caller: Caller
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Registry:
    """The clients of one process; `open` and `close` belong to its lifespan."""

    def __init__(self, reads: Reads, *, anonymous: Rights, hears: Callable[[], bool]) -> None:
        self._reads = reads
        self._anonymous = anonymous
        self._hears = hears
        self._guesses = Guesses()
        self._kept: OrderedDict[str, _Known] = OrderedDict()
        self._changes = 0
        self._changed = asyncio.Event()
        self._sessions: set[Session] = set()
        self._origins: frozenset[str] = frozenset()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.forget()
        self._task = asyncio.create_task(self._look_after(), name="clients")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def forget(self) -> None:
        """Notes that clients changed, or may have: what was read of them is read anew."""
        self._changes += 1
        self._kept.clear()
        self._changed.set()

    async def caller(self, token: str | None, *, address: str) -> Caller:
        """Who calls with a key from an address; the anonymous client without one.

        Raises UnauthenticatedError for a key that is none, KeyRevokedError and KeyExpiredError only to who has its
        secret, RateLimitedError where the address guesses.
        """
        if token is None:
            return Caller(address=address, rights=self._anonymous)
        self._guesses.check(address)
        key = parse_key(token)
        known = await self._find(key) if key else None
        if key is None or known is None or not key.opens(known.digest):
            self._guesses.note(address)
            raise UnauthenticatedError
        known.check()
        return Caller(address=address, rights=known.client.rights, client=known.client, key=key.public)

    def names_origin(self, origin: str) -> bool:
        """Whether some client's pages come from an origin: all that a preflight, which bears no key, can ask."""
        return is_allowed(origin, self._origins)

    @contextmanager
    def session(self, caller: Caller) -> Iterator[Session]:
        """Looks after what stays open for a caller."""
        session = Session(caller=caller)
        if caller.key is not None:
            self._sessions.add(session)
            self._changed.set()  # what happened since the caller was found is seen as well
        try:
            yield session
        finally:
            self._sessions.discard(session)

    async def _find(self, key: Key) -> _Known | None:
        known = self._kept.get(key.public)
        if known is not None and self._hears():
            self._kept.move_to_end(key.public)
            return known
        changes = self._changes
        known = (await self._read([key.public])).get(key.public)
        if known is not None and changes == self._changes:
            self._kept[key.public] = known
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return known

    async def _read(self, publics: list[str]) -> dict[str, _Known]:
        rows = await self._reads.fetch(_FIND, publics)
        return {row["public"]: _known(row) for row in rows}

    async def _look_after(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CHECK_SECONDS):
                    await self._changed.wait()
            has_changed = self._changed.is_set()
            self._changed.clear()
            if not has_changed and self._hears() and not self._sessions:
                continue
            try:
                await self._check()
            except DatabaseUnavailableError:
                self._changed.set()
                await asyncio.sleep(CHECK_SECONDS / 4)
            except Exception:  # the edge of a worker: whatever it was, it must go on
                log.exception("clients could not be looked after")
                await asyncio.sleep(CHECK_SECONDS)

    async def _check(self) -> None:
        origins = await self._reads.fetch_value("select array_agg(distinct o) from client c, unnest(c.origins) o")
        self._origins = frozenset(origins or ())
        sessions = list(self._sessions)
        found = await self._read(sorted({str(session.caller.key) for session in sessions})) if sessions else {}
        for session in sessions:
            if not _is_as_it_was(session.caller, found.get(str(session.caller.key))):
                session.ended.set()


def _is_as_it_was(caller: Caller, known: _Known | None) -> bool:
    if known is None or known.client != caller.client:
        return False
    try:
        known.check()
    except UnauthenticatedError:
        return False
    return True


def _known(row: asyncpg.Record) -> _Known:
    values: dict[str, Any] = dict(row)
    return _Known(
        digest=values["digest"],
        expires_at=values["expires_at"],
        revoked_at=values["revoked_at"],
        client=client_of(values),
    )

"""Who a key belongs to, as this process knows it; what was revoked is dead here within a second of the commit.

What was read is kept for half a second, and for less where a notification says that clients changed: so a notification
that is lost delays nothing beyond the second. Open sessions are looked after just as often.

While the database is away a key that was good when it was read last is trusted for as long as stale responses are
served, for nothing else can be served to it: a revocation that this process has heard of is never undone so, and one
that it can't hear of reaches it together with everything else, when the database is back.
"""

import asyncio
import contextlib
import datetime
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Self

import asyncpg
import structlog

from server.access.clients import Caller, Client
from server.access.guesses import Guesses
from server.access.keys import Shown, shown_key
from server.access.origins import is_allowed
from server.access.rows import CLIENT_COLUMNS, client_of
from server.db.reads import Reads
from server.errors.callers import KeyExpiredError, KeyRequiredError, KeyRevokedError, UnauthenticatedError
from server.errors.machine import DatabaseUnavailableError
from server.execution.callers import Rights

MOST_KEPT = 10_000
FRESH_SECONDS = 0.5
"""How long what was read of a key is taken for true, and how often open sessions are looked after."""
RENEWED_SECONDS = FRESH_SECONDS / 2
"""How old it is when that of a key in use is read anew, so that nobody has to wait for it."""

_FIND = f"""select k.public, k.digest, k.expires_at, k.revoked_at, {CLIENT_COLUMNS}
    from client_key k join client c on c.id = k.client_id where k.public = any($1)"""

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    digest: bytes = field(repr=False)
    expires_at: datetime.datetime | None
    revoked_at: datetime.datetime | None
    client: Client
    read_at: float
    """By the monotonic clock, before it was asked for."""

    def is_opened_by(self, key: Shown) -> bool:
        """Whether the key is the one that was given out, in the one way in which it is written."""
        return key.form == self.client.kind.key_form and key.opens(self.digest)

    def check(self) -> None:
        if self.revoked_at is not None:
            raise KeyRevokedError
        if self.expires_at is not None and self.expires_at <= datetime.datetime.now(datetime.UTC):
            raise KeyExpiredError


def _never() -> bool:
    return False


@dataclass(kw_only=True, slots=True, eq=False)
class Session:
    """What stays open for a caller, until `ended` is set."""

    caller: Caller
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    error: UnauthenticatedError | None = None
    """Why its key is dead; None where it lives, and only its client is not what it was: connect again."""


class Registry:
    """The clients of one process; `open` and `close` belong to its lifespan."""

    def __init__(
        self,
        reads: Reads,
        *,
        anonymous: Rights | None,
        is_away: Callable[[], bool] = _never,
        stale_limit: float = 0.0,
    ) -> None:
        self._reads = reads
        self._is_away = is_away
        """Whether the database is known to be away."""
        self._stale_limit = stale_limit
        """Seconds for which what was read is trusted then."""
        self._anonymous = anonymous
        """What the anonymous client may; None where there is none."""
        self._guesses = Guesses()
        self._kept: OrderedDict[str, _Known] = OrderedDict()
        self._opened: OrderedDict[bytes, None] = OrderedDict()
        """Digests of the secrets that opened here, whatever became of them: who shows one does not guess."""
        self._strangers: dict[str, Caller] = {}
        """The anonymous client by its addresses: always the same, so that it is made once."""
        self._changes = 0
        self._changed = asyncio.Event()
        self._sessions: set[Session] = set()
        self._origins: frozenset[str] = frozenset()
        self._task: asyncio.Task[None] | None = None
        self._due: set[str] = set()
        """The public parts of keys that are to be read anew."""
        self._renewing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.forget()
        self._task = asyncio.create_task(self._look_after(), name="clients")
        return self

    async def __aexit__(self, *_: object) -> None:
        tasks = [task for task in (self._task, self._renewing) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def forget(self) -> None:
        """Notes that clients changed, or may have: what was read of them is read anew."""
        self._changes += 1
        self._kept.clear()
        self._changed.set()

    async def caller(self, token: str | None, *, address: str) -> Caller:
        """Who calls with a key from an address; the anonymous client without one.

        Raises KeyRequiredError where there is no anonymous client, UnauthenticatedError for a key that is none,
        KeyRevokedError and KeyExpiredError only to who has its secret, RateLimitedError where the address guesses.
        """
        if token is None:
            return self._anonymous_at(address)
        key = shown_key(token)
        if key is None or key.digest not in self._opened:
            self._guesses.check(address)
        known = await self._find(key) if key else None
        if key is None or known is None or not known.is_opened_by(key):
            self._guesses.note(address)
            raise UnauthenticatedError
        self._note_opened(key)
        known.check()
        return Caller(address=address, rights=known.client.rights, client=known.client, key=key.public)

    def known_caller(self, key: Shown | None, *, address: str) -> Caller | None:
        """Who calls with a key or without, where that is known without asking and beyond doubt; None otherwise."""
        if key is None:
            return None if self._anonymous is None else self._anonymous_at(address)
        known = self._kept.get(key.public)
        age = time.monotonic() - known.read_at if known else FRESH_SECONDS
        if known is None or age >= FRESH_SECONDS:
            return None
        if key.digest not in self._opened or not known.is_opened_by(key):
            return None
        try:
            known.check()
        except UnauthenticatedError:
            return None
        if age >= RENEWED_SECONDS:
            self._renew(key.public)
        return Caller(address=address, rights=known.client.rights, client=known.client, key=key.public)

    def names_origin(self, origin: str) -> bool:
        """Whether some client's pages come from an origin: all that a preflight, which bears no key, can ask."""
        return is_allowed(origin, self._origins)

    def session(self, caller: Caller) -> AbstractContextManager[Session]:
        """Looks after what stays open for a caller."""
        session = Session(caller=caller)
        return nullcontext(session) if caller.key is None else self._looked_after(session)

    @contextmanager
    def _looked_after(self, session: Session) -> Iterator[Session]:
        self._sessions.add(session)
        try:
            yield session
        finally:
            self._sessions.discard(session)

    def _anonymous_at(self, address: str) -> Caller:
        if self._anonymous is None:
            raise KeyRequiredError
        found = self._strangers.get(address)
        if found is None:
            if len(self._strangers) >= MOST_KEPT:
                self._strangers.clear()
            found = self._strangers[address] = Caller(address=address, rights=self._anonymous)
        return found

    def _note_opened(self, key: Shown) -> None:
        self._opened[key.digest] = None
        self._opened.move_to_end(key.digest)
        if len(self._opened) > MOST_KEPT:
            self._opened.popitem(last=False)

    async def _find(self, key: Shown) -> _Known | None:
        known = self._kept.get(key.public)
        if known is not None and time.monotonic() - known.read_at < FRESH_SECONDS:
            self._kept.move_to_end(key.public)
            return known
        try:
            return (await self._read([key.public])).get(key.public)
        except DatabaseUnavailableError:
            return self._trusted(key)

    def _trusted(self, key: Shown) -> _Known:
        """What is known of a key while the database is away; raises DatabaseUnavailableError where that is too old."""
        known = self._kept.get(key.public)
        if known is None or not self._is_away() or time.monotonic() - known.read_at > self._stale_limit:
            raise DatabaseUnavailableError
        return known

    async def _read(self, publics: list[str]) -> dict[str, _Known]:
        changes, read_at = self._changes, time.monotonic()
        rows = await self._reads.fetch(_FIND, publics)
        found = {row["public"]: _known(row, read_at) for row in rows}
        if changes == self._changes:
            for public in publics:
                self._keep(public, found.get(public))
        return found

    def _renew(self, public: str) -> None:
        """Has a key read anew, with all that are to be by then."""
        self._due.add(public)
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._read_due(), name="keys in use")

    async def _read_due(self) -> None:
        while self._due:
            due, self._due = sorted(self._due), set()
            try:
                await self._read(due)
            except DatabaseUnavailableError:
                return  # whoever comes next finds out
            self._due.difference_update(due)

    def _keep(self, public: str, known: _Known | None) -> None:
        """Keeps what was read, in place of what was known before: nothing, where there is no such key."""
        self._kept.pop(public, None)
        if known is not None:
            self._kept[public] = known
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)

    async def _look_after(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FRESH_SECONDS):
                    await self._changed.wait()
            has_changed = self._changed.is_set()
            self._changed.clear()
            try:
                if has_changed:
                    await self._read_origins()
                if self._sessions:
                    await self._check_sessions()
            except DatabaseUnavailableError:
                self._changed.set()
                await asyncio.sleep(FRESH_SECONDS / 4)
            except Exception:  # the edge of a worker: whatever it was, it must go on
                log.exception("clients could not be looked after")
                await asyncio.sleep(FRESH_SECONDS)

    async def _read_origins(self) -> None:
        origins = await self._reads.fetch_value("select array_agg(distinct o) from client c, unnest(c.origins) o")
        self._origins = frozenset(origins or ())

    async def _check_sessions(self) -> None:
        sessions = list(self._sessions)
        found = await self._read(sorted({str(session.caller.key) for session in sessions}))
        for session in sessions:
            _check_session(session, found.get(str(session.caller.key)))


def _check_session(session: Session, known: _Known | None) -> None:
    try:
        if known is None:
            raise KeyRevokedError
        known.check()
    except UnauthenticatedError as error:
        session.error = error
    if session.error is not None or known is None or known.client != session.caller.client:
        session.ended.set()


def _known(row: asyncpg.Record, read_at: float) -> _Known:
    values: dict[str, Any] = dict(row)
    return _Known(
        digest=values["digest"],
        expires_at=values["expires_at"],
        revoked_at=values["revoked_at"],
        client=client_of(values),
        read_at=read_at,
    )

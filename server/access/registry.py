"""Who a key belongs to, as this process knows it; what was revoked is dead here within a second of the commit.

Open sessions are looked after as often as what was read of keys is no longer taken for true.
"""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Self

import structlog

from server.access.clients import Caller
from server.access.guesses import Guesses
from server.access.keys import Shown, shown_key
from server.access.known import FRESH_SECONDS, MOST_KEPT, Known, KnownKeys
from server.access.origins import is_allowed
from server.db.reads import Reads
from server.errors.callers import KeyRequiredError, KeyRevokedError, UnauthenticatedError
from server.errors.machine import DatabaseUnavailableError
from server.execution.callers import Rights

log = structlog.get_logger()


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
        is_in_doubt: Callable[[], bool] = _never,
        stale_limit: float = 0.0,
    ) -> None:
        self._reads = reads
        self._anonymous = anonymous
        """What the anonymous client may; None where there is none."""
        self._guesses = Guesses()
        self._keys = KnownKeys(reads, is_in_doubt=is_in_doubt, stale_limit=stale_limit)
        self._opened: OrderedDict[bytes, None] = OrderedDict()
        """Digests of the secrets that opened here, whatever became of them: who shows one does not guess."""
        self._strangers: dict[str, Caller] = {}
        """The anonymous client by its addresses: always the same, so that it is made once."""
        self._changed = asyncio.Event()
        self._sessions: set[Session] = set()
        self._origins: frozenset[str] = frozenset()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.forget()
        self._task = asyncio.create_task(self._look_after(), name="clients")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._keys.close()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def forget(self) -> None:
        """Notes that clients changed, or may have: what was read of them is read anew."""
        self._keys.forget()
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
        known = await self._keys.find(key.public) if key else None
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
        known = self._keys.at_hand(key.public)
        if known is None or key.digest not in self._opened or not known.is_opened_by(key):
            return None
        try:
            known.check()
        except UnauthenticatedError:
            return None
        self._keys.use(key.public, known)
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

    async def _look_after(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FRESH_SECONDS):
                    await self._changed.wait()
            has_changed = self._changed.is_set()
            self._changed.clear()
            try:
                await self._look(has_changed=has_changed)
            except DatabaseUnavailableError:
                self._changed.set()
                await asyncio.sleep(FRESH_SECONDS / 4)
            except Exception:  # the edge of a worker: whatever it was, it must go on
                log.exception("clients could not be looked after")
                if has_changed:
                    self._changed.set()  # what was not read is as it was before
                await asyncio.sleep(FRESH_SECONDS)

    async def _look(self, *, has_changed: bool) -> None:
        """Reads origins and checks sessions: neither waits for the other, whatever becomes of it."""
        due = [self._read_origins()] if has_changed else []
        due += [self._check_sessions()] if self._sessions else []
        for failure in filter(None, await asyncio.gather(*due, return_exceptions=True)):
            raise failure

    async def _read_origins(self) -> None:
        origins = await self._reads.fetch_value("select array_agg(distinct o) from client c, unnest(c.origins) o")
        self._origins = frozenset(origins or ())

    async def _check_sessions(self) -> None:
        sessions = list(self._sessions)
        found = await self._keys.read(sorted({str(session.caller.key) for session in sessions}))
        for session in sessions:
            _check_session(session, found.get(str(session.caller.key)))


def _check_session(session: Session, known: Known | None) -> None:
    try:
        if known is None:
            raise KeyRevokedError
        known.check()
    except UnauthenticatedError as error:
        session.error = error
    if session.error is not None or known is None or known.client != session.caller.client:
        session.ended.set()

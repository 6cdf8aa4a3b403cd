"""What one process knows of keys: how long that is taken for true, and how those in use are read before it is old.

What was read is kept for half a second, and forgotten where a notification says that clients changed: so a notification
that is lost delays nothing beyond the second.

Where a key can't be read, and the news is not current either, one that was good when it was read last is trusted for
as long as stale responses are served: what is kept is served so then, and what has to be read most likely can't be. A
revocation that this process has heard of is never undone so, and one that it can't hear of reaches it together with
everything else, when the database is back.
"""

import asyncio
import datetime
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import structlog

from server.access.clients import Client
from server.access.keys import Shown
from server.access.rows import CLIENT_COLUMNS, client_of
from server.db.reads import Reads
from server.errors.callers import KeyExpiredError, KeyRevokedError
from server.errors.machine import DatabaseUnavailableError

MOST_KEPT = 10_000
FRESH_SECONDS = 0.5
"""How long what was read of a key is taken for true."""
RENEWED_SECONDS = FRESH_SECONDS / 2
"""How old it is when that of a key in use is read anew, so that nobody has to wait for it."""

_FIND = f"""select k.public, k.digest, k.expires_at, k.revoked_at, {CLIENT_COLUMNS}
    from client_key k join client c on c.id = k.client_id where k.public = any($1)"""

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A key as it was read, with its client."""

    digest: bytes = field(repr=False)
    expires_at: datetime.datetime | None
    revoked_at: datetime.datetime | None
    client: Client
    read_at: float
    """By the monotonic clock, before it was asked for."""

    @property
    def age(self) -> float:
        """Seconds since it was asked for."""
        return time.monotonic() - self.read_at

    def is_opened_by(self, key: Shown) -> bool:
        """Whether the key is the one that was given out, in the one way in which it is written."""
        return key.form == self.client.kind.key_form and key.opens(self.digest)

    def check(self) -> None:
        """Raises KeyRevokedError or KeyExpiredError where it is dead."""
        if self.revoked_at is not None:
            raise KeyRevokedError
        if self.expires_at is not None and self.expires_at <= datetime.datetime.now(datetime.UTC):
            raise KeyExpiredError


class KnownKeys:
    """The keys that were asked for, by their public parts; whoever makes it closes it."""

    def __init__(self, reads: Reads, *, is_in_doubt: Callable[[], bool], stale_limit: float) -> None:
        self._reads = reads
        self._is_in_doubt = is_in_doubt
        """Whether nobody can tell what is current, so that all that is kept is served as stale."""
        self._stale_limit = stale_limit
        """Seconds for which what was read is trusted then."""
        self._kept: OrderedDict[str, Known] = OrderedDict()
        self._changes = 0
        self._due: set[str] = set()
        """Those that are to be read anew."""
        self._renewing: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """Reads nothing anew any more."""
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.gather(self._renewing, return_exceptions=True)

    def forget(self) -> None:
        """Notes that clients changed, or may have: what was read of them is read anew."""
        self._changes += 1
        self._kept.clear()

    def at_hand(self, public: str) -> Known | None:
        """A key, where what is known of it is fresh."""
        known = self._kept.get(public)
        return known if known is not None and known.age < FRESH_SECONDS else None

    async def find(self, public: str) -> Known | None:
        """A key, read where what is known of it is not fresh; None where there is none.

        Raises DatabaseUnavailableError where it can't be read and what is known of it is too old.
        """
        known = self.at_hand(public)
        if known is not None:
            self._kept.move_to_end(public)
            return known
        try:
            return (await self.read([public])).get(public)
        except DatabaseUnavailableError:
            return self._trusted(public)

    async def read(self, publics: list[str]) -> dict[str, Known]:
        """Those of the keys that there are, as they are now."""
        changes, read_at = self._changes, time.monotonic()
        rows = await self._reads.fetch(_FIND, publics)
        found = {row["public"]: _known(row, read_at) for row in rows}
        if changes == self._changes:
            for public in publics:
                self._keep(public, found.get(public))
        return found

    def use(self, public: str, known: Known) -> None:
        """Has a key in use read anew before what is known of it is old, with all that are to be by then."""
        if known.age < RENEWED_SECONDS:
            return
        self._due.add(public)
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._read_due(), name="keys in use")

    async def _read_due(self) -> None:
        while self._due:
            due, self._due = sorted(self._due), set()
            try:
                await self.read(due)
            except DatabaseUnavailableError:
                return  # whoever comes next finds out
            except Exception:  # the edge of a worker: whatever it was, it must go on
                log.exception("keys in use could not be read anew")
                await asyncio.sleep(FRESH_SECONDS)
            else:
                self._due.difference_update(due)

    def _trusted(self, public: str) -> Known:
        """What is known of a key that can't be read; raises DatabaseUnavailableError where that is too old."""
        known = self._kept.get(public)
        if known is None or not self._is_in_doubt() or known.age > self._stale_limit:
            raise DatabaseUnavailableError
        return known

    def _keep(self, public: str, known: Known | None) -> None:
        """Keeps what was read, in place of what was known before: nothing, where there is no such key."""
        self._kept.pop(public, None)
        if known is not None:
            self._kept[public] = known
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)


def _known(row: asyncpg.Record, read_at: float) -> Known:
    values: dict[str, Any] = dict(row)
    return Known(
        digest=values["digest"],
        expires_at=values["expires_at"],
        revoked_at=values["revoked_at"],
        client=client_of(values),
        read_at=read_at,
    )

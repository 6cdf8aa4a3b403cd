"""Writing to the outbox: entries get their numbers in the order of commits, for one advisory lock guards the writer."""

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from server.db.bulk import copy_rows

CHANNEL = "caveat_outbox"
_WRITER_LOCK = 0x0CA7EA7


class SetKind(StrEnum):
    """What names a set of answers whose caveats changed at once."""

    SOURCE = "SOURCE"
    DISCLAIMER = "DISCLAIMER"
    TOPIC = "TOPIC"
    REVIEW = "REVIEW"


@dataclass(kw_only=True, slots=True)
class Outbox:
    """The entries of one transaction, numbered from the last one committed."""

    position: int
    now: datetime.datetime
    _entries: list[dict[str, Any]] = field(default_factory=list)

    def add_answer(self, kind: str, answer_id: UUID) -> int:
        """Notes a change of one answer and gives its position."""
        return self._add(kind=kind, answer_id=answer_id)

    def add_set(self, set_kind: SetKind, *, set_id: UUID | None = None, day: datetime.date | None = None) -> int:
        """Notes that the caveats of a set of answers changed and gives the position."""
        return self._add(kind="CAVEATS_CHANGED", set_kind=set_kind.value, set_id=set_id, set_day=day)

    def _add(self, **values: object) -> int:
        self.position += 1
        entry = {"answer_id": None, "set_kind": None, "set_id": None, "set_day": None}
        self._entries.append({**entry, **values, "position": self.position, "occurred_at": self.now})
        return self.position

    async def write(self, session: AsyncSession) -> None:
        """Writes the entries and tells every process, from the commit on, that they are there."""
        if self._entries:
            await copy_rows(session, "outbox", rows=self._entries)
            await session.execute(
                text("select pg_notify(:channel, :head)"), {"channel": CHANNEL, "head": str(self.position)}
            )


async def open_outbox(session: AsyncSession) -> Outbox:
    """The outbox for this transaction, which is the only writer until it ends."""
    await session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})
    # greatest: entries may all be pruned, numbers are never given twice
    head = await session.execute(
        text("""select greatest((select max(position) from outbox), (select position from outbox_horizon)),
                       date_trunc('milliseconds', clock_timestamp())""")
    )
    position, now = head.one()
    return Outbox(position=position or 0, now=now)

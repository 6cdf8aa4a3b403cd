"""The one transaction in which content is written, with its outbox."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from server.content.answer import ChangeKind
from server.db.engine import Engine
from server.events.outbox import Outbox, open_outbox


@dataclass(frozen=True, kw_only=True, slots=True)
class Write:
    """A transaction under the writer's lock: what is executed on its session and added to its outbox commits as one."""

    session: AsyncSession
    outbox: Outbox

    @property
    def now(self) -> datetime:
        """The moment that everything in this transaction bears, in UTC."""
        return self.outbox.now


@asynccontextmanager
async def writing(engine: Engine) -> AsyncIterator[Write]:
    """Opens the transaction, waits for the writer's lock, and commits content and outbox together."""
    async with engine.transaction() as session:
        outbox = await open_outbox(session)
        yield Write(session=session, outbox=outbox)
        await outbox.write(session)


async def note_change(write: Write, kind: ChangeKind, *, answer_id: UUID) -> None:
    """Adds an entry for one answer and points the answer at it."""
    position = write.outbox.add_answer(kind, answer_id)
    await write.session.execute(
        text("update answer set change_position = :position, change_kind = :kind, changed_at = :now where id = :id"),
        {"position": position, "kind": kind.value, "now": write.now, "id": answer_id},
    )

"""Published answers as the drafts that they were made from: what an export is written from."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import asyncpg
import msgspec

from server.content.draft import Draft, Retraction
from server.content.publishing import DraftCaveats
from server.db.reads import Reads

_BATCH = 200
_FIRST_ID = UUID(int=0)


async def stored_drafts(reads: Reads, slugs: Sequence[str] | None = None) -> AsyncIterator[Draft]:
    """The drafts of the current revisions, with topics, review and retraction as they are now; all without `slugs`."""
    last = _FIRST_ID
    while True:
        rows = await reads.fetch(
            """select a.id, r.draft, a.draft_caveats, a.status, a.retraction_reason, b.slug as replacement
               from answer a join revision r on r.answer_id = a.id and r.number = a.revision
               left join answer b on b.id = a.replacement_id
               where a.id > $1 and ($2::text[] is null or a.slug = any($2)) order by a.id limit $3""",
            last, None if slugs is None else list(slugs), _BATCH,
        )  # fmt: skip
        for row in rows:
            yield _draft(row)
        if len(rows) < _BATCH:
            return
        last = rows[-1]["id"]


def _draft(row: asyncpg.Record) -> Draft:
    draft = msgspec.json.decode(row["draft"], type=Draft)
    caveats = msgspec.json.decode(row["draft_caveats"], type=DraftCaveats)
    retraction = None
    if row["status"] == "RETRACTED":
        retraction = Retraction(reason=row["retraction_reason"], replacement=row["replacement"])
    return msgspec.structs.replace(
        draft,
        topics=caveats.topics,
        review=caveats.review,
        translation_of=caveats.translation_of,
        retraction=retraction,
    )

"""What became of sources, as files and editors say it: written where it is news."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from server.content.draft import Source
from server.content.publication.caveats import DraftCaveats, Standing
from server.content.writes.sourcing import KnownSources
from server.content.writes.transaction import Write
from server.events.outbox import SetKind


def new_standings(said: DraftCaveats, former: DraftCaveats) -> list[Standing]:
    """What a draft says of its sources that its file did not say the last time."""
    return [standing for standing in said.standings if standing not in former.standings]


def named_sources(standings: Sequence[Standing]) -> list[Source]:
    """The sources that the standings name, newer editions among them."""
    return [source for standing in standings for source in (standing.source, standing.newer) if source is not None]


def identified(standing: Standing, sources: KnownSources) -> tuple[UUID, str, UUID | None]:
    """The source's id, its status, and the id of its newer edition."""
    source_id = sources.id_of(standing.source)
    if standing.newer is None:
        return source_id, "WITHDRAWN", None
    return source_id, "SUPERSEDED", sources.id_of(standing.newer)


async def set_standing(write: Write, source: UUID, *, status: str, superseded_by: UUID | None = None) -> None:
    """Says in an open transaction what became of a source; all answers that cite it learn of it.

    What would make editions lead back to themselves is left out.
    """
    changed = await write.session.execute(
        text(
            """update source set status = :status, superseded_by_id = :by where id = :id
               and (status, superseded_by_id) is distinct from (:status, cast(:by as uuid))
               and not exists (
                   with recursive later as (
                       select cast(:by as uuid) as id
                       union select s.superseded_by_id from source s join later l on s.id = l.id)
                   select 1 from later where later.id = :id)
               returning id"""
        ),
        {"id": source, "status": status, "by": superseded_by},
    )
    if changed.first() is not None:
        write.outbox.add_set(SetKind.SOURCE, set_id=source)

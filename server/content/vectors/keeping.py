"""The vectors of one model: which there are, of what text, and up to where the outbox is in them.

All of it happens in transactions of which one alone is at it, over all machines: who is killed in the middle has done
nothing, and leaves the turn to the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_LOCK = 0x0CA7EEC

UNUSED_DAYS = 14
"""How long the vectors of a model stay that no process has used: two may be at work while a new one is rolled out."""


class BeingWrittenError(Exception):
    """An answer whose vector is to be kept is being written at this moment: do it again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """How far the vectors of a model are."""

    number: int
    dimension: int
    position: int
    """Up to where the outbox is in them."""
    built_until: UUID | None
    """The last answer, by id, that was looked at while all are; None when all have been."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Vector:
    """The vector of an answer, as Postgres writes it, and the digest of the text that it was made of."""

    answer_id: UUID
    digest: bytes
    embedding: str


async def is_ours(session: AsyncSession) -> bool:
    """Whether nobody else is at it until the end of this transaction."""
    taken = await session.execute(text("select pg_try_advisory_xact_lock(:key)"), {"key": _LOCK})
    return bool(taken.scalar_one())


async def find_kept(session: AsyncSession, digest: str) -> Kept | None:
    """How far a model's vectors are; None for a model that none were made with."""
    found = await session.execute(
        text("select number, dimension, position, built_until from semantic.model where digest = :digest"),
        {"digest": digest},
    )
    row = found.mappings().one_or_none()
    return None if row is None else Kept(**row)


async def register(session: AsyncSession, digest: str, *, dimension: int, head: int) -> Kept:
    """Begins with a model whose vectors are all to be made, from where the outbox is."""
    made = await session.execute(
        text(
            """insert into semantic.model (digest, dimension, position, built_until, used_at)
               values (:digest, :dimension, :head, :first, clock_timestamp())
               returning number, dimension, position, built_until"""
        ),
        {"digest": digest, "dimension": dimension, "head": head, "first": UUID(int=0)},
    )
    kept = Kept(**made.mappings().one())
    await session.execute(
        text(
            f"""create index ix_answer_vector_{kept.number:d} on semantic.answer_vector
                using hnsw ((embedding::vector({kept.dimension:d})) vector_ip_ops) where model = {kept.number:d}"""
        )
    )
    return kept


async def begin_again(session: AsyncSession, kept: Kept, *, head: int) -> None:
    """Has every answer looked at anew; what is there stays until then, and where its text is the same, for good."""
    await _set(session, kept, position=head, built_until=UUID(int=0))


async def advance(session: AsyncSession, kept: Kept, *, position: int, built_until: UUID | None) -> None:
    """Notes how far the vectors are now."""
    await _set(session, kept, position=position, built_until=built_until)


async def _set(session: AsyncSession, kept: Kept, *, position: int, built_until: UUID | None) -> None:
    await session.execute(
        text(
            """update semantic.model set position = :position, built_until = :until, used_at = clock_timestamp()
               where number = :number"""
        ),
        {"position": position, "until": built_until, "number": kept.number},
    )


async def digests(session: AsyncSession, kept: Kept, *, answer_ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """The digests of the texts that the vectors of these answers were made of, of those that have one."""
    found = await session.execute(
        text(
            """select answer_id, digest from semantic.answer_vector
               where answer_id = any(cast(:ids as uuid[])) and model = :number"""
        ),
        {"ids": list(answer_ids), "number": kept.number},
    )
    return {row.answer_id: row.digest for row in found}


async def store(session: AsyncSession, kept: Kept, *, vectors: Sequence[Vector]) -> None:
    """Keeps vectors in place of former ones, but for answers that are no longer published.

    Raises BeingWrittenError where one of the answers is being written: nothing waits for it here, for it might wait for
    another of them in turn.
    """
    published = await session.execute(text(_HOLD), {"ids": [each.answer_id for each in vectors]})
    held = {row.id: row.is_held for row in published}
    if not all(held.values()):
        raise BeingWrittenError
    there = [each for each in vectors if each.answer_id in held]
    await session.execute(
        text(_STORE),
        {
            "number": kept.number,
            "ids": [each.answer_id for each in there],
            "digests": [each.digest for each in there],
            "embeddings": [each.embedding for each in there],
        },
    )


# those that are published, held as they are until the end of the transaction, but for those that somebody writes
_HOLD = """with held as (
        select id from answer where id = any(cast(:ids as uuid[])) and status = 'PUBLISHED' for share skip locked)
    select a.id, h.id is not null as is_held from answer a left join held h on h.id = a.id
    where a.id = any(cast(:ids as uuid[])) and a.status = 'PUBLISHED'"""

_STORE = """insert into semantic.answer_vector (answer_id, model, digest, embedding)
    select g.id, :number, g.digest, cast(g.embedding as vector)
    from unnest(cast(:ids as uuid[]), cast(:digests as bytea[]), cast(:embeddings as text[]))
        as g (id, digest, embedding)
    on conflict (answer_id, model) do update set digest = excluded.digest, embedding = excluded.embedding"""


async def drop(session: AsyncSession, kept: Kept, *, answer_ids: Sequence[UUID]) -> None:
    """Drops the vectors of answers that are not published any more."""
    await session.execute(
        text(
            """delete from semantic.answer_vector
               where answer_id = any(cast(:ids as uuid[])) and model = :number"""
        ),
        {"ids": list(answer_ids), "number": kept.number},
    )


async def forget_all(session: AsyncSession, kept: Kept) -> None:
    """Drops every vector of a model."""
    await session.execute(text("delete from semantic.answer_vector where model = :number"), {"number": kept.number})


async def drop_unused(session: AsyncSession, kept: Kept, *, days: int = UNUSED_DAYS) -> None:
    """Drops the vectors of other models that no process has used for so many days."""
    await session.execute(
        text("update semantic.model set used_at = clock_timestamp() where number = :number"), {"number": kept.number}
    )
    found = await session.execute(
        text(
            """select number from semantic.model
               where number <> :number and used_at <= clock_timestamp() - make_interval(days => :days)"""
        ),
        {"number": kept.number, "days": days},
    )
    for number in found.scalars().all():
        await session.execute(text("delete from semantic.answer_vector where model = :number"), {"number": number})
        await session.execute(text(f"drop index semantic.ix_answer_vector_{number:d}"))
        await session.execute(text("delete from semantic.model where number = :number"), {"number": number})

"""The answers whose vectors are nearest to one, as an audience sees them, and how many have one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from server.content.filters import AnswerFilter
from server.content.reads.belonging import Ways, opening
from server.content.reads.listing import Arguments
from server.content.reads.narrowing import conditions, narrowed
from server.content.reads.sight import Sight

MOST = 100
"""Answers that are looked for."""

SESSION = {"hnsw.ef_search": str(MOST), "hnsw.iterative_scan": "strict_order"}
"""What the connections have set: where a filter or bounds leave few, the index is searched until there are enough."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Near:
    """An answer, and how like its vector is: the cosine of the angle between them."""

    answer_id: UUID
    likeness: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far the vectors of a model are."""

    number: int
    dimension: int
    position: int
    is_built: bool
    vectors: int
    answers: int
    """The published answers that are to have one."""


async def model_number(sight: Sight, digest: str) -> int | None:
    """By which number a model's vectors are kept; None where there are none yet."""
    number: int | None = await sight.fetch_value("select number from semantic.model where digest = $1", digest)
    return number


async def read_nearest(
    sight: Sight, embedding: str, *, number: int, dimension: int, asked: tuple[str, AnswerFilter]
) -> Sequence[Near]:
    """The nearest published answers that may be served in a locale and that a filter lets through, nearest first.

    The number and the length stand in the statement itself: by them Postgres finds the index of the model.
    """
    locale, wanted = asked
    arguments = Arguments()
    nearness = f"v.embedding::vector({dimension:d}) <#> {arguments.bind(embedding, 'text')}::vector({dimension:d})"
    spoken = arguments.bind(locale, "text")
    members = narrowed(arguments, wanted, shape=sight.shape)
    statement = f"""select * from ({opening(members)}
        select v.answer_id, -({nearness}) as likeness
        from semantic.answer_vector v join answer a on a.id = v.answer_id
        where v.model = {number:d} and {Ways(members=members, most=MOST).tests} and {conditions(arguments, wanted)}
            and (a.locale = {spoken} or starts_with(a.locale, {spoken} || '-')
                or starts_with({spoken}, a.locale || '-'))
        order by {nearness} limit {MOST}) near order by likeness desc"""
    rows = await sight.fetch(statement, *arguments.values)
    return [Near(answer_id=row["answer_id"], likeness=row["likeness"]) for row in rows]


async def read_progress(sight: Sight, digest: str) -> Progress | None:
    """How far a model's vectors are; None where nobody has begun."""
    row = await sight.fetch_row(
        """select m.number, m.dimension, m.position, m.built_until is null as is_built,
               (select count(*) from semantic.answer_vector v where v.model = m.number) as vectors,
               (select count(*) from answer a where a.status = 'PUBLISHED') as answers
           from semantic.model m where m.digest = $1""",
        digest,
    )
    return None if row is None else Progress(**dict(row))

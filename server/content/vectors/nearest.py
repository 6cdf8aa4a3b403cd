"""The answers whose vectors are nearest to one, as an audience sees them, and how many have one.

Of many answers the index of vectors is walked, nearest first, and each is tested, until there are enough. Of few that
would be a walk to its end, and would miss some: these are read by their ids and all compared. Which of the two it is
the statement finds out by itself, as lists do: among `n` answers of which `k` may be there it looks at the lesser of
`k` and about `100 n / k`, so at most at ten times the root of `n`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from server.content.filters import AnswerFilter
from server.content.reads.belonging import IS_SMALL, SEVERAL, Members, Ways, each, of_locales, opening
from server.content.reads.bounds import EVERY
from server.content.reads.listing import Arguments
from server.content.reads.narrowing import conditions, narrowed, of_dates, of_names
from server.content.reads.sight import Sight

MOST = 100
"""Answers that are looked for."""

SESSION = {"hnsw.ef_search": str(MOST), "hnsw.iterative_scan": "strict_order"}
"""What the connections have set: the index is walked until enough of the answers met the tests, or 20,000 were seen."""

_COUNTS = f"every_answer_count c where c.subject_id in ({EVERY}) and c.status = 'PUBLISHED'"
FEW = f"(select least(10 * sqrt(coalesce(sum(c.number), 0)), {SEVERAL}) from {_COUNTS})"
"""How many answers are compared at most, as the statement finds it."""


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
    own = _Own(arguments, locale)
    filtered = narrowed(arguments, wanted, shape=sight.shape)
    members = [*of_names(arguments, wanted), *filtered, *of_dates(arguments, wanted)]
    ways = Ways(members=[*members, own.members], most=0)
    names = [
        f"few as materialized (select {FEW} as most)",
        *[name for place, way in enumerate(members) for name in _sized(way, place)],
        *own.sized(len(members)),
    ]
    chosen = " union all ".join(
        [f"select id from member{place} where {ways.is_short(place)}" for place in range(len(ways.members))]
    )
    select = f"select v.answer_id, -({nearness}) as likeness from"
    ends = f"{ways.tests} and {conditions(arguments, wanted)} order by {nearness} limit {MOST}"
    vectors = f"select * from semantic.answer_vector v where v.model = {number:d}"
    statement = f"""select * from ({opening(ways.members, *names)}
        ({select} {each(f"({chosen}) x")} cross join lateral ({vectors} and v.answer_id = a.id offset 0) v where {ends})
        union all
        ({select} semantic.answer_vector v
            cross join lateral (select * from answer a where a.id = v.answer_id offset 0) a
            where v.model = {number:d} and {ways.is_long} and {ends})) near order by likeness desc limit {MOST}"""
    rows = await sight.fetch(statement, *arguments.values)
    return [Near(answer_id=row["answer_id"], likeness=row["likeness"]) for row in rows]


def _sized(way: Members, place: int) -> tuple[str, str]:
    """The names `member`, of a few answers, and `size`, of whether they are all."""
    return (
        f"""member{place} as materialized (
            select * from ({way.ids}) every_member limit (select most + 1 from few))""",
        f"""size{place} as materialized (
            select count(*) <= (select most from few) as is_small from member{place})""",
    )


class _Own:
    """Answers in a locale, a variant of it or one that it is a variant of; they are counted where they are written."""

    def __init__(self, arguments: Arguments, locale: str) -> None:
        subtags = locale.split("-")
        self._parents = arguments.bind(["-".join(subtags[:count]) for count in range(1, len(subtags))], "text[]")
        self._found = of_locales(arguments.bind([locale], "text[]"), table="every_answer")
        spoken = arguments.bind(locale, "text")
        self._test = f"(starts_with({spoken} || '-', {{0}} || '-') or starts_with({{0}}, {spoken} || '-'))"

    @property
    def members(self) -> Members:
        """Them, by their ids and by a test."""
        parents = f"""select x.id from unnest({self._parents}) l cross join lateral (
            select y.id from every_answer y where y.locale = l order by y.locale, y.slug limit {SEVERAL + 1}) x"""
        return Members(ids=f"{self._found.ids} union all {parents}", test=self._test.format("a.locale"))

    def sized(self, place: int) -> tuple[str, str]:
        """The same names as of any others."""
        counted = f"select coalesce(sum(c.number), 0) from {_COUNTS} and {self._test.format('c.locale')}"
        return (
            f"size{place} as materialized (select ({counted}) <= (select most from few) as is_small)",
            f"""member{place} as materialized (
                select * from ({self.members.ids}) every_member where {IS_SMALL.format(number=place)})""",
        )


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

"""Answers that belong to something, in the order of a list: found by an index, whether they are few or many.

Few are read all and sorted. Of many the list is walked in its own order and each answer is tested, so that a page of a
broad topic costs what it shows. Which of the two it is the statement finds out by itself: of `n` answers of which `k`
belong it reads at most the lesser of `k` and about `20 n / k`. Where a list is narrowed by several things, the first of
which few belong to is what it reads.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from server.content.reads.bounds import UNDER, in_locales
from server.content.reads.listing import Keyset

FEW = 5_000
"""Members up to which all are read: about as many as the other way reads at most of a million answers."""

SEVERAL = 20_000
"""The same where something else narrows the list as well: hardly any answer may meet both."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Members:
    """What answers belong to."""

    ids: str
    """A query for the ids of all that belong, or of more than a few of them; some more than once."""
    test: str
    """Whether answer `a` does."""
    named: tuple[str, ...] = ()
    """The names that both are made with."""
    looks_beyond: bool = False
    """Whether the ids may be of answers beyond the bounds of an audience, so that their number tells of those."""

    def in_order(self, where: str, keyset: Keyset, *, limit: str) -> str:
        """The ids of a page of those that meet a condition."""
        return in_order([self], where, keyset=keyset, limit=limit)

    def count(self, where: str) -> str:
        """How many meet a condition: each of them is read."""
        return f"{opening([self])} select count(*) from {each(f'({self.ids}) every_member')} where {where}"


IS_SMALL = "(select is_small from size{number})"
"""Whether `member` of the same number, of `sized`, holds all that belong."""


def opening(members: Sequence[Members], *expressions: str) -> str:
    """The names that members are made with, and others that are made with them."""
    every = [*[name for each in members for name in each.named], *expressions]
    return f"with recursive {', '.join(every)}" if every else ""


def sized(ids: str, *, most: int = FEW, number: str = "") -> tuple[str, str]:
    """The names `member`, of a few answers, and `size`, of whether they are all."""
    return (
        f"member{number} as materialized (select * from ({ids}) every_member limit {most + 1})",
        f"size{number} as materialized (select count(*) <= {most} as is_small from member{number})",
    )


def each(members: str, table: str = "answer") -> str:
    """The answers with these ids, by their primary key: `offset 0` keeps the planner from walking all answers."""
    return f"""(select distinct id from {members}) m
        cross join lateral (select * from {table} a where a.id = m.id offset 0) a"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ways:
    """The ways to the answers that belong to all of several things, of which the first that is short is taken."""

    members: Sequence[Members]
    most: int

    @property
    def sizes(self) -> list[str]:
        """The names of the ways and their lengths."""
        ways = enumerate(self.members)
        return [name for number, way in ways for name in sized(way.ids, most=self.most, number=str(number))]

    def is_short(self, number: int) -> str:
        """Whether a way is the first that is short."""
        longer = [f"not {IS_SMALL.format(number=earlier)}" for earlier in range(number)]
        return " and ".join([*longer, IS_SMALL.format(number=number)])

    @property
    def is_long(self) -> str:
        """Whether all are long."""
        return " and ".join(["true", *[f"not {IS_SMALL.format(number=number)}" for number in range(len(self.members))]])

    @property
    def tests(self) -> str:
        """Whether answer `a` belongs to all."""
        return " and ".join(["true", *[way.test for way in self.members]])


def in_order(members: Sequence[Members], where: str, *, keyset: Keyset, limit: str) -> str:
    """The ids of a page of the answers that belong to all of some things and meet a condition."""
    ways = Ways(members=members, most=FEW if len(members) == 1 else SEVERAL)
    ends = f"{ways.tests} and {where} order by {keyset.ordering} limit {limit}"
    columns = f"select a.id, a.{keyset.column}"
    short = [
        f"({columns} from {each(f'member{number}')} where {ways.is_short(number)} and {ends})"
        for number in range(len(members))
    ]
    pages = " union all ".join([*short, f"({columns} from answer a where {ways.is_long} and {ends})"])
    return f"{opening(members, *ways.sizes)} select a.id from ({pages}) a order by {keyset.ordering} limit {limit}"


def of_topics(roots: str, *, name: str = "below") -> Members:
    """Answers in topics, which a query selects as `id`, or below them."""
    # a column of its own: so the topics are hashed once, where a condition would look through all for each answer
    is_below = f"select y.topic_id in (select id from {name}) as is_below from answer_topic y"
    return Members(
        named=(f"{name} as ({roots} union {UNDER.replace('from below b', f'from {name} b')})",),
        ids=f"""select x.answer_id as id from {name} b cross join lateral (
            select y.answer_id from answer_topic y where y.topic_id = b.id offset 0) x""",
        test=f"exists (select 1 from ({is_below} where y.answer_id = a.id offset 0) x where x.is_below)",
    )


def of_locales(tags: str, *, table: str = "answer", most: int = SEVERAL) -> Members:
    """Answers in locales that are bound there, or in variants of them: what begins with a tag and a hyphen."""
    # in the order of the index, for the planner takes a tag for a tenth of all answers
    some = f"(select y.id from {table} y where {{}} order by y.locale, y.slug limit {most + 1})"
    variants = some.format("y.locale > l || '-' and y.locale < l || '.'")
    return Members(
        ids=f"""select x.id from unnest({tags}) l cross join lateral (
            {some.format("y.locale = l")} union all {variants}) x""",
        test=in_locales(tags),
        looks_beyond=True,
    )


def of_sources(sources: str) -> Members:
    """Answers that cite sources, which a query selects as ids."""
    cites = "select x.answer_id as id from every_answer_source x where x.is_cited and x.{} offset 0"
    return Members(
        ids=f"""select x.id from ({sources}) s (id) cross join lateral ({cites.format("source_id = s.id")}) x""",
        test=f"""exists (select 1 from ({sources}) s (id) join every_answer_source x on x.source_id = s.id
            where x.is_cited and x.answer_id = a.id)""",
        looks_beyond=True,
    )

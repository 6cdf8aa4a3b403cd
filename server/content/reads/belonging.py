"""Answers that belong to something, in the order of a list: found by an index, whether they are few or many.

Few are read all and sorted. Of many the list is walked in its own order and each answer is tested, so that a page of a
broad topic costs what it shows. Which of the two it is the statement finds out by itself: of `n` answers of which `k`
belong it reads at most the lesser of `k` and about `20 n / k`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.content.filters import AnswerFilter
from server.content.reads.bounds import UNDER, in_locales
from server.content.reads.listing import Arguments, Keyset, conditions

FEW = 5_000
"""Members up to which all are read: about as many as the other way reads at most of a million answers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Members:
    """What answers belong to."""

    ids: str
    """A query for the ids of all that belong, or of more than a few of them; some more than once."""
    test: str
    """Whether answer `a` does."""
    below: str | None = None
    """Of topics: a query for the ids of those that they are in or below."""

    def opening(self, *expressions: str) -> str:
        """The names that both are made with, and others that are made with them."""
        every = [*([f"recursive below as ({self.below} union {UNDER})"] if self.below else []), *expressions]
        return f"with {', '.join(every)}" if every else ""

    def in_order(self, where: str, keyset: Keyset, *, limit: str) -> str:
        """The ids of a page of those that meet a condition."""
        ends = f"{where} order by {keyset.ordering} limit {limit}"
        return f"""{self.opening(*sized(self.ids))} select a.id from (
                (select a.id, a.{keyset.column} from {each("member")} where {IS_SMALL} and {ends})
                union all
                (select a.id, a.{keyset.column} from answer a where not {IS_SMALL} and {self.test} and {ends})
            ) a order by {keyset.ordering} limit {limit}"""

    def count(self, where: str) -> str:
        """How many meet a condition: each of them is read."""
        return f"{self.opening()} select count(*) from {each(f'({self.ids}) every_member')} where {where}"


IS_SMALL = "(select is_small from size)"
"""Whether `member`, of `sized`, holds all that belong."""


def sized(ids: str) -> tuple[str, str]:
    """The names `member`, of a few answers, and `size`, of whether they are all."""
    return (
        f"member as materialized (select * from ({ids}) every_member limit {FEW + 1})",
        f"size as materialized (select count(*) <= {FEW} as is_small from member)",
    )


def each(members: str, table: str = "answer") -> str:
    """The answers with these ids, by their primary key: `offset 0` keeps the planner from walking all answers."""
    return f"""(select distinct id from {members}) m
        cross join lateral (select * from {table} a where a.id = m.id offset 0) a"""


def of_topics(roots: str) -> Members:
    """Answers in topics, which a query selects as `id`, or below them."""
    # a column of its own: so the topics are hashed once, where a condition would look through all for each answer
    is_below = "select y.topic_id in (select id from below) as is_below from answer_topic y"
    return Members(
        below=roots,
        ids="""select x.answer_id as id from below b cross join lateral (
            select y.answer_id from answer_topic y where y.topic_id = b.id offset 0) x""",
        test=f"exists (select 1 from ({is_below} where y.answer_id = a.id offset 0) x where x.is_below)",
    )


def of_locales(tags: str, *, table: str = "answer") -> Members:
    """Answers in locales that are bound there, or in variants of them: what begins with a tag and a hyphen."""
    # in the order of the index, for the planner takes a tag for a tenth of all answers
    some = f"(select y.id from {table} y where {{}} order by y.locale, y.slug limit {FEW + 1})"
    variants = some.format("y.locale > l || '-' and y.locale < l || '.'")
    return Members(
        ids=f"""select x.id from unnest({tags}) l cross join lateral (
            {some.format("y.locale = l")} union all {variants}) x""",
        test=in_locales(tags),
    )


def listed(arguments: Arguments, wanted: AnswerFilter, *, keyset: Keyset) -> str:
    """The ids of a page of the answers that meet the filter."""
    members, others = _members(arguments, wanted)
    where = f"{conditions(arguments, others)} and {keyset.bounds(arguments)}"
    limit = arguments.bind(keyset.page.size + 1, "int")
    if members is None:
        return f"select a.id from answer a where {where} order by {keyset.ordering} limit {limit}"
    return members.in_order(where, keyset, limit=limit)


def counted(arguments: Arguments, wanted: AnswerFilter) -> str:
    """How many answers meet the filter: each of them is read."""
    if wanted.topics is None:
        return f"select count(*) from answer a where {conditions(arguments, wanted)}"
    return _in_topics(arguments, wanted.topics).count(conditions(arguments, replace(wanted, topics=None)))


def _members(arguments: Arguments, wanted: AnswerFilter) -> tuple[Members | None, AnswerFilter]:
    """What narrows the answers most, and the rest of the filter."""
    if wanted.topics is not None:
        return _in_topics(arguments, wanted.topics), replace(wanted, topics=None)
    if wanted.locales is not None:
        return of_locales(arguments.bind(list(wanted.locales), "text[]")), replace(wanted, locales=None)
    return None, wanted


def _in_topics(arguments: Arguments, slugs: Sequence[str]) -> Members:
    return of_topics(f"select t.id from topic t where t.slug = any({arguments.bind(list(slugs), 'text[]')})")

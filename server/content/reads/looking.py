"""The part of the outbox that one page of a feed looks at: so many answers, in order, whether they are told of or not.

A page costs no more than that, whatever it is filtered by: one that found less than was asked for ends where it looked
last, and the next goes on there. Sets are expanded as far as they are looked at.
"""

from dataclasses import dataclass
from uuid import UUID

from server.content.reads.bounds import BELOW

MOST = 2_000
"""Answers that a page looks at, of those with entries of their own and of those of sets."""

_BROAD = 50_000
"""Answers of a topic from which its set is looked for among all: so many are sorted for each page."""

FIRST_ID, LAST_ID = UUID(int=0), UUID(int=(1 << 128) - 1)
NEVER = (1 << 63) - 1
"""The position of `until` where the outbox was looked at to its end."""

_ANSWERS = """(select coalesce(sum(c.number), 0) from every_answer_count c where c.subject_id = e.set_id)"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """The names `seen`, of answers in order, and `until`, of how far these go."""

    own: str
    """A query for the answers with entries of their own after the place, in order, without a limit."""
    position: str
    answer_id: str
    limit: str
    where: str
    """Whether to look at all."""
    left: str | None = None
    """A query for the ids of the topics that answers are told to have left, when they left them."""

    @property
    def names(self) -> list[str]:
        """The names, each with its query."""
        most = f"greatest({MOST}, 2 * {self.limit})"
        return [
            f"own as materialized ({self.own} limit {most})",
            f"""own_end as materialized (select max(o.position) as position, '{LAST_ID}'::uuid as id
                from own o having count(*) = {most})""",
            f"""sets as materialized (select e.* from outbox e
                where e.set_kind is not null and e.position >= {self.position} and {self.where}
                    and e.position <= coalesce((select position from own_end), {NEVER})
                order by e.position limit {most})""",
            f"""members as materialized (
                select e.position, m.id, e.kind, e.occurred_at, e.set_kind, e.set_id, e.set_day, m.is_sure
                from sets e cross join lateral ({self._members(most)}) m order by 1, 2 limit {most})""",
            f"gone as materialized ({self._gone(most)})",
            f"until as materialized (select position, id from ({self._ends(most)}) e order by 1, 2 limit 1)",
            """seen as (
                select position, id, kind, occurred_at, null as set_kind, null::uuid as set_id, null::date as set_day,
                    true as is_sure from own
                union all select position, id, kind, occurred_at, set_kind, set_id, set_day, is_sure from members
                union all select position, id, null, null, 'LEFT', null, null, true from gone)""",
        ]

    def _gone(self, most: str) -> str:
        """The answers that left the topics after the place, each as often as it left one."""
        if self.left is None:
            return "select null::bigint as position, null::uuid as id where false"
        return f"""select distinct f.position, f.answer_id as id from ({self.left}) t (id) cross join lateral (
                select f.position, f.answer_id from former_topic f
                where f.topic_id = t.id and f.position >= {self.position}
                    and (f.position, f.answer_id) > ({self.position}, {self.answer_id})
                order by f.position, f.answer_id limit {most}) f
            where {self.where} order by 1, 2 limit {most}"""

    def _members(self, most: str) -> str:
        """The answers of the set that entry `e` names after the place, by their ids; some only perhaps."""
        after = f"case when e.position = {self.position} then {self.answer_id} else '{FIRST_ID}'::uuid end"
        below = f"""select distinct x.answer_id as id from {BELOW.format(root="e.set_id")} b cross join lateral (
            select x.answer_id from every_answer_topic x where x.topic_id = b.id and x.answer_id > {after} offset 0) x
            where e.set_kind = 'TOPIC' and {_ANSWERS} <= {_BROAD}"""
        ways = (
            f"""select x.answer_id as id, true as is_sure from every_answer_source x
                where e.set_kind = 'SOURCE' and x.source_id = e.set_id and x.answer_id > {after}""",
            f"select id, true from ({below}) x",
            f"""select a.id, true from every_answer a
                where e.set_kind = 'REVIEW' and a.next_review_on = e.set_day and a.id > {after}""",
            f"""select a.id, false from every_answer a where a.id > {after}
                and (e.set_kind = 'DISCLAIMER' or (e.set_kind = 'TOPIC' and {_ANSWERS} > {_BROAD}))""",
        )
        return " union all ".join([f"({way} order by id limit {most})" for way in ways])

    def _ends(self, most: str) -> str:
        """Where it may end; the first of these is where it does."""
        # what a cursor tells of an answer that is not told of is the millisecond of its id, no more
        rounded = "(substr(m.id::text, 1, 13) || '-0000-0000-000000000000')::uuid"
        cut = """union all select m.position,
                case when (m.position, {rounded}) > ({position}, {answer_id}) then {rounded} else m.id end
            from (select position, id from {some} order by 1 desc, 2 desc limit 1) m
            where (select count(*) from {some}) = {most}"""
        place = {"rounded": rounded, "position": self.position, "answer_id": self.answer_id, "most": most}
        return f"""select {NEVER}::bigint as position, '{LAST_ID}'::uuid as id
            union all select position, id from own_end
            union all select max(position), '{LAST_ID}'::uuid from sets having count(*) = {most}
            {cut.format(some="members", **place)} {cut.format(some="gone", **place)}"""

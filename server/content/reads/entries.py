"""The statements that expand the outbox: sets become the answers in them, filters are met, and each answer is whole.

They look past an audience's bounds, at what has left them: it is told of as long as it is new that it left, by its id
alone. What was never within the bounds is never told.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from server.content.filters import ChangeFilter
from server.content.reads.answers import ANSWER_COLUMNS, BEARS, SPEAKS
from server.content.reads.belonging import IS_SMALL, Members, each, of_locales, of_topics, sized
from server.content.reads.bounds import ABOVE, BELOW, Shape, in_locales
from server.content.reads.listing import Arguments

_FIRST_ID = UUID(int=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """How far a client has read: everything up to this position and, at it, up to this answer."""

    position: int = 0
    answer_id: UUID = _FIRST_ID


def _holds(entry: str, shape: Shape) -> dict[str, str]:
    """For each kind of set, whether the one that an entry names holds answer `a`, as a test of one answer."""
    return {
        "SOURCE": f"""exists (select 1 from every_answer_source x
            where x.answer_id = a.id and x.source_id = {entry}.set_id)""",
        "TOPIC": f"{entry}.set_id in {ABOVE} and {_matters(entry, shape)}",
        "REVIEW": f"a.next_review_on = {entry}.set_day",
        "DISCLAIMER": f"""exists (select 1 from worded d where d.id = {entry}.set_id
            and ({SPEAKS} or d.locale = 'en') and {BEARS})""",
    }


def _lists(shape: Shape) -> dict[str, tuple[str, str]]:
    """The same for entry `e` where many answers are wanted: those to look at by index, and the test of each."""
    holds = _holds("e", shape)
    cited = "select x.answer_id from every_answer_source x where x.source_id = e.set_id"
    below = f"""select distinct x.answer_id from {BELOW.format(root="e.set_id")} b cross join lateral (
        select x.answer_id from every_answer_topic x where x.topic_id = b.id offset 0) x"""
    each = "({}) m cross join lateral (select * from every_answer a where a.id = m.answer_id offset 0) a"
    return {
        "SOURCE": (each.format(cited), "true"),
        "TOPIC": (each.format(below), _matters("e", shape)),
        "REVIEW": ("every_answer a", holds["REVIEW"]),
        "DISCLAIMER": ("every_answer a", holds["DISCLAIMER"]),
    }


def _matters(entry: str, shape: Shape) -> str:
    """Whether it concerns the audience what became of a topic of answer `a`.

    Of one that it does not see it does where the topic has left the bounds, and where there are disclaimers that are
    borne by topics.
    """
    if not shape.is_confined:
        return "true"
    left = f"or {_LEFT.format(since=f'>= {entry}.position')}" if shape.topics else ""
    return f"""({entry}.set_id in (select id from topic) {left}
        or exists (select 1 from worded d where d.rule = 'TOPIC'))"""


_LEFT = """exists (select 1 from former_topic f
    where f.answer_id = a.id and f.topic_id in (select id from licensed) and f.position {since})"""
"""Whether answer `a` has left a topic within the bounds since a position."""

_IN_SIGHT = "exists (select 1 from answer i where i.id = a.id)"


def _is_last(position: str, shape: Shape) -> str:
    """Whether no set that holds answer `a` was changed after a position: by the answer's own sets, not by all later."""
    holds, later = _holds("l", shape), f"l.position > {position}"
    named = "select 1 from outbox l where l.set_kind = '{kind}' and l.set_id = o.id and " + later
    tests = [
        f"""exists (select 1 from {ABOVE} o
            where exists ({named.format(kind="TOPIC")} and {_matters("l", shape)} offset 0))""",
        f"""exists (select 1 from (select x.source_id as id from every_answer_source x where x.answer_id = a.id) o
            where exists ({named.format(kind="SOURCE")} offset 0))""",
        *[
            f"""exists (select 1 from outbox l where l.set_kind = '{kind}' and {later} and {holds[kind]} offset 0)"""
            for kind in ("REVIEW", "DISCLAIMER")
        ],
    ]
    return f"not ({' or '.join(tests)})"


def _last_set(shape: Shape) -> str:
    """The last entry of a set that holds answer `a`, where it comes after the answer's own: by what the answer has."""
    holds, later = _holds("l", shape), "l.position > a.change_position"
    named = "join outbox l on l.set_kind = '{kind}' and l.set_id = o.{id} where {later}"
    entries = [
        f"select l.* from {ABOVE} o {named.format(kind='TOPIC', id='id', later=later)} and {_matters('l', shape)}",
        f"""select l.* from every_answer_source o {named.format(kind="SOURCE", id="source_id", later=later)}
            and o.answer_id = a.id""",
        *[
            f"select l.* from outbox l where l.set_kind = '{kind}' and {later} and {holds[kind]}"
            for kind in ("REVIEW", "DISCLAIMER")
        ],
    ]
    return f"(select l.* from ({' union all '.join(entries)}) l order by l.position desc limit 1)"


# the answers of a page of entries, whole, beside how far the outbox goes and how far back; `offset 0`, for the planner
# takes a page for a tenth of all answers
_WHOLE = f"""with bounds as (
        select greatest((select max(position) from outbox), h.position) as head, h.position as horizon
        from outbox_horizon h),
    page as ({{page}})
    select b.head, b.horizon, p.position, p.id as changed_id, p.kind, p.occurred_at, p.matches, {ANSWER_COLUMNS}
    from bounds b left join page p on true
        left join lateral (select * from answer a where a.id = p.id offset 0) a on true
        left join lateral (
            select * from revision r where r.answer_id = a.id and r.number = a.revision offset 0) r on true
    order by p.position, p.id"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    """The part of the outbox that is asked for, and the shape of the audience that asks."""

    day: date
    place: Place
    wanted: ChangeFilter
    limit: int
    shape: Shape


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """A statement and the values that it binds."""

    sql: str
    values: list[object]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Pieces:
    """What of a statement depends on the place and the filter."""

    arguments: Arguments
    position: str
    start: str
    matches: str
    """Whether answer `a` meets the filter now."""
    concerns: str
    """Whether it does, or did after the place."""
    limit: str
    shape: Shape
    concerned: Members | None
    """The answers of which some concern: all of them, and maybe others; None for every answer."""

    @property
    def opening(self) -> str:
        """The names that the conditions are made with, and where not all answers concern `member` and `size`."""
        return self.concerned.opening(*sized(self.concerned.ids)) if self.concerned else ""

    def own(self, also: str) -> str:
        """The answers that changed themselves, in order of their changes."""
        columns = f"""a.change_position as position, a.id, a.change_kind as kind, a.changed_at as occurred_at,
            {self.matches} as matches"""
        ends = f"""(a.change_position, a.id) > {self.start} and {self.concerns} and {also}
            order by 1, 2 limit {self.limit}"""
        if self.concerned is None:
            return f"(select {columns} from every_answer a where {ends})"
        return f"""(select {columns} from {each("member", "every_answer")} where {IS_SMALL} and {ends})
            union all (select {columns} from every_answer a where not {IS_SMALL} and {ends})"""

    def sets(self, also: str) -> str:
        """The answers of sets that changed, in order of the changes; `also` says whether that is their latest."""
        ends = f"order by 1, 2 limit {self.limit}"
        every = f"""select e.position, m.id, e.kind, e.occurred_at, m.matches
            from outbox e cross join lateral ({self.members(also)}) m
            where e.set_kind is not null and e.position >= {self.position}"""
        if self.concerned is None:
            return f"({every} {ends})"
        few = f"""select e.position, a.id, e.kind, e.occurred_at, {self.matches} as matches
            from {each("member", "every_answer")} cross join lateral {_last_set(self.shape)} e
            where {IS_SMALL} and (e.position, a.id) > {self.start} and {self.concerns}"""
        return f"({few} {ends}) union all ({every} and not {IS_SMALL} {ends})"

    def members(self, also: str) -> str:
        """The answers of the set that entry `e` names, in order of their ids."""
        branches = [
            f"""(select a.id, {self.matches} as matches from {answers}
                 where e.set_kind = '{kind}' and {test} and (e.position, a.id) > {self.start} and {also}
                     and {self.concerns} order by a.id limit {self.limit})"""
            for kind, (answers, test) in _lists(self.shape).items()
        ]
        return " union all ".join(branches)

    def statement(self, page: str) -> Statement:
        """The statement for a page of entries."""
        return Statement(sql=_WHOLE.format(page=f"{self.opening} {page}"), values=self.arguments.values)


def _pieces(asked: Followed, *, left: str) -> _Pieces:
    """Binds place and filter; `left` compares the position at which an answer left a topic."""
    arguments = Arguments(values=[asked.day])
    position = arguments.bind(asked.place.position, "bigint")
    start = f"({position}, {arguments.bind(asked.place.answer_id, 'uuid')})"
    lasting = " and ".join(_lasting(arguments, asked))
    concerned = _concerned(arguments, asked)
    is_there, has_left = _passing(arguments, asked, concerned=concerned, left=left.format(since=position))
    matches = f"({lasting} and {is_there})"
    return _Pieces(
        arguments=arguments,
        position=position,
        start=start,
        matches=matches,
        concerns=f"({matches} or ({lasting} and {has_left}))",
        limit=arguments.bind(asked.limit, "int"),
        shape=asked.shape,
        concerned=concerned,
    )


def _concerned(arguments: Arguments, asked: Followed) -> Members | None:
    """The answers that bounds and filter leave, those that they once left, and maybe others; None for every answer."""
    wanted, roots = asked.wanted, "select id from licensed"
    if wanted.topics is not None or asked.shape.topics:
        if wanted.topics is not None:
            roots = f"select t.id from topic t where t.slug = any({arguments.bind(list(wanted.topics), 'text[]')})"
        former = "select id from licensed" if asked.shape.topics else roots
        members = of_topics(roots)
        left = f"select f.answer_id from ({former}) t join former_topic f on f.topic_id = t.id"
        return replace(members, ids=f"{members.ids} union all {left}")
    if wanted.slugs is not None:
        named = f"slug = any({arguments.bind(list(wanted.slugs), 'text[]')})"
        ids = [f"select y.id from every_answer y where y.{test}" for test in (named, "status = 'ERASED'")]
        return Members(ids=" union all ".join(ids), test="true")
    if wanted.locales is not None:
        return of_locales(arguments.bind(list(wanted.locales), "text[]"), table="every_answer")
    return None


def _lasting(arguments: Arguments, asked: Followed) -> list[str]:
    """What is once so of answer `a`, and stays."""
    parts, wanted = ["true"], asked.wanted
    if asked.shape.locales:
        parts.append(in_locales("(table spoken)"))
    if wanted.locales is not None:
        parts.append(in_locales(arguments.bind(list(wanted.locales), "text[]")))
    if wanted.slugs is not None:
        digests = [hashlib.sha256(slug.encode()).hexdigest() for slug in wanted.slugs]
        slugs, erased = arguments.bind(list(wanted.slugs), "text[]"), arguments.bind(digests, "text[]")
        parts.append(f"(a.slug = any({slugs}) or a.identity_digests[1] = any({erased}))")
    return parts


def _passing(arguments: Arguments, asked: Followed, *, concerned: Members | None, left: str) -> tuple[str, str]:
    """Whether answer `a` is one to be told of now, and whether it was one and is no longer."""
    is_there, has_left = ["a.status <> 'ERASED'"], "a.status = 'ERASED'"
    if asked.wanted.topics is not None and concerned is not None:
        is_there.append(concerned.test)
    if asked.wanted.topics is not None and not asked.shape.topics:
        topics = arguments.bind(list(asked.wanted.topics), "text[]")
        has_left = f"""exists (select 1 from former_topic f join topic t on t.id = f.topic_id
            where f.answer_id = a.id and t.slug = any({topics}) and f.position {left})"""
    if asked.shape.topics:
        # whatever topics are asked for: one that has left the bounds itself is none of them any more
        is_there.append(_IN_SIGHT)
        has_left = _LEFT.format(since=left)
    return " and ".join(is_there), has_left


def latest_entries(asked: Followed) -> Statement:
    """Each answer that changed after a place, once, at its latest change.

    Its kind is that change's; after a place other than the beginning, CAVEATS_CHANGED says that no content is new.
    """
    pieces = _pieces(asked, left="> {since}")
    set_is_last = f"a.change_position < e.position and {_is_last('e.position', asked.shape)}"
    # a client that has a copy of before must hear that the content is another one, whatever changed after that
    kind = f"""case when every.kind = 'CAVEATS_CHANGED' and {pieces.position} > 0 then coalesce((
            select c.kind from outbox c where c.answer_id = every.id and c.position > {pieces.position}
                and c.kind in ('PUBLISHED', 'UPDATED') order by c.position desc limit 1), every.kind)
        else every.kind end"""
    return pieces.statement(f"""select every.position, every.id, {kind} as kind, every.occurred_at, every.matches from (
        {pieces.own(_is_last("a.change_position", asked.shape))}
        union all
        {pieces.sets(set_is_last)}
    ) every order by 1, 2 limit {pieces.limit}""")


def all_entries(asked: Followed) -> Statement:
    """Every change after a place."""
    pieces = _pieces(asked, left=">= e.position")
    own = f"""(select a.id, {pieces.matches} as matches from every_answer a
        where a.id = e.answer_id and (e.position, a.id) > {pieces.start} and {pieces.concerns})"""
    return pieces.statement(f"""select e.position, m.id, e.kind, e.occurred_at, m.matches
        from outbox e cross join lateral ({own} union all {pieces.members("true")}) m
        where e.position >= {pieces.position} order by 1, 2 limit {pieces.limit}""")

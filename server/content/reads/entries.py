"""The statements that expand the outbox: sets become the answers in them, filters are met, and each answer is whole.

They look past an audience's bounds, at what has left them: it is told of as long as it is new that it left, by its id
alone. What was never within the bounds is never told.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from server.content.filters import ChangeFilter
from server.content.reads.answers import ANSWER_COLUMNS
from server.content.reads.belonging import IS_SMALL, Members, each, of_locales, of_topics, opening, sized
from server.content.reads.bounds import Shape, in_locales
from server.content.reads.listing import Arguments
from server.content.reads.looking import FIRST_ID, Window
from server.content.reads.sets import holds, is_last, last_set, matters

_IS_SMALL = IS_SMALL.format(number="")
_FEW = 1_000
"""Answers up to which all that concern a client are read for a page."""


@dataclass(frozen=True, kw_only=True, order=True, slots=True)
class Place:
    """How far a client has read: everything up to this position and, at it, up to this answer."""

    position: int = 0
    answer_id: UUID = FIRST_ID
    day: int = 0
    """Where it is the beginning of a day: the day's ordinal, which tells two of no other difference apart."""


_IN_SIGHT = """exists (select 1 from (
        select x.topic_id in (select id from licensed) as is_licensed from every_answer_topic x
        where x.answer_id = a.id offset 0) x
    where x.is_licensed)"""
"""Whether answer `a` is in a topic within the bounds: by its own topics, where to look at `answer` may read all."""

# the answers of a page of entries, whole, beside how far the outbox goes and how far back, and how far it was looked
# through; `offset 0`, for the planner takes a page for a tenth of all answers
_WHOLE = f"""with bounds as (
        select greatest((select max(position) from outbox), h.position) as head, h.position as horizon
        from outbox_horizon h),
    looked as materialized ({{looked}})
    select b.head, b.horizon, p.until_position, p.until_id,
        p.position, p.id as changed_id, p.kind, p.occurred_at, p.matches, {ANSWER_COLUMNS}
    from bounds b cross join looked p
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
    answer_id: str
    matches: str
    """Whether answer `a` meets the filter now."""
    concerns: str
    """Whether it does, or did after the place."""
    gone: str
    """Whether it does no longer."""
    left: str | None
    """A query for the ids of the topics of which it is told when an answer left them, there alone."""
    limit: str
    shape: Shape
    concerned: Members | None
    """The answers of which some concern: all of them, and maybe others; None where all are looked through."""
    named: Sequence[Members]
    """Those that the conditions are made with."""

    def statement(self, own: str, *, is_new: str, kind: str = "p.kind") -> Statement:
        """The statement for a page: `own` has the answers with entries of their own, `is_new` says which entries count.

        Answers that are few are looked at all, each at its latest change, where `member` has them.
        """
        few = f"not {_IS_SMALL}" if self.concerned else "true"
        window = Window(
            own=f"{own} and {few} order by 1, 2",
            position=self.position,
            answer_id=self.answer_id,
            limit=self.limit,
            where=few,
            left=self.left,
        )
        sizes = sized(self.concerned.ids, most=_FEW) if self.concerned else ()
        pages = [self._seen(is_new), *([self._few()] if self.concerned else [])]
        page = f"select * from ({' union all '.join(pages)}) p order by position, id limit {self.limit}"
        names = opening(self.named, *sizes, *window.names, f"page as ({page})")
        looked = f"""{names} select u.position as until_position, u.id as until_id, p.position, p.id, {kind} as kind,
            p.occurred_at, p.matches from until u left join page p on true"""
        return Statement(sql=_WHOLE.format(looked=looked), values=self.arguments.values)

    def _seen(self, is_new: str) -> str:
        """Of what is looked at the answers to be told of, in order."""
        tests = " ".join([f"when '{kind}' then {test}" for kind, test in holds("s", self.shape).items()])
        is_told = f"""case when s.set_kind = 'LEFT' then {self.gone} and {_is_last_left("s.position", self.left)}
            when not {self.concerns} then false when not (case when s.set_kind is null then true
            when s.is_sure then {f"s.set_kind <> 'TOPIC' or {matters('s', self.shape)}"}
            else case s.set_kind {tests} end end) then false else {is_new} end"""
        return f"""(select s.position, a.id, coalesce(s.kind, a.change_kind) as kind,
                coalesce(s.occurred_at, (select o.occurred_at from outbox o where o.position = s.position),
                    a.changed_at) as occurred_at,
                {self.matches} as matches
            from (select * from seen where (position, id) <= (select position, id from until)
                    order by position, id offset 0) s
                cross join lateral (select * from every_answer a where a.id = s.id offset 0) a
            where {is_told} order by 1, 2 limit {self.limit})"""

    def _few(self) -> str:
        """The answers that concern the client, each at its latest change."""
        return f"""(select * from (
            select coalesce(e.position, a.change_position) as position, a.id,
                coalesce(e.kind, a.change_kind) as kind, coalesce(e.occurred_at, a.changed_at) as occurred_at,
                {self.matches} as matches
            from {each("member", "every_answer")} left join lateral {last_set(self.shape)} e on true
            where {_IS_SMALL} and {self.concerns} {self._few_gone()}) e
            where (e.position, e.id) > ({self.position}, {self.answer_id}) order by 1, 2 limit {self.limit})"""

    def _few_gone(self) -> str:
        """Those of them that left."""
        if self.left is None:
            return ""
        return f"""union all
            select f.position, a.id, 'REMOVED', coalesce(o.occurred_at, a.changed_at), false
            from {each("member", "every_answer")} join former_topic f on f.answer_id = a.id
                left join outbox o on o.position = f.position
            where {_IS_SMALL} and {self.gone} and f.topic_id in ({self.left})
                and {_is_last_left("f.position", self.left)}
            group by 1, 2, 4"""


def _is_last_left(position: str, left: str | None) -> str:
    """Whether answer `a` left none of the topics after a position."""
    return f"""not exists (select 1 from former_topic g
        where g.answer_id = a.id and g.position > {position} and g.topic_id in ({left or "select null::uuid"}))"""


def _pieces(asked: Followed) -> _Pieces:
    """Binds place and filter."""
    arguments = Arguments(values=[asked.day])
    position = arguments.bind(asked.place.position, "bigint")
    answer_id = arguments.bind(asked.place.answer_id, "uuid")
    lasting = " and ".join(_lasting(arguments, asked))
    concerned = _concerned(arguments, asked)
    is_there, has_left, left = _passing(arguments, asked, concerned=concerned)
    matches = f"({lasting} and {is_there})"
    return _Pieces(
        arguments=arguments,
        position=position,
        answer_id=answer_id,
        matches=matches,
        concerns=f"({matches} or ({lasting} and {has_left}))",
        gone=f"({lasting} and not ({is_there}))",
        left=left,
        limit=arguments.bind(asked.limit, "int"),
        shape=asked.shape,
        concerned=concerned,
        named=[concerned] if concerned else [],
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


def _passing(arguments: Arguments, asked: Followed, *, concerned: Members | None) -> tuple[str, str, str | None]:
    """Whether answer `a` is to be told of now, whether it has left since entry `s`, and which topics if it has."""
    is_there, has_left, left = ["a.status <> 'ERASED'"], "a.status = 'ERASED'", None
    if asked.wanted.topics is not None and concerned is not None:
        is_there.append(concerned.test)
    if asked.wanted.topics is not None and not asked.shape.topics:
        left = f"select t.id from topic t where t.slug = any({arguments.bind(list(asked.wanted.topics), 'text[]')})"
    if asked.shape.topics:
        # whatever topics are asked for: one that has left the bounds itself is none of them any more
        is_there.append(_IN_SIGHT)
        left = "select id from licensed"
    if left is not None:
        has_left = f"""exists (select 1 from former_topic f
            where f.answer_id = a.id and f.position >= s.position and f.topic_id in ({left}))"""
    return " and ".join(is_there), has_left, left


def latest_entries(asked: Followed) -> Statement:
    """Each answer that changed after a place, once, at its latest change.

    Its kind is that change's; after a place other than the beginning, CAVEATS_CHANGED says that no content is new.
    """
    pieces = _pieces(asked)
    if pieces.left is not None:
        pieces = replace(pieces, concerns=pieces.matches)
    start = f"({pieces.position}, {pieces.answer_id})"
    # a client that has a copy of before must hear that the content is another one, whatever changed after that
    kind = f"""case when p.kind = 'CAVEATS_CHANGED' and {pieces.position} > 0 then coalesce((
            select c.kind from outbox c where c.answer_id = p.id and c.position > {pieces.position}
                and c.kind in ('PUBLISHED', 'UPDATED') order by c.position desc limit 1), p.kind)
        else p.kind end"""
    own = f"""select a.change_position as position, a.id, null as kind, null::timestamptz as occurred_at
        from every_answer a where (a.change_position, a.id) > {start}"""
    is_new = f"case when a.change_position > s.position then false else {is_last('s.position', asked.shape)} end"
    return pieces.statement(own, is_new=is_new, kind=kind)


def all_entries(asked: Followed) -> Statement:
    """Every change after a place."""
    pieces = replace(_pieces(asked), concerned=None, left=None)
    own = f"""select e.position, e.answer_id as id, e.kind, e.occurred_at from outbox e
        where e.answer_id is not null and e.position >= {pieces.position}
            and (e.position, e.answer_id) > ({pieces.position}, {pieces.answer_id})"""
    return pieces.statement(own, is_new="true")

"""Lists of answers: what a filter, an order and a page become in SQL, with the values bound."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from server.content.answer import EvidenceStatus
from server.content.filters import AnswerOrder, AnswerOrderField
from server.content.pages import PageRequest, decode_cursor
from server.errors.requests import CursorInvalidError


@dataclass(kw_only=True, slots=True)
class Arguments:
    """The values that a statement binds, in order; the first is the day of the read."""

    values: list[Any] = field(default_factory=list)
    _types: dict[int, str] = field(default_factory=dict)
    """Of the places that were bound here."""

    def bind(self, value: object, type_name: str) -> str:
        """The place that a value takes in the statement, the same for equal ones: each part may bind what it needs."""
        for place, known in self._types.items():
            if known == type_name and self.values[place - 1] == value:
                return f"${place}::{type_name}"
        self.values.append(value)
        self._types[len(self.values)] = type_name
        return f"${len(self.values)}::{type_name}"


def is_there(*, include_retracted: bool) -> str:
    """Whether answer `a` is one that clients are told of."""
    return "a.status <> 'ERASED'" if include_retracted else "a.status = 'PUBLISHED'"


ABOUT = """join (
        select distinct on (b.set_id) b.id, m.place from answer b join (
            select x.answer_id, min(x.position) as place from answer_topic x where x.topic_id in (
                with recursive below as (
                    select t.id from topic t where t.id = any($2::uuid[])
                    union select t.id from every_topic t join below b on t.parent_id = b.id)
                select id from below)
            group by 1) m on m.answer_id = b.id
        where b.status = 'PUBLISHED'
            and (b.locale = $3 or starts_with(b.locale, $3 || '-') or starts_with($3, b.locale || '-'))
        order by b.set_id, b.locale = $3 desc, starts_with($3, b.locale || '-') desc, length(b.locale) desc, b.id
    ) m on m.id = a.id"""
"""Joins to answer `a` of each set of translations the one in a locale (itself, a parent or a variant of it), if it is
on one of the topics or below them; its `place` is 0 where such a topic is its main one."""


_CITED = """exists (select 1 from every_answer_source x join every_source s on s.id = x.source_id
    where x.answer_id = a.id and x.is_cited and s.status = '{status}')"""
_WITHDRAWN, _SUPERSEDED = _CITED.format(status="WITHDRAWN"), _CITED.format(status="SUPERSEDED")
EVIDENCE = {
    EvidenceStatus.WITHDRAWN: f"a.status = 'PUBLISHED' and {_WITHDRAWN}",
    EvidenceStatus.OUTDATED: f"a.status = 'PUBLISHED' and {_SUPERSEDED} and not {_WITHDRAWN}",
    EvidenceStatus.CURRENT: f"a.status = 'PUBLISHED' and a.is_citing and not {_SUPERSEDED} and not {_WITHDRAWN}",
    EvidenceStatus.UNCITED: "(a.status = 'RETRACTED' or not a.is_citing)",
}
"""Whether answer `a` has each evidence."""


_COLUMNS = {
    AnswerOrderField.PUBLISHED_AT: ("published_at", "timestamptz"),
    AnswerOrderField.UPDATED_AT: ("updated_at", "timestamptz"),
    AnswerOrderField.QUESTION: ("question_key", "text"),
}

# a cursor holds a value of the column: where the column comes to hold others, the list takes another name
_LISTS = {**{field: field.value for field in AnswerOrderField}, AnswerOrderField.QUESTION: "QUESTION_WORDS"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Keyset:
    """An order of answers and the part of it that a page is cut from."""

    order: AnswerOrder
    page: PageRequest

    @property
    def name(self) -> str:
        """What the cursors of this list begin with."""
        return f"answers:{_LISTS[self.order.field]}:{'desc' if self.order.is_descending else 'asc'}"

    @property
    def column(self) -> str:
        """The column that comes before the id."""
        return _COLUMNS[self.order.field][0]

    @property
    def ordering(self) -> str:
        """The order to read in: the list's own, or the reverse of it for a page from its end."""
        direction = "desc" if self.order.is_descending != self.page.is_backward else "asc"
        return f"a.{self.column} {direction}, a.id {direction}"

    def bounds(self, arguments: Arguments) -> str:
        """The condition that a node lies after `after` and before `before`; raises CursorInvalidError."""
        parts = ["true"]
        for argument, cursor, is_lower in (("after", self.page.after, True), ("before", self.page.before, False)):
            if cursor is not None:
                sign = ">" if is_lower != self.order.is_descending else "<"
                key, identity = self._place(argument, cursor)
                place = f"({arguments.bind(key, _COLUMNS[self.order.field][1])}, {arguments.bind(identity, 'uuid')})"
                parts.append(f"(a.{self.column}, a.id) {sign} {place}")
        return " and ".join(parts)

    def _place(self, argument: str, cursor: str) -> tuple[object, UUID]:
        place = decode_cursor(argument, cursor, list_name=self.name)
        try:
            key, identity = place
            is_text = self.order.field is AnswerOrderField.QUESTION
            return str(key) if is_text else _moment(str(key)), UUID(str(identity))
        except (ValueError, OverflowError):
            raise CursorInvalidError(f"`{argument}` is not a cursor of this list: start again without it.") from None

    def parts(self, row: Any) -> Sequence[str]:  # noqa: ANN401 - an asyncpg record, which has no type of its own
        """The cursor of a row: the list's name, its key and its id."""
        key = row["place"]
        return self.name, key if isinstance(key, str) else key.isoformat(), str(row["id"])


def _moment(written: str) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError(written)
    return moment.astimezone(datetime.UTC)

"""What the receipts tell: which answers a client was served, who asks for a field, and who was served a revision."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from server.days import today
from server.db.reads import Reads

ANONYMOUS_NAME = "(anonymous)"
"""How the client without a key is listed; no client can have the name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerUse:
    """How often a client was served an answer at a revision."""

    client: str
    answer_id: UUID
    slug: str | None
    """As the answer has it now; None for one that is gone."""
    locale: str | None
    revision: int
    count: int
    last_on: datetime.date


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldUse:
    """How often operations of a client asked for a field."""

    client: str
    field: str
    count: int
    last_on: datetime.date


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """A client that was served an answer at a revision, through one document."""

    client: str
    revision: int
    document: str
    """Empty for what no trusted one asked."""
    count: int
    first_on: datetime.date
    last_on: datetime.date


def since(days: int) -> datetime.date:
    """The first of so many days, the last of which is today."""
    return today() - datetime.timedelta(days=days - 1)


async def top_answers(reads: Reads, *, client: str | None, days: int, first: int) -> list[AnswerUse]:
    """The answers that each client was served most often, or those of one client."""
    rows = await reads.fetch(
        """select u.client, u.answer_id, a.slug, a.locale, u.revision, u.count, u.last_on
           from (select coalesce(c.name, $4) as client, r.answer_id, r.revision, sum(r.count)::bigint as count,
                     max(r.day) as last_on, row_number() over (
                         partition by r.client_id order by sum(r.count) desc, r.answer_id, r.revision) as place
                 from receipt r left join client c on c.id = r.client_id
                 where r.day >= $1 and ($2::text is null or coalesce(c.name, $4) = $2)
                 group by r.client_id, c.name, r.answer_id, r.revision) u
           left join answer a on a.id = u.answer_id and a.status <> 'ERASED'
           where u.place <= $3 order by u.client, u.place""",
        since(days),
        client,
        first,
        ANONYMOUS_NAME,
    )
    return [AnswerUse(**dict(row)) for row in rows]


async def fields_of_client(reads: Reads, client_id: UUID, *, days: int) -> list[tuple[str, int]]:
    """The fields that a client's operations asked for, with how often, in order of their names."""
    rows = await reads.fetch(
        "select field, sum(count)::bigint from field_use where client_id = $1 and day >= $2 group by 1 order by 1",
        client_id,
        since(days),
    )
    return [(row[0], row[1]) for row in rows]


async def uses_of_fields(reads: Reads, names: Sequence[str] | None, *, days: int) -> list[FieldUse]:
    """Who asked for these fields, or for any, field by field."""
    rows = await reads.fetch(
        """select coalesce(c.name, $3) as client, f.field, sum(f.count)::bigint as count, max(f.day) as last_on
           from field_use f left join client c on c.id = f.client_id
           where f.day >= $1 and ($2::text[] is null or f.field = any($2::text[]))
           group by f.client_id, c.name, f.field order by f.field, client""",
        since(days),
        None if names is None else list(names),
        ANONYMOUS_NAME,
    )
    return [FieldUse(**dict(row)) for row in rows]


async def asked_ad_hoc(reads: Reads, *, days: int) -> list[FieldUse]:
    """The fields that clients asked for which may ask ad hoc, client by client; none of a database from before."""
    if await reads.fetch_value("select to_regclass('field_use')") is None:
        return []
    rows = await reads.fetch(
        """select coalesce(c.name, $2) as client, f.field, sum(f.count)::bigint as count, max(f.day) as last_on
           from field_use f left join client c on c.id = f.client_id
           where f.day >= $1 and c.is_bound is not true
           group by f.client_id, c.name, f.field order by client, f.field""",
        since(days),
        ANONYMOUS_NAME,
    )
    return [FieldUse(**dict(row)) for row in rows]


async def recipients(reads: Reads, answer_id: UUID, *, revision: int | None, days: int) -> list[Recipient]:
    """Who was served an answer, at one of its revisions or at any, the newest revision first."""
    rows = await reads.fetch(
        """select coalesce(c.name, $4) as client, r.revision, r.document, sum(r.count)::bigint as count,
               min(r.day) as first_on, max(r.day) as last_on
           from receipt r left join client c on c.id = r.client_id
           where r.answer_id = $1 and ($2::int is null or r.revision = $2) and r.day >= $3
           group by r.client_id, c.name, r.revision, r.document order by r.revision desc, client, r.document""",
        answer_id,
        revision,
        since(days),
        ANONYMOUS_NAME,
    )
    return [Recipient(**dict(row)) for row in rows]


async def ids_at(reads: Reads, slug: str, *, locale: str | None) -> list[tuple[UUID, str]]:
    """The ids and locales of the answers at a slug, also of retracted ones."""
    rows = await reads.fetch(
        """select id, locale from answer where slug = $1 and ($2::text is null or locale = $2) and status <> 'ERASED'
           order by locale""",
        slug,
        locale,
    )
    return [(row[0], row[1]) for row in rows]

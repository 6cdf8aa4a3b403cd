"""Published answers as the drafts that they were made from, with their caveats as they are now: what is exported.

What an editor has said since a file was read is in its draft, so that whoever imports the export serves no answer
without it.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from msgspec.structs import replace

from server.content.draft import Draft, Notice, Retraction, Source
from server.content.packing import unpack
from server.content.publication.canonical import used_keys
from server.content.publication.caveats import decode
from server.content.writes.sourcing import KnownSources
from server.db.reads import Reads

_BATCH = 200
_FIRST_ID = UUID(int=0)

_SELECT = """
-- current revisions with the file's caveats, the page's notices in today's wording, and what became of the sources
-- that it cites, with their newer editions
select a.id, r.draft, a.draft_caveats, a.status, a.retraction_reason, b.slug as replacement,
    (select coalesce(json_agg(json_build_object(
            'kind', d.kind, 'placement', d.placement, 'heading', d.heading, 'text', d.text) order by d.position), '[]')
     from disclaimer d where d.answer_id = a.id and d.rule = 'PAGE' and d.is_active) as notices,
    (with recursive used as (
         select s.* from answer_source x join source s on s.id = x.source_id where x.answer_id = a.id
         union select s.* from source s join used u on s.id = u.superseded_by_id)
     select coalesce(json_agg(used order by used.id), '[]') from used) as sources
from answer a join revision r on r.answer_id = a.id and r.number = a.revision
left join answer b on b.id = a.replacement_id
where a.id > $1 and ($2::text[] is null or a.slug = any($2)) order by a.id limit $3
"""


async def stored_drafts(reads: Reads, slugs: Sequence[str] | None = None) -> AsyncIterator[Draft]:
    """The drafts of the current revisions, with caveats and retraction as they are now; all without `slugs`."""
    last = _FIRST_ID
    while True:
        rows = await reads.fetch(_SELECT, last, None if slugs is None else list(slugs), _BATCH)
        for row in rows:
            yield _draft(row)
        if len(rows) < _BATCH:
            return
        last = rows[-1]["id"]


def _draft(row: asyncpg.Record) -> Draft:
    draft = msgspec.json.decode(unpack(row["draft"]), type=Draft)
    caveats = decode(row["draft_caveats"])
    retraction = None
    if row["status"] == "RETRACTED":
        retraction = Retraction(reason=row["retraction_reason"], replacement=row["replacement"])
    return replace(
        draft,
        topics=caveats.topics,
        review=caveats.review,
        translation_of=caveats.translation_of,
        notices=msgspec.json.decode(row["notices"], type=tuple[Notice, ...]),
        sources=_with_standings(draft, msgspec.json.decode(row["sources"])),
        retraction=retraction,
    )


def _with_standings(draft: Draft, rows: Sequence[dict[str, Any]]) -> tuple[Source, ...]:
    """The sources of a draft with what became of those in use, and newer editions that its file did not know."""
    known = KnownSources()
    for each in rows:
        known.add(each)
    by_id = {each["id"]: each for each in rows}
    sources = {source.key: source for source in draft.sources}
    keys = used_keys(draft)
    for key in keys:
        row = known.find(sources[key])
        status = None if row is None else row["status"]
        newer = None
        if row is not None and status == "SUPERSEDED":
            newer = _newer_key(sources, sources[key], known=known, row=by_id[row["superseded_by_id"]])
            keys.extend({newer}.difference(keys))
        sources[key] = replace(sources[key], superseded_by=newer, is_withdrawn=status == "WITHDRAWN")
    return tuple(sources.values())


def _newer_key(sources: dict[str, Source], source: Source, *, known: KnownSources, row: dict[str, Any]) -> str:
    """The key of the draft's source that a row is, by preference the one its file named; added where there is none."""
    named = [] if source.superseded_by is None else [source.superseded_by]
    for key in [*named, *sources]:
        if known.find(sources[key]) is row:
            return key
    key = f"{source.key}-newer"
    while key in sources:
        key += "-newer"
    fields = {name: value for name, value in row.items() if name in Source.__struct_fields__}
    sources[key] = msgspec.convert({**fields, "key": key, "superseded_by": None}, Source)
    return key

"""One statement reads whole answers: the current revision, and the caveats as they are at this moment."""

import datetime
from collections.abc import Sequence
from typing import NamedTuple

import asyncpg
import msgspec

from server.access.audience import Audience
from server.content.answer import (
    Answer,
    AnswerStatus,
    Caveats,
    Disclaimer,
    EvidenceStatus,
    Retraction,
    Review,
    Source,
    SourceStatus,
    Topic,
)
from server.content.draft import Contributor
from server.content.packing import unpack
from server.content.publication.canonical import withheld_digest
from server.content.publication.revision import withheld
from server.content.published import Published, decode
from server.content.reads.bounds import ABOVE, Shape
from server.content.touching import ANY, Tag, answer_tags
from server.content.vocabulary import ProductionMethod

TOPIC_JSON = """json_build_object('uuid', t.id, 'slug', t.slug, 'parent_id', t.parent_id,
    'names', (select coalesce(json_agg(json_build_object('locale', n.locale, 'name', n.name, 'synonyms', n.synonyms)
                  order by n.locale), '[]') from topic_name n where n.topic_id = t.id),
    'codes', (select coalesce(json_agg(json_build_object('system', c.system, 'code', c.code, 'display', c.display)
                  order by c.system, c.code), '[]') from topic_code c where c.topic_id = t.id))"""

SOURCE_JSON = """json_build_object('uuid', s.id, 'kind', s.kind, 'title', s.title, 'publisher', s.publisher,
    'edition', s.edition, 'published_on', s.published_on, 'url', s.url, 'doi', s.doi, 'attribution', s.attribution,
    'license', s.license, 'status', s.status, 'superseded_by_id', s.superseded_by_id)"""

DISCLAIMER_JSON = """json_build_object('uuid', d.id, 'kind', d.kind, 'placement', d.placement, 'heading', d.heading,
    'text', d.text, 'locale', d.locale, 'version', d.version)"""

_CITES = """exists (select 1 from every_answer_source x join every_source s on s.id = x.source_id
    where x.answer_id = a.id and x.is_cited and s.status = '{status}') and a.status = 'PUBLISHED'"""

# whether answer `a` bears the disclaimer `d`, which stands for all or is the audience's own; $1 is the day
BEARS = f"""case d.rule
    when 'EVERY_ANSWER' then true
    when 'MADE_BY_AI' then a.method <> 'HUMAN_WRITTEN' and not exists (
        select 1 from worded o where o.answer_id = a.id and o.kind = 'AI_GENERATED' and o.is_active)
    when 'TOPIC' then d.topic_id in {ABOVE}
    when 'RETRACTED' then a.status = 'RETRACTED'
    when 'SOURCE_WITHDRAWN' then {_CITES.format(status="WITHDRAWN")}
    when 'SOURCE_SUPERSEDED' then {_CITES.format(status="SUPERSEDED")}
    when 'REVIEW_OVERDUE' then a.next_review_on < $1::date and a.status = 'PUBLISHED'
    when 'CLIENT' then true
    else false end"""

_RANKS = """array['RETRACTED', 'REASON', 'SOURCE_WITHDRAWN', 'SOURCE_SUPERSEDED', 'REVIEW_OVERDUE', 'PAGE',
    'MADE_BY_AI', 'TOPIC', 'EVERY_ANSWER', 'CLIENT']"""

SPEAKS = "(a.locale = d.locale or starts_with(a.locale, d.locale || '-'))"
"""Whether disclaimer `d` is in the language of answer `a`."""

# of the wordings of one disclaimer that in the answer's locale, in the nearest parent of it, or in English; what the
# client has put in place of a standing one counts before it wherever it speaks the answer's language as well.
# First what is wrong with the answer, then what its page says, then what stands for all, last what the client adds: it
# can't push down what is said of the answer
_DISCLAIMERS = f"""(select coalesce(json_agg({DISCLAIMER_JSON}
        order by d.placement = 'AFTER_CONTENT', array_position({_RANKS}, d.rule), d.position, d.name), '[]')
    from (
        select o.* from worded o
        where o.answer_id = a.id and o.is_active and (o.rule <> 'REASON' or a.status = 'RETRACTED')
        union all
        (select distinct on (d.rule = 'CLIENT', d.name) d.* from worded d
         where d.answer_id is null and d.is_active and ({SPEAKS} or d.locale = 'en') and {BEARS}
         order by d.rule = 'CLIENT', d.name, {SPEAKS} desc, d.client_id is null, length(d.locale) desc)
    ) d)"""

_SOURCES = f"""(select json_build_object(
        'cited', coalesce(json_agg({SOURCE_JSON} order by x.position) filter (where x.is_cited), '[]'),
        'grounding', coalesce(json_agg({SOURCE_JSON} order by x.position) filter (where not x.is_cited), '[]'))
    from every_answer_source x join every_source s on s.id = x.source_id where x.answer_id = a.id)"""

_TOPICS = f"""(select coalesce(json_agg({TOPIC_JSON} order by x.position), '[]')
    from answer_topic x join topic t on t.id = x.topic_id where x.answer_id = a.id)"""

_COLUMNS = f"""a.id, a.set_id, a.slug, a.locale, a.external_id, a.status, a.question, a.revision, a.digest,
    a.method, a.published_at, a.updated_at, a.reviewed_on, a.reviewer, a.next_review_on, a.retracted_at,
    a.retraction_reason, a.replacement_id, {{published}} as published, {_DISCLAIMERS} as disclaimers,
    {_SOURCES} as sources, {_TOPICS} as topics, array{ABOVE} as above"""

ANSWER_COLUMNS = _COLUMNS.format(published="r.published")
"""What `assemble` takes, of answer `a` and its revision `r`; $1 is the day of the read, in UTC.

Who sees an answer sees all its sources and disclaimers; of its topics those within the bounds.
"""


LEAN_COLUMNS = _COLUMNS.format(
    published="case when a.id = p.held_id and a.revision = p.held_number then null else r.published end"
)
"""The same without the published form of the revision that the item `p` says is held."""


REVISION = "join revision r on r.answer_id = a.id and r.number = a.revision"


class _Sources(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The sources of an answer, as they are read."""

    cited: tuple[Source, ...]
    grounding: tuple[Source, ...]


_disclaimers = msgspec.json.Decoder(tuple[Disclaimer, ...])
_sources = msgspec.json.Decoder(_Sources)
_topics = msgspec.json.Decoder(tuple[Topic, ...])
_contributor = msgspec.json.Decoder(Contributor)


class Held(NamedTuple):
    """The published form of a revision, as it was decoded."""

    number: int
    published: Published
    size: int
    """Of its JSON, in bytes."""


def held_in(row: asyncpg.Record) -> Held:
    """The published form that a row of `ANSWER_COLUMNS` brings."""
    data = unpack(row["published"])
    return Held(row["revision"], decode(data), len(data))


def assemble(row: asyncpg.Record, held: Held, *, day: datetime.date, audience: Audience) -> Answer:
    """The answer that a row of `ANSWER_COLUMNS` holds, with its published form, as the audience is served it.

    Of a retracted one nothing of its content.
    """
    published = held.published
    if not audience.shows_calls:
        published = msgspec.structs.replace(published, calls_to_action=())
    is_retracted = row["status"] == "RETRACTED"
    found = _sources.decode(row["sources"])
    sources = () if is_retracted else found.cited
    caveats = Caveats(
        disclaimers=_disclaimers.decode(row["disclaimers"]),
        sources=sources,
        grounding=() if is_retracted or not published.provenance.grounded_in else found.grounding,
        topics=_topics.decode(row["topics"]),
        evidence=_evidence(sources),
        review=_review(row, day),
        retraction=_retraction(row),
    )
    return Answer(
        uuid=row["id"],
        set_id=row["set_id"],
        slug=row["slug"],
        locale=row["locale"],
        external_id=row["external_id"],
        status=AnswerStatus(row["status"]),
        question=row["question"],
        revision=row["revision"],
        digest=withheld_digest(row["digest"]) if is_retracted else row["digest"],
        method=ProductionMethod(row["method"]),
        published_at=row["published_at"],
        updated_at=row["updated_at"],
        published=withheld(published, row["question"]) if is_retracted else published,
        withheld_anchors=tuple(section.anchor for section in published.sections) if is_retracted else (),
        caveats=caveats,
        caveats_size=len(row["disclaimers"]) + len(row["sources"]) + len(row["topics"]),
        tags=_tags(row, found, is_free=not is_retracted or not Shape.of(audience).is_confined),
    )


def _tags(row: asyncpg.Record, sources: _Sources, *, is_free: bool) -> frozenset[Tag]:
    """What touches an answer; one with a replacement that may leave the bounds by itself any news does."""
    leaning = [source.uuid for source in (*sources.cited, *sources.grounding)]
    tags = answer_tags(row["id"], sources=leaning, topics=row["above"])
    return tags if is_free else tags | {ANY}


def _evidence(sources: Sequence[Source]) -> EvidenceStatus:
    statuses = {source.status for source in sources}
    if not statuses:
        return EvidenceStatus.UNCITED
    if SourceStatus.WITHDRAWN in statuses:
        return EvidenceStatus.WITHDRAWN
    return EvidenceStatus.OUTDATED if SourceStatus.SUPERSEDED in statuses else EvidenceStatus.CURRENT


def _review(row: asyncpg.Record, day: datetime.date) -> Review | None:
    if row["reviewed_on"] is None:
        return None
    due = row["next_review_on"]
    return Review(
        reviewed_on=row["reviewed_on"],
        reviewer=_contributor.decode(row["reviewer"]),
        next_review_on=due,
        is_overdue=due is not None and due < day,
    )


def _retraction(row: asyncpg.Record) -> Retraction | None:
    if row["retracted_at"] is None:
        return None
    return Retraction(
        reason=row["retraction_reason"],
        retracted_at=row["retracted_at"],
        replacement_id=row["replacement_id"],
    )


def decode_topic(data: str) -> Topic:
    """The topic that `TOPIC_JSON` wrote."""
    return msgspec.json.decode(data, type=Topic)


def decode_source(data: str) -> Source:
    """The source that `SOURCE_JSON` wrote."""
    return msgspec.json.decode(data, type=Source)


def decode_disclaimer(data: str) -> Disclaimer:
    """The disclaimer that `DISCLAIMER_JSON` wrote."""
    return msgspec.json.decode(data, type=Disclaimer)

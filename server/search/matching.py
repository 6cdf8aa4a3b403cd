"""The one statement that finds answers: which match, how well, on which topics, and where in the answer.

An answer is taken as the best of its sections read with its question, title and topics. That has to hold every word
that is asked for where there are one or two, else about half of them, which is 0.45 of their weight; of the words
beyond the tenth a quarter is enough, for who writes a paragraph tells more than is asked. A word weighs the more, the
fewer answers have it, up to `RARE`. So what nothing answers well finds nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from server.content.answer import Topic
from server.content.filters import AnswerFilter
from server.content.publication.passages import STEM
from server.content.reads.answers import TOPIC_JSON
from server.content.reads.bounds import STRADDLES
from server.content.reads.listing import Arguments, conditions
from server.content.reads.sight import Sight
from server.content.words import dictionary
from server.search.results import Facet
from server.search.terms import Term

MOST_FACETS = 20

RARE = 3.5
"""The weight of a word that one answer in thirty has: what is rarer counts no more when it is missing."""

SPEAKS = """(a.locale = {locale} or starts_with(a.locale, {locale} || '-') or starts_with({locale}, a.locale || '-'))"""
"""Whether answer `a` is in the language that is searched: `es` also finds `es-MX`, and `es-MX` what is in `es`."""


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that matches; `score` is exact, so that a cursor can carry it."""

    id: UUID
    score: str
    anchor: str | None
    """That of the section that matches best; None where only question, title or topics match."""
    words: tuple[str, ...]
    """The words of that section that matched, in lower case."""


class _Facet(msgspec.Struct, frozen=True):
    topic: Topic
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a page begins: after the match with this score and id."""

    score: str
    id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What is looked for, and the part of it that is wanted."""

    terms: Sequence[Term]
    locale: str
    filter: AnswerFilter
    most: int
    after: Place | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Matches:
    """What matched: one page, and what is said of all pages."""

    page: Sequence[Match]
    total: int
    facets: tuple[Facet, ...]
    unknown: frozenset[str]
    """Words of the query, folded, that no answer in the language has."""


def seen_words(sight: Sight) -> str:
    """The words of passage `p` that the audience may find it by: not the names of topics that it does not see.

    Those are what of an opening is of weight B; without bounds all words count.
    """
    if not sight.shape.topics:
        return "p.words"
    return f"case when p.position = -1 and {STRADDLES} then ts_filter(p.words, '{{a}}') else p.words end"


async def match(sight: Sight, asked: Asked) -> Matches:
    """The answers that match, best first; of those with equal scores the newest first."""
    arguments = Arguments()
    statement = _statement(arguments, asked, words=seen_words(sight))
    row = await sight.fetch_row(statement, *arguments.values)
    if row is None:
        return Matches(page=(), total=0, facets=(), unknown=frozenset())
    facets = msgspec.json.decode(row["facets"], type=list[_Facet])
    return Matches(
        page=msgspec.json.decode(row["page"], type=list[Match]),
        total=row["total"],
        facets=tuple([Facet(topic=each.topic, count=each.count) for each in facets]),
        unknown=frozenset(row["unknown"]),
    )


def _statement(arguments: Arguments, asked: Asked, *, words: str) -> str:
    values: dict[str, Any] = {
        "words": arguments.bind([term.text for term in asked.terms], "text[]"),
        "folded": arguments.bind([term.folded for term in asked.terms], "text[]"),
        "groups": arguments.bind([term.group for term in asked.terms], "int[]"),
        "excluded": arguments.bind([term.is_excluded for term in asked.terms], "bool[]"),
        "dictionary": arguments.bind(dictionary(asked.locale), "text"),
        "locale": arguments.bind(asked.locale, "text"),
        "most": arguments.bind(asked.most, "int"),
    }
    beyond = "true"
    if asked.after is not None:
        score, identity = arguments.bind(asked.after.score, "text"), arguments.bind(asked.after.id, "uuid")
        beyond = f"(b.score, b.id) < ({score}::numeric, {identity})"
    return _MATCHING.format(
        stem=STEM,
        speaks=SPEAKS.format(locale=values["locale"]),
        filter=conditions(arguments, asked.filter),
        beyond=beyond,
        topic=TOPIC_JSON,
        facets=MOST_FACETS,
        rare=RARE,
        seen=words,
        **values,
    )


# strength: how much of a passage a word is; question and title count 5, topics and headings 2.5, text 1.
# section: a passage with the words that it holds (their bits) and what they are worth; -1 is question, title, topics.
# fit: the best section of an answer, read with passage -1. best: what matched, one answer for each set of translations.
_MATCHING = """
with word as materialized (
    select w.place, w.folded, w.phrase, w.is_excluded, {stem} as stem
    from unnest({words}, {folded}, {groups}, {excluded}) with ordinality w (word, folded, phrase, is_excluded, place),
        (select {dictionary}::regdictionary as id) d),
phrase as materialized (
    select s.is_excluded, string_agg(s.step || quote_literal(s.stem), '' order by s.place)::tsquery as query
    from (select *, coalesce('<' || place - lag(place) over (partition by phrase order by place) || '>', '') as step
          from word where stem is not null and phrase > 0) s
    group by s.phrase, s.is_excluded),
term as materialized (
    select stem, quote_literal(stem)::tsquery as query, 1::bigint << (row_number() over (order by stem) - 1)::int as bit
    from word where stem is not null and not is_excluded group by stem),
found as materialized (
    select t.stem, t.bit, p.answer_id, p.position, case p.position
        when -1 then ts_rank('{{0.2, 0.3, 0.5, 1.0}}', {seen}, t.query) / (1 + length({seen}) / 50.0)
        else ts_rank('{{0.2, 0.3, 0.5, 1.0}}', p.words, t.query, 1) end as strength
    from term t join passage p on p.words @@ t.query join answer a on a.id = p.answer_id
    where a.status = 'PUBLISHED' and {speaks} and {seen} @@ t.query),
spread as (
    select stem, count(distinct answer_id) as answers from found group by stem),
weight as materialized (
    select t.stem, t.bit, ln(1 + (n.answers + 50 - coalesce(s.answers, 0)) / (coalesce(s.answers, 0) + 5.0)) as worth
    from (select count(*) as answers from answer a where a.status = 'PUBLISHED' and {speaks}) n,
        term t left join spread s using (stem)),
asked as materialized (
    select sum(worth order by stem) as worth, sum(least(worth, {rare}) order by stem) as needed,
        case when count(*) <= 2 then 1 when count(*) <= 10 then 0.45 else (2 + count(*) / 4.0) / count(*) end as share
    from weight),
section as materialized (
    select f.answer_id, f.position, bit_or(f.bit) as bits, sum(w.worth * f.strength::numeric order by w.stem) as score
    from found f join weight w using (stem) group by f.answer_id, f.position),
fit as materialized (
    select s.answer_id, s.position, s.score + s.opening as score, c.worth, c.needed
    from (select answer_id, position,
              bits | coalesce(bit_or(bits) filter (where position = -1) over its, 0) as bits,
              case when position >= 0 then score else 0 end as score,
              coalesce(sum(score) filter (where position = -1) over its, 0) as opening
          from section window its as (partition by answer_id)) s,
        lateral (select sum(w.worth order by w.stem) as worth, sum(least(w.worth, {rare}) order by w.stem) as needed
                 from weight w where w.bit & s.bits <> 0) c),
candidate as (
    select distinct on (f.answer_id) f.answer_id, f.position, round(f.score * f.worth / q.worth, 6) as score
    from fit f, asked q
    where round(f.needed, 9) >= round(q.needed * q.share, 9)
    order by f.answer_id, f.score * f.worth desc, f.position desc),
best as materialized (
    select distinct on (a.set_id) a.id, c.position, c.score
    from candidate c join answer a on a.id = c.answer_id
    where {filter} and {speaks}
        and not exists (
            select 1 from phrase h
            where h.is_excluded = exists (
                select 1 from passage p where p.answer_id = a.id and {seen} @@ h.query))
    order by a.set_id, a.locale = {locale} desc, c.score desc, a.id),
page as (
    select b.id, b.position, b.score from best b where {beyond} order by b.score desc, b.id desc limit {most}),
hit as (
    select h.score, h.id, p.anchor, coalesce((
        select array_agg(distinct (string_to_array(p.text, ' '))[place])
        from unnest(p.words) u (stem, positions, weights), unnest(u.positions) place
        where u.stem in (select stem from term) and place < 16383), '{{}}') as words
    from page h left join passage p on p.answer_id = h.id and p.position = h.position and p.position >= 0)
select
    (select count(*) from best) as total,
    (select coalesce(array_agg(distinct w.folded), '{{}}') from word w
     where w.stem is not null and not w.is_excluded and w.stem not in (select stem from spread)) as unknown,
    (select coalesce(json_agg(json_build_object('topic', {topic}, 'count', x.answers)
         order by x.answers desc, t.slug), '[]')
     from (select x.topic_id, count(*) as answers from best b join answer_topic x on x.answer_id = b.id
               join topic t on t.id = x.topic_id
           group by x.topic_id, t.slug order by 2 desc, t.slug limit {facets}) x
         join topic t on t.id = x.topic_id) as facets,
    (select coalesce(json_agg(json_build_object(
        'id', h.id, 'score', h.score::text, 'anchor', h.anchor, 'words', h.words)
         order by h.score desc, h.id desc), '[]')
     from hit h) as page
"""

"""The passages of an answer as search finds them: one for its question, title and topics, one for each section.

A passage keeps its words in lower case, in order and parted by spaces, and the vector of their stems, whose positions
are the words' numbers.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from server.content.draft import Draft
from server.content.published import Published
from server.content.words import dictionary, folded, language, words
from server.content.writes.transaction import Write

_LONGEST = 200_000
"""Characters of one passage that are searched: Postgres takes no vector of over 1 MiB."""

STEM = """case when w.folded <> '' and ts_lexize(d.id, w.word) is distinct from '{}'
    then (ts_lexize(d.id, w.folded))[1] end"""
"""The stem of word `w` in dictionary `d`; null for a word that is too common, with or without its accents."""


def passages(answer_id: UUID, draft: Draft, *, published: Published) -> list[dict[str, Any]]:
    """The passages of one revision, as `write_passages` takes them."""
    names = "\n".join([name for topic in draft.topics for name in (topic.name, *topic.synonyms)])
    opening = _passage(draft.locale, f"{draft.question}\n{draft.title}", body=names)
    rows = [{"position": -1, "anchor": None, "heading_weight": "A", "text_weight": "B", **opening}]
    for part in published.sections:
        content = _passage(draft.locale, part.heading or "", body=part.body.text)
        rows.append(
            {"position": part.position, "anchor": part.anchor, "heading_weight": "B", "text_weight": "D", **content}
        )
    return [{"answer_id": answer_id, "dictionary": dictionary(draft.locale), **row} for row in rows]


def _passage(locale: str, heading: str, *, body: str) -> dict[str, Any]:
    spoken = language(locale)
    heading_words = [word.text for word in words(heading[:_LONGEST])]
    all_words = heading_words + [word.text for word in words(body[:_LONGEST])]
    return {
        "words": all_words,
        "folded": [folded(word, spoken) for word in all_words],
        "heading_words": len(heading_words),
    }


async def write_passages(write: Write, rows: Sequence[dict[str, Any]]) -> None:
    """Puts the passages in place of those that their answers had."""
    if not rows:
        return
    await drop_passages(write, list({row["answer_id"] for row in rows}))
    await write.session.execute(_INSERT, list(rows))


# a vector is written out, so that its positions are ours; none is beyond 16383, as everywhere in Postgres
_INSERT = text(
    f"""insert into passage (answer_id, position, anchor, text, words)
        select cast(:answer_id as uuid), cast(:position as int), cast(:anchor as text),
            array_to_string(cast(:words as text[]), ' '),
            cast(coalesce(string_agg(quote_literal(s.stem) || '\\:' || least(s.place, 16383) || s.weight, ' '
                order by s.place), '') as tsvector)
        from (
            select w.place, {STEM} as stem, case when w.place <= cast(:heading_words as int)
                then cast(:heading_weight as text) else cast(:text_weight as text) end as weight
            from unnest(cast(:words as text[]), cast(:folded as text[])) with ordinality w (word, folded, place),
                (select cast(cast(:dictionary as text) as regdictionary) as id) d
        ) s
        where s.stem is not null"""
)


async def drop_passages(write: Write, answer_ids: Sequence[UUID]) -> None:
    """Takes answers out of search."""
    await write.session.execute(text("delete from passage where answer_id = any(:ids)"), {"ids": list(answer_ids)})

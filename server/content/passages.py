"""The passages of an answer as search finds them: one for its question, title and topics, one for each section."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from server.content.draft import Draft
from server.content.published import Published
from server.content.writing import Write

_CONFIGURATIONS = {
    "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish", "fr": "french",
    "hu": "hungarian", "it": "italian", "nb": "norwegian", "nl": "dutch",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
_LONGEST = 200_000
"""Characters of one passage that are searched: Postgres takes no vector of over 1 MiB."""


def configuration(locale: str) -> str:
    """The text search configuration of a locale's language."""
    return _CONFIGURATIONS.get(locale.split("-", maxsplit=1)[0], "simple")


def passages(answer_id: UUID, draft: Draft, published: Published) -> list[dict[str, Any]]:
    """The passages of one revision, as `write_passages` takes them."""
    topics = [name for topic in draft.topics for name in (topic.name, *topic.synonyms)]
    rows: list[tuple[int, str | None, str, str]] = [(-1, None, f"{draft.question}\n{draft.title}", "\n".join(topics))]
    rows += [(part.position, part.anchor, part.heading or "", part.body.text) for part in published.sections]
    return [
        {
            "answer_id": answer_id,
            "position": position,
            "anchor": anchor,
            "heading": heading[:_LONGEST],
            "text": body[:_LONGEST],
            "configuration": configuration(draft.locale),
            "heading_weight": "A" if anchor is None else "B",
            "text_weight": "B" if anchor is None else "D",
        }
        for position, anchor, heading, body in rows
    ]


async def write_passages(write: Write, rows: Sequence[dict[str, Any]]) -> None:
    """Puts the passages in place of those that their answers had."""
    if not rows:
        return
    await drop_passages(write, list({row["answer_id"] for row in rows}))
    await write.session.execute(
        text(
            """insert into passage (answer_id, position, anchor, text, words)
               values (:answer_id, :position, :anchor, :text,
                   setweight(to_tsvector(cast(:configuration as regconfig), :heading), cast(cast(:heading_weight as text) as "char"))
                   || setweight(to_tsvector(cast(:configuration as regconfig), :text), cast(cast(:text_weight as text) as "char")))"""
        ),
        list(rows),
    )


async def drop_passages(write: Write, answer_ids: Sequence[UUID]) -> None:
    """Takes answers out of search."""
    await write.session.execute(text("delete from passage where answer_id = any(:ids)"), {"ids": list(answer_ids)})

"""From a draft to the published form of a revision: numbered, identified and rendered, once and for all.

Pure: what stands outside the draft (the answer's id, the ids of its sources, the keys of its questions) is passed in.
A draft has passed `checks.check` before it comes here.
"""

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from uuid import UUID

import msgspec

from server.content import draft as drafts
from server.content.ids import content_id
from server.content.publication.blocks import Reading
from server.content.publication.readability import readability
from server.content.published import (
    Body,
    Paragraph,
    Provenance,
    Published,
    Readability,
    RichText,
    Section,
    pieces,
)


def build(
    draft: drafts.Draft, *, answer_id: UUID, source_ids: Mapping[str, UUID], question_keys: Sequence[str]
) -> Published:
    """The published form of a draft.

    `source_ids` has the UUID of each source that is cited or grounding, by its key in the draft; `question_keys` has a
    key for each of `draft_questions(draft)`.
    """
    reading = Reading(draft, answer_id=answer_id, source_ids=source_ids, question_keys=question_keys)
    sections = tuple(reading.section(section) for section in draft.sections)
    for question in draft.questions:
        reading.question(question)
    body = Body("", pieces(sections))
    return Published(
        title=draft.title,
        author=draft.author,
        published_on=draft.published_on,
        provenance=_provenance(draft.provenance, source_ids),
        summary=_summary(sections),
        sections=sections,
        named=_named(answer_id, body, sections=sections),
        follow_up_questions=tuple(reading.questions),
        source_ids=tuple(dict.fromkeys([citation.source_id for citation in reading.citations])),
        citations=tuple(reading.citations),
        calls_to_action=draft.calls_to_action,
        readability=readability(body.text, draft.locale),
    )


def withheld(published: Published, question: str) -> Published:
    """The form that a retracted answer is served in: no content anywhere, and its question for a title."""
    return Published(
        title=question,
        author=published.author,
        published_on=published.published_on,
        provenance=msgspec.structs.replace(published.provenance, grounded_in=()),
        named=content_id("withheld", published.body.id),
        readability=Readability(word_count=0, minutes=0),
    )


def draft_questions(draft: drafts.Draft) -> list[drafts.Question]:
    """The follow-up questions in the order of their numbers: those in the content first, in reading order."""
    blocks = chain.from_iterable([section.blocks for section in draft.sections])
    return [*chain.from_iterable([_questions_of(block) for block in blocks]), *draft.questions]


def _questions_of(block: drafts.Block) -> Sequence[drafts.Question]:
    if isinstance(block, drafts.Questions):
        return block.questions
    if isinstance(block, drafts.Steps):
        inner = chain.from_iterable([step.blocks for step in block.steps])
        return list(chain.from_iterable([_questions_of(each) for each in inner]))
    return ()


def question_keys(texts: Sequence[str], previous: Sequence[tuple[str, str]]) -> list[str]:
    """A key for each question, which stays with it across revisions; `previous` has (text, key) of the latest one.

    An equal text keeps its key; of the rest, one at the place of a text that is gone is a rewording and inherits its
    key; any other gets a new one.
    """
    places: dict[str, list[int]] = {}
    for place in reversed(range(len(previous))):
        places.setdefault(previous[place][0], []).append(place)
    former = [places[asked].pop() if places.get(asked) else None for asked in texts]
    gone = set(range(len(previous))).difference(former)
    former = [place if old is None and place in gone else old for place, old in enumerate(former)]
    taken = {key for _, key in previous}
    return [
        _new_key(asked, taken) if old is None else previous[old][1] for asked, old in zip(texts, former, strict=True)
    ]


def _new_key(asked: str, taken: set[str]) -> str:
    bare = _bare_key(asked)
    key, ordinal = bare, 1
    while key in taken:
        ordinal += 1
        key = f"{bare}-{ordinal}"
    taken.add(key)
    return key


@lru_cache(maxsize=1024)
def _bare_key(asked: str) -> str:
    """The key of a text by itself: the answers of one file ask the same questions."""
    return hashlib.sha256(asked.encode()).hexdigest()[:12]


def _provenance(provenance: drafts.Provenance, source_ids: Mapping[str, UUID]) -> Provenance:
    return Provenance(
        method=provenance.method,
        generator=provenance.generator,
        grounded_in=tuple(dict.fromkeys([str(source_ids[key]) for key in provenance.grounded_in])),
        human_reviewed=provenance.human_reviewed,
        editor=provenance.editor,
    )


def _summary(sections: Sequence[Section]) -> RichText | None:
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                return block.content
    return None


def _named(answer_id: UUID, body: Body, *, sections: Sequence[Section]) -> str:
    section_ids = [f"{section.id} {section.body.id}" for section in sections]
    return content_id(str(answer_id), "body", body.html, body.markdown, body.text, *section_ids)

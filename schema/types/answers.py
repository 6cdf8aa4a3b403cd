"""The answer: the whole that all parts belong to."""

import datetime
from collections.abc import Awaitable, Sequence
from typing import Annotated, Optional

import strawberry

from schema.arguments import bounded, entries
from schema.context import Info
from schema.fields import Describes, attribute, resolved
from schema.lengths import about, first_of
from schema.scalars import LanguageTag
from schema.types.contributors import Contributor
from schema.types.disclaimers import CallToAction, Disclaimer
from schema.types.nodes import Node
from schema.types.provenance import Provenance, Readability, Review
from schema.types.questions import FollowUpQuestion
from schema.types.sections import Section
from schema.types.sources import Source
from schema.types.text import Body, Citation, RichText
from schema.types.topics import Topic
from schema.weights import COMPUTED
from server.content import answer as domain
from server.content import published
from server.content.parts import section_at

MOST_RELATED = 20

Anchors = Annotated[
    list[str] | None,
    strawberry.argument(description="The anchors wanted, at most 100; one that the answer has not is passed over."),
]
Anchor = Annotated[str, strawberry.argument(description="The anchor of the section: `the-basic-concept`.")]
First = Annotated[int, strawberry.argument(description="How many at most: 0 to 20.")]


def _sections(
    parent: strawberry.Parent[domain.Answer], anchors: Anchors = strawberry.UNSET
) -> Sequence[published.Section]:
    wanted = entries("anchors", anchors)
    sections = parent.published.sections
    return sections if wanted is None else [section for section in sections if section.anchor in wanted]


def _section(parent: strawberry.Parent[domain.Answer], anchor: Anchor) -> published.Section | None:
    return section_at(parent, anchor)


def _disclaimers(parent: strawberry.Parent[domain.Answer], info: Info) -> Sequence[domain.Disclaimer]:
    info.context.note_served(parent)
    return parent.caveats.disclaimers


async def _related_answers(
    parent: strawberry.Parent[domain.Answer], info: Info, *, first: First = 5
) -> Sequence[domain.Answer]:
    return await info.context.related_answers.load((parent.uuid, bounded("first", first, highest=MOST_RELATED)))


def _translations(parent: strawberry.Parent[domain.Answer], info: Info) -> Awaitable[Sequence[domain.Answer]]:
    return info.context.translations.load(parent.uuid)


def _json_ld(parent: strawberry.Parent[domain.Answer], info: Info) -> str:
    return info.context.json_ld(parent)


def _replacement(parent: strawberry.Parent[domain.Retraction], info: Info) -> Awaitable[domain.Answer | None] | None:
    return None if parent.replacement_id is None else info.context.answers.load(parent.replacement_id)


@strawberry.type(description="The withdrawal of an answer.")
class Retraction:
    """Describes `answer.Retraction`."""

    reason: str = attribute("Why it was withdrawn, in words for the reader.")
    retracted_at: datetime.datetime = attribute("When it was withdrawn.")
    replacement: Optional["Answer"] = resolved(
        _replacement, "The answer to show instead; null where there is none, or none any more."
    )


@strawberry.type(
    description="A published answer to one health question, in one language. "
    "Its id is of that language: each translation has its own."
)
class Answer(Node):
    """Describes `answer.Answer`."""

    is_type_of = Describes(domain.Answer)

    slug: str = attribute(
        "Stable, unique within a locale; the same slug in two locales is the same question: "
        "`how-does-car-t-cell-therapy-work-for-leukemia`."
    )
    locale: LanguageTag = attribute("The language that it is written in.")
    external_id: str | None = attribute(
        "The identity that its origin gave it; null where it did not come from elsewhere."
    )
    status: domain.AnswerStatus = attribute("Whether it stands.")
    question: str = attribute("The question as the reader asks it.")
    title: str = attribute(
        "The answer's own heading; the question, where it has none or is retracted.", path="published.title"
    )
    summary: RichText | None = attribute(
        "The first paragraph, which `sections` holds too: show one or the other; null where there is no paragraph.",
        path="published.summary",
        requires_disclaimer=True,
    )
    topics: list[Topic] = attribute("What it is about, the main topic first.", path="caveats.topics", length=about(2))
    author: Contributor = attribute("Who wrote it.", path="published.author")
    published_at: datetime.datetime = attribute("When it was first published here.")
    published_on: datetime.date = attribute(
        "The date that the page bears, free of time zones.", path="published.published_on"
    )
    updated_at: datetime.datetime = attribute("Of the latest revision; a change of caveats does not move it.")
    revision: int = attribute("1 for the first publication; grows by one with every later one.")
    digest: str = attribute(
        "SHA-256, in 64 hex digits, of the published content in canonical form: equal digests mean equal content."
    )
    caveats_digest: str = attribute(
        "The same for what surrounds the content: disclaimers, status of sources, review, topics.",
        path="caveats.digest",
    )
    evidence: domain.EvidenceStatus = attribute(
        "What has become of the sources since it cited them.", path="caveats.evidence"
    )
    provenance: Provenance = attribute("How it was made.", path="published.provenance")
    review: Review | None = attribute("Its latest medical review; null where there was none.", path="caveats.review")
    disclaimers: list[Disclaimer] = resolved(
        _disclaimers,
        "Everything the client must show with the content, in the order to show it; never empty.",
        length=about(4),
    )
    sections: list[Section] = resolved(
        _sections,
        "The whole content in reading order; only those named, in reading order, when `anchors` is given. "
        "Empty when retracted.",
        length=about(6),
    )
    section: Section | None = resolved(
        _section, "The section at an anchor, empty when the answer is retracted; null where it has no such anchor."
    )
    body: Body = attribute(
        "The sections in one piece, headings included (level 1 is `h2`), without title, disclaimers and calls to "
        "action.",
        path="published.body",
        requires_disclaimer=True,
    )
    follow_up_questions: list[FollowUpQuestion] = attribute(
        "All of them, in order; those for the care team also stand in the section where the page has them.",
        path="published.follow_up_questions",
        length=about(5),
    )
    sources: list[Source] = attribute(
        "The cited ones, each once, in order of first citation.", path="caveats.sources", length=about(4)
    )
    citations: list[Citation] = attribute(
        "Every citation, in order of appearance.", path="published.citations", length=about(6)
    )
    calls_to_action: list[CallToAction] = attribute(
        "To be shown after the content and its disclaimers, in this order; empty most often.",
        path="published.calls_to_action",
        length=about(2),
    )
    related_answers: list["Answer"] = resolved(
        _related_answers,
        "Others on the same topics, in the same locale, the closest first. At most 20.",
        length=first_of(),
    )
    translations: list["Answer"] = resolved(
        _translations,
        "The same question answered in other locales, in order of the locale's tag, without this one.",
        length=about(3),
    )
    retraction: Retraction | None = attribute(
        "Why and when it was withdrawn; null unless `status` is RETRACTED.", path="caveats.retraction"
    )
    readability: Readability = attribute("How long and how hard to read it is.", path="published.readability")
    json_ld: str = resolved(
        _json_ld,
        "schema.org MedicalWebPage as JSON-LD text, disclaimers included, escaped to stand in a `script` element.",
        requires_disclaimer=True,
        cost=COMPUTED,
    )

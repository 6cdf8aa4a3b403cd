"""The fields that lead from a part back to answers: declared after the whole, as `extend type` does in SDL."""

from collections.abc import Awaitable, Mapping
from functools import partial
from typing import Annotated, Final
from uuid import UUID

import strawberry

from schema.arguments import page
from schema.context import Info
from schema.fields import resolved
from schema.inputs import NEWEST_FIRST, AnswerOrder, answer_order
from schema.lengths import PAGE
from schema.types.answers import Answer
from schema.types.lists import After, AnswerConnection, Before, Connection, First, Last
from schema.types.questions import FollowUpQuestion
from schema.types.sections import Section
from schema.types.sources import Source
from schema.types.text import Citation
from schema.types.topics import Topic
from server.content import answer as domain
from server.content import published
from server.content.ids import decode_id
from server.content.parts import section_at

Order = Annotated[AnswerOrder, strawberry.argument(description="The order of the list; the newest first without it.")]


def _answer(parent: strawberry.Parent[published.Section], info: Info) -> Awaitable[domain.Answer | None]:
    return info.context.answers.load(UUID(parent.answer_id))


def _answer_to(parent: strawberry.Parent[published.FollowUpQuestion], info: Info) -> Awaitable[domain.Answer | None]:
    return info.context.answers_to.load(parent)


async def _section(parent: strawberry.Parent[published.Citation], info: Info) -> published.Section | None:
    node = decode_id(parent.section_id) if parent.section_id else None
    if node is None:
        return None
    answer = await info.context.answers.load(node.uuid)
    return None if answer is None else section_at(answer, node.key)


async def _answers_of_topic(
    parent: strawberry.Parent[domain.Topic],
    info: Info,
    *,
    order_by: Order = NEWEST_FIRST,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Connection[domain.Answer]:
    arguments = answer_order(order_by), page(first, after, last=last, before=before)
    return Connection(
        page=await info.context.answers_of_topics.load((parent.uuid, arguments)),
        count=partial(info.context.counts_of_topics.load, parent.uuid),
    )


async def _cited_by(
    parent: strawberry.Parent[domain.Source],
    info: Info,
    *,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Connection[domain.Answer]:
    asked = page(first, after, last=last, before=before)
    return Connection(
        page=await info.context.answers_of_sources.load((parent.uuid, asked)),
        count=partial(info.context.counts_of_sources.load, parent.uuid),
    )


@strawberry.type
class SectionLinks:
    """Extends `Section`."""

    answer: Answer = resolved(_answer, "The answer that it is a part of.")


@strawberry.type
class CitationLinks:
    """Extends `Citation`."""

    section: Section | None = resolved(_section, "The section that it stands in; null where it stands in none.")


@strawberry.type
class FollowUpQuestionLinks:
    """Extends `FollowUpQuestion`."""

    answer: Answer | None = resolved(_answer_to, "The published answer to it; null where there is none.")


@strawberry.type
class SourceLinks:
    """Extends `Source`."""

    cited_by: AnswerConnection = resolved(
        _cited_by,
        "The published answers that cite it, in every locale, the newest first. 20 a page, at most 100.",
        length=PAGE,
    )


@strawberry.type
class TopicLinks:
    """Extends `Topic`."""

    answers: AnswerConnection = resolved(
        _answers_of_topic,
        "The published answers on it or on a topic below it, in every locale. 20 a page, at most 100.",
        length=PAGE,
    )


EXTENSIONS: Final[Mapping[type, type]] = {
    Section: SectionLinks,
    Citation: CitationLinks,
    FollowUpQuestion: FollowUpQuestionLinks,
    Source: SourceLinks,
    Topic: TopicLinks,
}
"""Which type each declaration of links extends."""

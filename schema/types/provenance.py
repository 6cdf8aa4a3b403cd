"""How an answer was made, reviewed, and how it reads."""

import datetime
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import strawberry

from schema.context import Info
from schema.fields import attribute, resolved
from schema.lengths import about
from schema.scalars import WebURL
from schema.types.contributors import Contributor
from schema.types.sources import Source
from server.content import answer as domain
from server.content import published
from server.content.vocabulary import ProductionMethod

# https://cv.iptc.org/newscodes/digitalsourcetype/
_IPTC: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_DIGITAL_SOURCE_TYPES: Final = {
    ProductionMethod.AI_GENERATED: f"{_IPTC}trainedAlgorithmicMedia",
    ProductionMethod.AI_ASSISTED: f"{_IPTC}compositeWithTrainedAlgorithmicMedia",
    ProductionMethod.HUMAN_WRITTEN: f"{_IPTC}digitalCreation",
}


def _digital_source_type(parent: strawberry.Parent[published.Provenance]) -> str:
    return _DIGITAL_SOURCE_TYPES[parent.method]


async def _grounded_in(parent: strawberry.Parent[published.Provenance], info: Info) -> Sequence[domain.Source | None]:
    return await info.context.sources.load_many([UUID(source) for source in parent.grounded_in])


@strawberry.type(description="How the content was made.")
class Provenance:
    """Describes `published.Provenance`."""

    method: ProductionMethod = attribute("Who wrote it: AI, people, or people with the help of AI.")
    generator: str | None = attribute(
        "The program that wrote it or helped; null where there was none or none is named."
    )
    digital_source_type: WebURL = resolved(
        _digital_source_type, "The matching IPTC digital source type, as C2PA and schema.org take it."
    )
    grounded_in: list[Source] = resolved(
        _grounded_in,
        "The sources that the writing was based on, cited or not; empty where none are named.",
        length=about(2),
    )
    human_reviewed: bool = attribute("Whether people checked the content before it was published.")
    editor: Contributor | None = attribute("Who holds editorial responsibility for it; null where nobody is named.")


@strawberry.type(description="The latest medical review.")
class Review:
    """Describes `answer.Review`."""

    reviewed_on: datetime.date = attribute("The day of the review.")
    reviewer: Contributor = attribute("Who reviewed it.")
    next_review_on: datetime.date | None = attribute("The day by which it is due again; null where none was set.")
    is_overdue: bool = attribute(
        "From the day after `nextReviewOn`, in UTC; the day's turn is committed as a change. "
        "The disclaimers say so too."
    )


@strawberry.type(description="How long and how hard to read the content is, without disclaimers and calls to action.")
class Readability:
    """Describes `published.Readability`."""

    word_count: int = attribute("How many words it has.")
    minutes: int = attribute("How many minutes an adult takes to read it, rounded up.")
    grade_level: float | None = attribute(
        "Flesch-Kincaid grade level (school years of the United States); null where the language has no such measure."
    )

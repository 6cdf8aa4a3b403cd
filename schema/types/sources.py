"""The publications that answers lean on."""

import datetime
from collections.abc import Awaitable
from typing import Optional

import strawberry

from schema.context import Info
from schema.fields import Describes, attribute, resolved
from schema.scalars import WebURL
from schema.types.nodes import Node
from server.content import answer as domain
from server.content.vocabulary import SourceKind


def _superseded_by(parent: strawberry.Parent[domain.Source], info: Info) -> Awaitable[domain.Source | None] | None:
    if parent.superseded_by_id is None:
        return None
    return info.context.sources.load(parent.superseded_by_id)


@strawberry.type(description="A guideline, article, site or book that answers cite, in one edition.")
class Source(Node):
    """Describes `answer.Source`."""

    is_type_of = Describes(domain.Source)

    kind: SourceKind = attribute("What sort of publication it is.")
    title: str = attribute("Its title as its publisher writes it, else as the answer names it.")
    publisher: str | None = attribute("Who publishes it, in full; null where that is not known.")
    edition: str | None = attribute("The edition, version or year that was cited; null where none was given.")
    published_on: datetime.date | None = attribute("The day on which it came out; null where that day is not known.")
    url: WebURL | None = attribute("Where it can be read; null where no address is known.")
    doi: str | None = attribute(
        "Its DOI without a resolver's address, `10.1056/NEJMoa1709866`; null where it has none."
    )
    attribution: str | None = attribute(
        "The credit line that its owner asks to be shown with a citation; null where none is asked."
    )
    license: str | None = attribute("The licence of its text, as an SPDX id or in words; null where it is not known.")
    status: domain.SourceStatus = attribute("Whether it is still the one to lean on.")
    superseded_by: Optional["Source"] = resolved(
        _superseded_by, "The edition that took its place; null unless `status` is SUPERSEDED."
    )

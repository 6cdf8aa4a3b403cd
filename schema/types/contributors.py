"""Who wrote, edited or reviewed an answer."""

import strawberry

from schema.fields import attribute
from schema.scalars import WebURL
from server.content.vocabulary import ContributorKind


@strawberry.type(description="An author, editor or reviewer.")
class Contributor:
    """Describes `draft.Contributor`."""

    name: str = attribute("The name to print, with titles where the page has them.")
    kind: ContributorKind = attribute("Whether this is a program, a person or an organization.")
    url: WebURL | None = attribute("A page about the contributor; null where none is known.")

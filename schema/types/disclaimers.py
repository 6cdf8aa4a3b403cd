"""What a client must show with the content, and what it invites to after it."""

import strawberry

from schema.fields import Describes, attribute
from schema.scalars import LanguageTag, WebURL
from schema.types.nodes import Node
from server.content import answer as domain
from server.content.vocabulary import DisclaimerKind, DisclaimerPlacement


@strawberry.type(description="One wording, of one owner, in one locale: a partner's own wording has its own id.")
class Disclaimer(Node):
    """Describes `answer.Disclaimer`."""

    is_type_of = Describes(domain.Disclaimer)

    kind: DisclaimerKind = attribute("What it tells the reader; show it whatever its kind.")
    placement: DisclaimerPlacement = attribute("Where to show it.")
    heading: str | None = attribute("Its heading; null where it has none.")
    text: str = attribute("What must be shown: plain text, whole, without marks of any markup.")
    locale: LanguageTag = attribute("The language that it is worded in.")
    version: int = attribute(
        "1 for the first wording; grows with every change of it, so that a client can tell which one it showed."
    )


@strawberry.type(description="What the reader is invited to do after reading.")
class CallToAction:
    """Describes `draft.CallToAction`."""

    heading: str | None = attribute("Its heading; null where it has none.")
    text: str = attribute("The invitation, as plain text.")
    label: str | None = attribute("The words for the button or link; null where the page gives none.")
    url: WebURL | None = attribute("Where it leads; null where the page gives no address.")

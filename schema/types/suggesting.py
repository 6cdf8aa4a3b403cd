"""What a reader may be typing."""

import strawberry

from schema.fields import attribute
from server.search.completing import CompletionKind


@strawberry.type(description="A completion of what a reader is typing.")
class Suggestion:
    """Describes `completing.Completion`."""

    text: str = attribute("The topic's name, or the whole question.")
    kind: CompletionKind = attribute("What it leads to.")
    slug: str = attribute("The slug of the topic, or of the answer to the question.")

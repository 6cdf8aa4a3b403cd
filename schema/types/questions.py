"""The questions that a reader asks next."""

import strawberry

from schema.fields import Describes, attribute
from schema.types.nodes import Node
from server.content import published
from server.content.vocabulary import QuestionAudience


@strawberry.type(description="A question that a reader asks next: of the care team, or here.")
class FollowUpQuestion(Node):
    """Describes `published.FollowUpQuestion`."""

    is_type_of = Describes(published.FollowUpQuestion)

    number: int = attribute("1-based within its answer.")
    text: str = attribute("The question, in the reader's words.")
    audience: QuestionAudience = attribute("Whom it is for.")

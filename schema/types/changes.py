"""What happened to answers, for those who keep copies."""

import datetime

import strawberry

from schema.fields import attribute
from schema.types.answers import Answer
from schema.weights import FETCHED
from server.content import answer as domain


@strawberry.type(description="One thing that happened to an answer.")
class Change:
    """Describes `answer.Change`."""

    cursor: str = attribute("Its place in the feed: pass it as `since` to go on after it.")
    kind: domain.ChangeKind = attribute("What happened.")
    occurred_at: datetime.datetime = attribute("When it was committed.")
    answer_id: strawberry.ID = attribute("The id of the answer, there also when it is REMOVED.")
    answer: Answer | None = attribute("As it stands now; null when REMOVED.")


@strawberry.type(description="What happened after a cursor, oldest first, each answer once.")
class ChangePage:
    """Describes `answer.ChangePage`."""

    nodes: list[Change] = attribute("The changes, oldest first, each answer at its latest change.", cost=FETCHED)
    cursor: str = attribute("Pass it as `since` next time, even when `nodes` is empty.")
    has_more: bool = attribute(
        "Whether there is more already, also where `nodes` is short or empty: ask again at once."
    )

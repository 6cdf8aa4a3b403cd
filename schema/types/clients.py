"""What a client can ask about itself."""

import asyncio
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import strawberry

from schema.arguments import bounded
from schema.context import Info
from schema.fields import attribute, resolved
from schema.lengths import about, first_of
from schema.types.answers import Answer
from schema.weights import FETCHED
from server.access.clients import ClientKind
from server.access.receipts.account import LARGEST, Account, FieldCount, Period
from server.content import answer as domain

MOST_DAYS = 400
MOST_USES = 100

Days = Annotated[int, strawberry.argument(description="The last so many days, with today (UTC): 0 to 400.")]
First = Annotated[int, strawberry.argument(description="How many at most: 0 to 100.")]


@dataclass(frozen=True, kw_only=True, slots=True)
class UsedAnswer:
    """An answer as it is now, with how often one of its revisions was served."""

    answer: domain.Answer
    revision: int
    count: int


async def _answers(parent: strawberry.Parent[Period], info: Info, *, first: First = 10) -> Sequence[UsedAnswer]:
    most, client = bounded("first", first, highest=MOST_USES), parent.account.client
    uses = await info.context.library.most_served(client.id, since=parent.since, first=most)
    found = await asyncio.gather(*[info.context.answers.load(answer_id) for answer_id, _, _ in uses])
    return [
        UsedAnswer(answer=answer, revision=revision, count=min(count, LARGEST))
        for answer, (_, revision, count) in zip(found, uses, strict=True)
        if answer is not None
    ]


async def _fields(parent: strawberry.Parent[Period]) -> Sequence[FieldCount]:
    return await parent.fields()


def _usage(parent: strawberry.Parent[Account], *, days: Days = 30) -> Period:
    return Period(account=parent, days=bounded("days", days, highest=MOST_DAYS))


@strawberry.type(description="What a client may ask; each process may have limits beside these.")
class ClientLimits:
    """Describes `account.Bounds`."""

    requests_per_minute: int = attribute("Requests in a minute.")
    cost_per_minute: int = attribute("What its operations may cost together in a minute.")
    max_cost: int = attribute("What one operation may cost.")
    max_subscriptions: int = attribute("Subscriptions under way at once, on all its connections to one process.")


@strawberry.type(description="How often a client was served an answer at one of its revisions.")
class AnswerUse:
    """Describes `UsedAnswer`."""

    answer: Answer = attribute("The answer, as it is now.", cost=FETCHED)
    revision: int = attribute("The revision that was served.")
    count: int = attribute("In how many responses and events, 2,147,483,647 at most.")


@strawberry.type(description="How often a client's operations asked for a field.")
class FieldUse:
    """Describes `account.FieldCount`."""

    field: str = attribute("Type and name, as the field was selected: `Answer.title`, `Node.id`.")
    count: int = attribute("In how many responses and events, 2,147,483,647 at most.")


@strawberry.type(description="What a client was served, but for the last seconds, which are not written yet.")
class ClientUsage:
    """Describes `account.Period`."""

    since: datetime.date = attribute("The first day that is counted, in UTC.")
    answers: list[AnswerUse] = resolved(
        _answers,
        "The answers whose disclaimers it was served, of those that it may see now, the most frequent first. "
        "At most 100.",
        length=first_of(),
    )
    fields: list[FieldUse] = resolved(
        _fields, "The fields that its operations asked for, in order of their names.", length=about(100)
    )


@strawberry.type(description="The client that asks, as its key says; it sees itself and no other.")
class Client:
    """Describes `account.Account`."""

    name: str = attribute("As it was registered.", path="client.name")
    kind: ClientKind = attribute("What it is, which says where its key lies.", path="client.kind")
    limits: ClientLimits = attribute("What it may ask.", path="bounds")
    usage: ClientUsage = resolved(_usage, "What it was served in the last days.")

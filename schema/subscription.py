"""The root field that goes on."""

from collections.abc import AsyncIterator

import strawberry
from graphql import GraphQLResolveInfo

from schema.arguments import optional_text
from schema.context import Context, Info
from schema.fields import streamed
from schema.inputs import change_filter
from schema.query import ChangeConditions, Since
from schema.types.changes import Change
from server.content import answer as domain
from server.execution.overtaking import lasts


def _content_changed(
    info: Info, *, conditions: ChangeConditions = strawberry.UNSET, since: Since = strawberry.UNSET
) -> AsyncIterator[domain.Change]:
    start, wanted = optional_text("since", since), change_filter(conditions)
    return info.context.library.follow(start, wanted, wakes=info.context.wakes)


async def arrive(event: domain.Change, info: GraphQLResolveInfo[Context], **_arguments: object) -> domain.Change:
    """The event as the value of the root field; its answer is remembered by the event's own context.

    What was read a while ago, since the event had to wait for its turn or is run once more, is read anew.
    """
    read = event.answer
    if read is not None and read.status is domain.AnswerStatus.PUBLISHED and lasts(event.read_at):
        return event.with_answer(await info.context.answers.load(read.uuid))
    info.context.remember([read])
    return event


@strawberry.type(description="Everything that can be followed as it happens.")
class Subscription:
    """The root of every subscription; each event is executed with a context of its own."""

    content_changed: Change = streamed(
        _content_changed,
        "Every change as it is committed, on whichever server it was made; with `since`, first those missed.",
    )

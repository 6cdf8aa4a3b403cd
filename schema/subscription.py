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


def _content_changed(
    info: Info, *, conditions: ChangeConditions = strawberry.UNSET, since: Since = strawberry.UNSET
) -> AsyncIterator[domain.Change]:
    start, wanted = optional_text("since", since), change_filter(conditions)
    return info.context.library.follow(start, wanted, wakes=info.context.wakes)


def arrive(event: domain.Change, info: GraphQLResolveInfo[Context], **_arguments: object) -> domain.Change:
    """The event as the value of the root field; its answer is remembered by the event's own context."""
    info.context.remember([event.answer])
    return event


@strawberry.type(description="Everything that can be followed as it happens.")
class Subscription:
    """The root of every subscription; each event is executed with a context of its own."""

    content_changed: Change = streamed(
        _content_changed,
        "Every change as it is committed, on whichever server it was made; with `since`, first those missed.",
    )

"""What an event of a subscription says of its answer, when it had to wait."""

import time
from dataclasses import replace
from types import SimpleNamespace

from schema.subscription import arrive
from server.content.answer import AnswerStatus, Change, ChangeKind
from server.content.filters import ChangeFilter
from server.content.withdrawal import Named, erase, retract
from tests.schema.asking import Asking
from tests.schema.drafts import answer

NAMED = Named(slug="how-does-it-work", locale="en")


async def published(asking: Asking) -> Change:
    """The first event of a feed, which was read a second ago."""
    await asking.publish(answer())
    (change,) = (await asking.context().library.changes(None, ChangeFilter(), first=1)).nodes
    return replace(change, read_at=time.monotonic() - 1)


async def test_an_answer_that_was_retracted_while_its_event_waited_is_told_as_it_is(asking: Asking) -> None:
    change = await published(asking)
    await retract(asking.engine, NAMED, reason="It was wrong.")
    told = await arrive(change, SimpleNamespace(context=asking.context()))

    assert (told.kind, told.answer.status, told.cursor) == (ChangeKind.RETRACTED, AnswerStatus.RETRACTED, change.cursor)


async def test_an_answer_that_was_erased_while_its_event_waited_is_removed(asking: Asking) -> None:
    change = await published(asking)
    await erase(asking.engine, NAMED)
    told = await arrive(change, SimpleNamespace(context=asking.context()))

    assert (told.kind, told.answer) == (ChangeKind.REMOVED, None)


async def test_an_event_that_comes_at_once_is_told_as_it_was_read(asking: Asking) -> None:
    change = replace(await published(asking), read_at=time.monotonic())
    before = asking.reads.statements
    context = asking.context()

    assert await arrive(change, SimpleNamespace(context=context)) is change
    assert (context.met, asking.reads.statements) == (change.answer.tags, before)

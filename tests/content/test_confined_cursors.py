"""The cursors of a confined client's feed tell it nothing of what lies beyond its bounds."""

import base64
import datetime

import msgspec
import pytest

from server.content import turns
from server.content.answer import ChangePage
from server.content.cursors import cursors_for
from server.content.library import Library
from server.content.pages import encode_cursor
from server.content.publishing import publish
from server.db.engine import Engine
from server.db.reads import Reads
from server.errors.requests import CursorExpiredError, CursorInvalidError
from tests.content.test_changes import BRAIN, HEART, told
from tests.content.test_confined_changes import LICENSED, LUNG, news
from tests.schema.drafts import answer


@pytest.fixture
def library(reads: Reads) -> Library:
    return Library(reads, LICENSED)


async def test_a_cursor_does_not_move_with_what_lies_beyond_the_bounds(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("one", topics=(HEART,))])
    first = (await news(library)).cursor
    await publish(engine, [answer("out", topics=(BRAIN,)), answer("far", topics=(LUNG,))])

    second = await news(library, first)
    await publish(engine, [answer("two", topics=(HEART,))])
    third = await news(library, first)

    assert second == ChangePage(nodes=(), cursor=first, has_more=False)
    assert (await news(library)).cursor == third.cursor == third.nodes[-1].cursor != first


async def test_each_day_has_another_cursor_whatever_happened_on_the_day_before(
    engine: Engine, library: Library
) -> None:
    await publish(engine, [answer("one", topics=(HEART,))])
    cursors = [(await news(library)).cursor]
    today = datetime.datetime.now(datetime.UTC).date()

    for day, drafts in enumerate([[answer("out", topics=(BRAIN,))], []]):
        await publish(engine, drafts)
        await turns.announce_overdue(engine, today + datetime.timedelta(days=day))
        cursors.append((await news(library, cursors[-1])).cursor)

    await turns.prune(engine, before=datetime.datetime.now(datetime.UTC))

    assert len(set(cursors)) == 3
    assert told(await news(library, cursors[-1])) == []
    with pytest.raises(CursorExpiredError):
        await news(library, cursors[0])


async def test_cursors_tell_a_confined_client_no_number(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("one", topics=(HEART,))])
    few = (await news(library)).cursor
    await publish(engine, [answer(f"out-{number}", topics=(BRAIN,)) for number in range(20)])
    await publish(engine, [answer("two", topics=(HEART,))])
    many = (await news(library)).cursor

    assert len(few) == len(many)
    plain = [
        base64.urlsafe_b64decode(msgspec.json.decode(base64.urlsafe_b64decode(each + "=="))[1]) for each in (few, many)
    ]
    assert sum(one == other for one, other in zip(*plain, strict=True)) < len(plain[0]) / 4


async def test_a_cursor_can_not_be_made_up(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("one", topics=(HEART,))])
    name, sealed = msgspec.json.decode(base64.urlsafe_b64decode((await news(library)).cursor + "=="))
    other = ("B" if sealed[9] == "A" else "A").join([sealed[:9], sealed[10:]])

    cursors = await cursors_for(library.sight)
    assert repr(cursors.key) not in repr(cursors)
    for forged in (other, sealed[:-4], sealed[4:], "", "AAAA", "é", "-", "A" * 96, 7):
        with pytest.raises(CursorInvalidError):
            await news(library, encode_cursor(name, forged))
    for parts in ([name], [name, sealed, sealed], [name, sealed, 1]):
        with pytest.raises(CursorInvalidError):
            await news(library, encode_cursor(*parts))

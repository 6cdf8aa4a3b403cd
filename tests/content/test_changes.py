import asyncio
import datetime
from collections.abc import AsyncIterator
from contextlib import aclosing

import msgspec
import pytest

from server.content import disclaimers, evidence, turns, withdrawal
from server.content.answer import Change, ChangePage
from server.content.draft import Topic
from server.content.filters import ChangeFilter
from server.content.library import Library
from server.content.publishing import publish
from server.content.withdrawal import Named
from server.db.engine import Engine
from server.db.reads import Reads
from server.errors.requests import BadUserInputError, CursorExpiredError, CursorInvalidError
from server.events.stream import Wakes
from tests.schema.drafts import GUIDELINE, answer

EVERYTHING = ChangeFilter()
HEART, BRAIN = Topic(name="Heart", slug="heart"), Topic(name="Brain", slug="brain")
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def told(page: ChangePage) -> list[tuple[str, str | None]]:
    return [(change.kind.value, change.answer.slug if change.answer else None) for change in page.nodes]


async def all_after(
    library: Library, cursor: str | None, first: int, wanted: ChangeFilter = EVERYTHING
) -> list[Change]:
    nodes: list[Change] = []
    while True:
        page = await library.changes(cursor, wanted, first=first)
        nodes += page.nodes
        cursor = page.cursor
        if not page.has_more:
            return nodes


async def test_an_answer_stands_once_at_its_latest_change(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("one"), answer("two")])
    await publish(engine, [answer("one", title="Changed")])

    assert told(await library.changes(None, EVERYTHING, first=10)) == [("PUBLISHED", "two"), ("UPDATED", "one")]


async def test_new_content_is_told_whatever_changed_after_it(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("one"), answer("two")])
    start = (await library.changes(None, EVERYTHING, first=10)).cursor

    await publish(engine, [answer("one", title="Changed")])
    await evidence.withdraw(engine, GUIDELINE.title)

    page = await library.changes(start, EVERYTHING, first=10)
    assert sorted(told(page)) == [("CAVEATS_CHANGED", "two"), ("UPDATED", "one")]
    assert len({change.occurred_at for change in page.nodes}) == 1


async def test_a_changed_set_is_told_answer_by_answer_through_any_size_of_page(
    engine: Engine, library: Library
) -> None:
    await publish(engine, [answer(f"a{number}") for number in range(7)])
    await evidence.withdraw(engine, GUIDELINE.title)
    await publish(engine, [answer("a3", title="Changed")])

    for first in (1, 2, 3, 7, 100):
        changes = await all_after(library, None, first)
        assert [change.kind.value for change in changes] == ["CAVEATS_CHANGED"] * 6 + ["UPDATED"]
        assert len({change.answer_id for change in changes}) == 7


async def test_a_later_set_takes_the_place_of_an_earlier_one(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("one"), answer("two", sources=(), sections=())])
    start = (await library.changes(None, EVERYTHING, first=10)).cursor
    general = (await library.answer_by_slug("two", None)).caveats.disclaimers[0]

    await evidence.withdraw(engine, GUIDELINE.title)
    await disclaimers.reword(engine, general.uuid, wording="Other words.", heading=None)

    assert sorted(told(await library.changes(start, EVERYTHING, first=10))) == [
        ("CAVEATS_CHANGED", "one"),
        ("CAVEATS_CHANGED", "two"),
    ]


async def test_nothing_new_is_an_empty_page_with_a_cursor_to_go_on_from(engine: Engine, library: Library) -> None:
    await publish(engine, [answer()])
    page = await library.changes(None, EVERYTHING, first=10)

    again = await library.changes(page.cursor, EVERYTHING, first=10)

    assert again == ChangePage(nodes=(), cursor=page.cursor, has_more=False)


async def test_a_page_of_none_says_that_there_is_more(engine: Engine, library: Library) -> None:
    await publish(engine, [answer()])

    page = await library.changes(None, EVERYTHING, first=0)

    assert (page.nodes, page.has_more) == ((), True)
    assert len((await library.changes(page.cursor, EVERYTHING, first=10)).nodes) == 1


async def test_a_filter_narrows_changes(engine: Engine, library: Library) -> None:
    drafts = [
        answer("one", topics=(HEART,)),
        answer("two", topics=(BRAIN,)),
        answer("tres", topics=(HEART,), locale="es-MX"),
    ]
    await publish(engine, drafts)

    for wanted, slugs in (
        (ChangeFilter(topics=("heart",)), ["one", "tres"]),
        (ChangeFilter(slugs=("two",)), ["two"]),
        (ChangeFilter(locales=("es",)), ["tres"]),
        (ChangeFilter(topics=("heart",), locales=("en",)), ["one"]),
        (ChangeFilter(topics=()), []),
    ):
        assert [slug for _, slug in told(await library.changes(None, wanted, first=10))] == slugs


async def test_what_leaves_a_topic_is_removed_from_its_feed(engine: Engine, library: Library) -> None:
    below = Topic(name="Valve", slug="valve", parent="heart")
    await publish(engine, [answer("one", topics=(HEART, below))])
    start = (await library.changes(None, EVERYTHING, first=10)).cursor

    await publish(engine, [answer("one", topics=(BRAIN,))])

    for topic, kind in (("heart", "REMOVED"), ("valve", "REMOVED"), ("brain", "CAVEATS_CHANGED")):
        page = await library.changes(start, ChangeFilter(topics=(topic,)), first=10)
        assert [change.kind.value for change in page.nodes] == [kind]
    await publish(engine, [answer("one", topics=(HEART,))])
    assert told(await library.changes(start, ChangeFilter(topics=("heart",)), first=10)) == [("CAVEATS_CHANGED", "one")]


async def test_what_a_moved_topic_takes_along_is_removed_from_the_feed_above(engine: Engine, library: Library) -> None:
    valve = Topic(name="Valve", slug="valve", parent="heart")
    await publish(engine, [answer("one", topics=(valve, HEART)), answer("two", topics=(valve,))])
    start = (await library.changes(None, EVERYTHING, first=10)).cursor

    await publish(engine, [answer("three", topics=(BRAIN, msgspec.structs.replace(valve, parent="brain")))])

    heart = told(await library.changes(start, ChangeFilter(topics=("heart",)), first=10))
    assert heart == [("CAVEATS_CHANGED", "one"), ("REMOVED", None)]


async def test_an_erased_answer_is_removed_from_every_feed_that_had_it(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("one", topics=(HEART,))])
    start = (await library.changes(None, EVERYTHING, first=10)).cursor

    await withdrawal.erase(engine, Named(slug="one"))

    for wanted, count in (
        (EVERYTHING, 1),
        (ChangeFilter(topics=("heart",)), 1),
        (ChangeFilter(slugs=("one",)), 1),
        (ChangeFilter(locales=("en",)), 1),
        (ChangeFilter(slugs=("two",)), 0),
        (ChangeFilter(locales=("es",)), 0),
        (ChangeFilter(topics=("brain",)), 0),
    ):
        assert told(await library.changes(start, wanted, first=10)) == [("REMOVED", None)] * count


async def test_a_retracted_answer_is_told_as_retracted_whatever_changes_last(engine: Engine, library: Library) -> None:
    await publish(engine, [answer()])
    await withdrawal.retract(engine, Named(slug="how-does-it-work"), reason="Old.")
    retracting = (await library.answer_by_slug("how-does-it-work", None)).caveats.disclaimers[0]

    await disclaimers.reword(engine, retracting.uuid, wording="It is withdrawn.", heading=None)

    assert told(await library.changes(None, EVERYTHING, first=10)) == [("RETRACTED", "how-does-it-work")]


async def test_a_cursor_from_before_what_was_pruned_is_expired(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("one")])
    old = (await library.changes(None, EVERYTHING, first=10)).cursor
    await publish(engine, [answer("two"), answer("three")])

    assert await turns.prune(engine, before=EPOCH) == 0
    assert await turns.prune(engine, before=datetime.datetime.now(datetime.UTC)) == 3

    with pytest.raises(CursorExpiredError):
        await library.changes(old, EVERYTHING, first=10)
    assert [slug for _, slug in told(await library.changes(None, EVERYTHING, first=10))] == ["one", "two", "three"]
    await publish(engine, [answer("four")])
    assert len((await library.changes(None, EVERYTHING, first=10)).nodes) == 4


async def test_a_cursor_that_the_outbox_has_not_reached_is_expired(
    engine: Engine, library: Library, reads: Reads
) -> None:
    await publish(engine, [answer()])
    cursor = (await library.changes(None, EVERYTHING, first=10)).cursor
    async with engine.transaction() as session:
        await session.execute(disclaimers.text("delete from outbox"))

    with pytest.raises(CursorExpiredError):
        await library.changes(cursor, EVERYTHING, first=10)


@pytest.mark.parametrize("cursor", ["", "x", "WyJjaGFuZ2VzIl0", "WyJhbnN3ZXJzIiwxXQ", "é" * 20, "A" * 5000])
async def test_what_is_no_cursor_is_refused(library: Library, cursor: str) -> None:
    with pytest.raises(CursorInvalidError):
        await library.changes(cursor, EVERYTHING, first=10)


@pytest.mark.parametrize("first", [-1, 1001])
async def test_a_page_has_a_limit(library: Library, first: int) -> None:
    with pytest.raises(BadUserInputError, match="0 to 1000"):
        await library.changes(None, EVERYTHING, first=first)


async def taken(stream: AsyncIterator[Change], count: int) -> list[tuple[str, str | None]]:
    async with asyncio.timeout(30):
        changes = [await anext(stream) for _ in range(count)]
    return [(change.kind.value, change.answer.slug if change.answer else None) for change in changes]


async def test_a_follower_is_told_every_change_as_it_is_committed(engine: Engine, library: Library) -> None:
    wakes = Wakes(safety_seconds=0.05)
    async with aclosing(library.follow(None, EVERYTHING, wakes=wakes)) as stream:
        first = asyncio.ensure_future(taken(stream, 1))
        while not await library.sight.fetch_value("select count(*) from answer"):
            await publish(engine, [answer("one")])
        await publish(engine, [answer("one", title="B")])
        await publish(engine, [answer("one", title="C")])
        await evidence.withdraw(engine, GUIDELINE.title)
        seen = await first
        while seen[-1][0] != "CAVEATS_CHANGED":
            seen += await taken(stream, 1)

    assert seen[-3:] == [("UPDATED", "one"), ("UPDATED", "one"), ("CAVEATS_CHANGED", "one")]


async def test_a_follower_resumes_with_what_it_missed_once_each(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("one")])
    cursor = (await library.changes(None, EVERYTHING, first=10)).cursor
    await publish(engine, [answer("one", title="B")])
    await publish(engine, [answer("one", title="C"), answer("two")])

    async with aclosing(library.follow(cursor, EVERYTHING, wakes=Wakes())) as stream:
        assert await taken(stream, 2) == [("UPDATED", "one"), ("PUBLISHED", "two")]


@pytest.mark.parametrize("wanted", [ChangeFilter(slugs=("one",)), ChangeFilter(locales=("en",))])
async def test_a_follower_may_want_slugs_or_locales(engine: Engine, library: Library, wanted: ChangeFilter) -> None:
    await publish(engine, [answer("two", locale="es")])
    cursor = (await library.changes(None, EVERYTHING, first=10)).cursor
    await publish(engine, [answer("one")])

    async with aclosing(library.follow(cursor, wanted, wakes=Wakes(safety_seconds=0.05))) as stream:
        missed = await taken(stream, 1)
        await withdrawal.retract(engine, Named(slug="one"), reason="Wrong.")
        assert (missed, await taken(stream, 1)) == ([("PUBLISHED", "one")], [("RETRACTED", "one")])


async def test_a_follower_with_a_filter_is_told_what_leaves_it(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("one", topics=(HEART,))])
    cursor = (await library.changes(None, EVERYTHING, first=10)).cursor
    wakes = Wakes(safety_seconds=0.05)

    async with aclosing(library.follow(cursor, ChangeFilter(topics=("heart",)), wakes=wakes)) as stream:
        waiting = asyncio.ensure_future(taken(stream, 1))
        await publish(engine, [answer("other", topics=(BRAIN,)), answer("one", topics=(BRAIN,))])
        assert await waiting == [("REMOVED", None)]


async def test_a_page_of_changes_is_one_statement(engine: Engine, library: Library, reads: Reads) -> None:
    await publish(engine, [answer(f"a{number}") for number in range(5)])
    before = reads.statements

    await library.changes(None, ChangeFilter(topics=("leukemia",), locales=("en",), slugs=("a1", "a2")), first=10)

    assert reads.statements - before == 1

"""The feed of an audience with bounds: what leaves them is REMOVED, what was never within them is never told."""

import asyncio
from contextlib import aclosing

import msgspec
import pytest

from server.access.audience import Audience
from server.content import disclaimers, evidence, withdrawal
from server.content.answer import ChangePage
from server.content.draft import Topic
from server.content.filters import ChangeFilter
from server.content.library import Library
from server.content.publishing import publish
from server.content.reads import entries, looking
from server.content.withdrawal import Named
from server.db.engine import Engine
from server.db.reads import Reads
from server.errors.requests import CursorExpiredError
from server.events.stream import Wakes
from tests.content.test_changes import BRAIN, EVERYTHING, HEART, taken, told
from tests.schema.drafts import GUIDELINE, answer

VALVE = Topic(name="Valve", slug="valve", parent="heart")
LUNG = Topic(name="Lung", slug="lung")
LICENSED = Audience(topics=("heart",))


@pytest.fixture
def library(reads: Reads) -> Library:
    return Library(reads, LICENSED)


async def news(library: Library, since: str | None = None, wanted: ChangeFilter = EVERYTHING) -> ChangePage:
    return await library.changes(since, wanted, first=100)


async def test_what_lies_beyond_is_not_told_whatever_becomes_of_it(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("in", topics=(HEART,), sources=(), sections=()), answer("out", topics=(BRAIN,))])
    await publish(engine, [answer("out", topics=(BRAIN,), title="Changed"), answer("late", topics=(BRAIN,))])
    await withdrawal.retract(engine, Named(slug="out"), reason="Wrong.")
    await withdrawal.erase(engine, Named(slug="late"))
    await evidence.withdraw(engine, GUIDELINE.title)

    assert told(await news(library)) == [("PUBLISHED", "in")]


@pytest.mark.parametrize("wanted", [EVERYTHING, ChangeFilter(topics=("heart",)), ChangeFilter(topics=("valve",))])
async def test_what_leaves_the_bounds_is_removed_once(engine: Engine, library: Library, wanted: ChangeFilter) -> None:
    await publish(engine, [answer("one", topics=(HEART, VALVE))])
    start = (await news(library)).cursor

    await publish(engine, [answer("one", topics=(BRAIN,))])
    page = await news(library, start, wanted)
    await publish(engine, [answer("one", topics=(BRAIN,), title="Changed")])

    assert told(page) == [("REMOVED", None)]
    assert told(await news(library, page.cursor, wanted)) == []


async def test_what_a_moved_topic_takes_out_of_the_bounds_is_removed(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("both", topics=(VALVE, HEART)), answer("one", topics=(VALVE,))])
    start = (await news(library)).cursor

    moved = msgspec.structs.replace(VALVE, parent="brain")
    await publish(engine, [answer("out", topics=(BRAIN, moved))])

    assert sorted(told(await news(library, start)), key=str) == [("CAVEATS_CHANGED", "both"), ("REMOVED", None)]
    assert sorted(told(await news(library, start, ChangeFilter(topics=("valve",))))) == [("REMOVED", None)] * 2


@pytest.mark.parametrize("bound", ["heart", "brain"])
async def test_a_topic_that_is_moved_twice_in_one_batch_leaves_where_it_was(
    engine: Engine, reads: Reads, bound: str
) -> None:
    library = Library(reads, Audience(topics=(bound,)))
    await publish(engine, [answer("one", topics=(VALVE, HEART)), answer("two", topics=(BRAIN, LUNG))])
    await publish(engine, [answer("one", topics=(VALVE,))])
    start = (await news(library)).cursor

    moved = [msgspec.structs.replace(VALVE, parent=parent) for parent in ("brain", "lung")]
    await publish(engine, [answer(f"out-{each.parent}", topics=(LUNG, each)) for each in moved])

    assert told(await news(library, start)) == ([("REMOVED", None)] if bound == "heart" else [])


async def test_what_comes_within_the_bounds_is_told(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("in", topics=(HEART,)), answer("one", topics=(BRAIN,))])
    start = (await news(library)).cursor

    await publish(engine, [answer("one", topics=(BRAIN, HEART))])

    page = await news(library, start)
    assert told(page) == [("PUBLISHED", "one")]
    assert [topic.slug for topic in page.nodes[0].answer.caveats.topics] == ["heart"]


async def test_an_erased_answer_is_removed_where_it_was_within_the_bounds(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("in", topics=(VALVE, HEART)), answer("out", topics=(BRAIN,))])
    start = (await news(library)).cursor

    for slug in ("in", "out"):
        await withdrawal.erase(engine, Named(slug=slug))

    assert told(await news(library, start)) == [("REMOVED", None)]
    for slug, count in (("in", 1), ("out", 0)):
        assert told(await news(library, start, ChangeFilter(slugs=(slug,)))) == [("REMOVED", None)] * count


async def test_no_filter_tells_of_a_topic_beyond_the_bounds(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("one", topics=(HEART, BRAIN))])
    start = (await news(library)).cursor
    await publish(engine, [answer("one", topics=(HEART,))])

    for since in (None, start):
        assert told(await news(library, since, ChangeFilter(topics=("brain",)))) == []
    assert told(await news(library, start)) == [("CAVEATS_CHANGED", "one")]


async def test_a_topic_beyond_the_bounds_is_no_news(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("one", topics=(HEART, BRAIN))])
    start = (await news(library)).cursor

    renamed = msgspec.structs.replace(BRAIN, synonyms=("Mind",))
    await publish(engine, [answer("out", topics=(renamed,))])

    assert told(await news(library, start)) == []


async def test_locales_bound_a_feed(engine: Engine, reads: Reads) -> None:
    library = Library(reads, Audience(locales=("es",)))
    await publish(engine, [answer("one"), answer("uno", locale="es-MX"), answer("deux", locale="fr")])
    start = (await news(library)).cursor
    assert told(await news(library)) == [("PUBLISHED", "uno")]

    for slug in ("one", "uno"):
        await withdrawal.erase(engine, Named(slug=slug))

    assert told(await news(library, start)) == [("REMOVED", None)]


async def test_a_cursor_of_other_bounds_is_expired(engine: Engine, library: Library, reads: Reads) -> None:
    await publish(engine, [answer("one", topics=(HEART, BRAIN))])
    narrower = Library(reads, Audience(topics=("brain",)))
    unbounded = Library(reads)
    cursors = [(await news(each)).cursor for each in (library, narrower, unbounded)]

    for place, each in enumerate((library, narrower, unbounded)):
        for cursor in cursors[:place] + cursors[place + 1 :]:
            with pytest.raises(CursorExpiredError):
                await news(each, cursor)
        assert told(await news(each, cursors[place])) == []


async def test_a_page_is_full_however_much_lies_beyond_the_bounds_between(
    engine: Engine, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MOST", 3)
    monkeypatch.setattr(entries, "_FEW", 1)
    for number in range(4):
        beyond = [answer(f"out-{number}-{each}", topics=(BRAIN,)) for each in range(7)]
        await publish(engine, [*beyond, answer(f"in-{number}", topics=(HEART,))])

    pages = [await library.changes(None, EVERYTHING, first=first) for first in (0, 1, 3, 4, 100)]

    assert [(len(page.nodes), page.has_more) for page in pages] == [
        (0, True),
        (1, True),
        (3, True),
        (4, False),
        (4, False),
    ]
    assert told(await library.changes(pages[2].cursor, EVERYTHING, first=1)) == [("PUBLISHED", "in-3")]


async def test_a_disclaimer_of_a_topic_beyond_the_bounds_is_told_to_what_bears_it(
    engine: Engine, library: Library
) -> None:
    await publish(engine, [answer("one", topics=(HEART, BRAIN)), answer("two", topics=(HEART,))])
    start = (await news(library)).cursor

    await disclaimers.add_standing(engine, of_topic("brain"))

    page = await news(library, start)
    assert told(page) == [("CAVEATS_CHANGED", "one")]
    assert "A helpline exists." in [each.text for each in page.nodes[0].answer.caveats.disclaimers]


async def test_a_topic_beyond_the_bounds_that_brings_a_disclaimer_is_news(engine: Engine, reads: Reads) -> None:
    library = Library(reads, Audience(topics=("valve",)))
    await publish(engine, [answer("one", topics=(VALVE, HEART)), answer("out", topics=(BRAIN,))])
    await disclaimers.add_standing(engine, of_topic("brain"))
    start = (await news(library)).cursor

    await publish(engine, [answer("two", topics=(BRAIN, msgspec.structs.replace(HEART, parent="brain")))])

    page = await news(library, start)
    assert told(page) == [("CAVEATS_CHANGED", "one")]
    assert "A helpline exists." in [each.text for each in page.nodes[0].answer.caveats.disclaimers]


def of_topic(slug: str) -> disclaimers.Standing:
    return disclaimers.Standing(
        id=disclaimers.new_uuid(),
        rule=disclaimers.Rule.TOPIC,
        name=f"helpline-{slug}",
        slug=None,
        topic=slug,
        kind=disclaimers.DisclaimerKind.INFORMATIONAL,
        placement=disclaimers.DisclaimerPlacement.AFTER_CONTENT,
        locale="en",
        version=1,
        heading=None,
        text="A helpline exists.",
    )


async def test_a_follower_with_bounds_is_told_what_leaves_them_and_nothing_beyond(
    engine: Engine, library: Library
) -> None:
    await publish(engine, [answer("one", topics=(HEART,))])
    cursor = (await news(library)).cursor

    async with aclosing(library.follow(cursor, EVERYTHING, wakes=Wakes(safety_seconds=0.05))) as stream:
        first = asyncio.ensure_future(taken(stream, 1))
        await publish(engine, [answer("out", topics=(BRAIN,)), answer("one", topics=(HEART,), title="B")])
        seen = await first
        await publish(engine, [answer("one", topics=(BRAIN,)), answer("out", topics=(BRAIN,), title="B")])
        seen += await taken(stream, 1)
        await publish(engine, [answer("one", topics=(BRAIN,), title="C"), answer("two", topics=(HEART,))])
        seen += await taken(stream, 1)

    assert seen == [("UPDATED", "one"), ("REMOVED", None), ("PUBLISHED", "two")]

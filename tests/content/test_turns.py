import asyncio
import datetime

from sqlalchemy import text
from structlog.testing import capture_logs

from server.content import turns
from server.content.draft import Contributor, Draft, Review
from server.content.library import Library
from server.content.publishing import publish
from server.content.vocabulary import ContributorKind
from server.db.engine import Engine
from server.db.reads import Reads
from tests.content.test_changes import EVERYTHING, told
from tests.schema.drafts import answer
from tests.waiting import until


async def test_a_review_is_overdue_from_the_day_after_and_told_once(engine: Engine, library: Library) -> None:
    today = datetime.datetime.now(datetime.UTC).date()
    await publish(engine, [reviewed("due", until=today), reviewed("late", until=today - datetime.timedelta(days=1))])
    start = (await library.changes(None, EVERYTHING, first=10)).cursor

    turned = [await turns.announce_overdue(engine, today), await turns.announce_overdue(engine, today)]

    due, late = [await library.answer_by_slug(slug, None) for slug in ("due", "late")]
    assert (turned, due.caveats.review.is_overdue, late.caveats.review.is_overdue) == ([1, None], False, True)
    assert [each.kind for each in late.caveats.disclaimers] == ["OVERDUE_REVIEW", "INFORMATIONAL"]
    assert told(await library.changes(start, EVERYTHING, first=10)) == [("CAVEATS_CHANGED", "late")]


async def test_a_day_that_a_clock_ahead_announced_is_announced_when_it_comes(engine: Engine) -> None:
    today = datetime.datetime.now(datetime.UTC).date()
    day = datetime.timedelta(days=1)
    await publish(engine, [reviewed("late", until=today)])

    turned = [await turns.announce_overdue(engine, each) for each in (today, today + 5 * day, today, today + day)]

    assert turned == [0, 1, 0, 1]


async def test_a_clock_that_is_set_forward_turns_the_day(engine: Engine, library: Library) -> None:
    now = [datetime.datetime.now(datetime.UTC)]
    await publish(engine, [reviewed("late", until=now[0].date())])
    start = (await library.changes(None, EVERYTHING, first=10)).cursor

    async def has_told() -> bool:
        return told(await library.changes(start, EVERYTHING, first=10)) == [("CAVEATS_CHANGED", "late")]

    turning = asyncio.create_task(turns.turn_days(engine, clock=lambda: now[0], look_seconds=0.01))
    now[0] += datetime.timedelta(days=1)
    await until(has_told)
    turning.cancel()
    await asyncio.wait([turning])


async def test_a_count_that_fails_is_made_again(engine: Engine, reads: Reads) -> None:
    await publish(engine, [answer()])
    await change(engine, "update answer_count set number = 7", "alter table answer_count rename to away")

    async def has_failed() -> bool:
        return any(each["event"] == "turn of the day failed" for each in logs)

    async def is_right() -> bool:
        return await reads.fetch_value("select bool_and(number = 1) from answer_count")

    with capture_logs() as logs:
        turning = asyncio.create_task(turns.turn_days(engine, look_seconds=0.01))
        await until(has_failed)
        await change(engine, "alter table away rename to answer_count")
        await until(is_right)
        turning.cancel()
        await asyncio.wait([turning])


async def change(engine: Engine, *statements: str) -> None:
    async with engine.transaction() as session:
        for statement in statements:
            await session.execute(text(statement))


def reviewed(slug: str, *, until: datetime.date) -> Draft:
    reviewer = Contributor(name="B. Reviewer", kind=ContributorKind.PERSON)
    return answer(slug, review=Review(reviewed_on=datetime.date(2026, 1, 1), reviewer=reviewer, next_review_on=until))

"""Search as one process has it: an index for all, and one for each confinement that asks."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from server.access.audience import ANONYMOUS, Audience
from server.content import withdrawal
from server.content.draft import Topic
from server.content.filters import AnswerFilter
from server.content.library import Library
from server.content.publishing import publish
from server.content.withdrawal import Named
from server.db import patience
from server.db.engine import Engine
from server.db.reads import Reads
from server.errors.machine import SearchNotReadyError
from server.events.stream import Wakes
from server.search import turn, worker
from server.search.results import SearchPage, SearchRequest, SuggestRequest
from server.search.searching import MOST_CONFINED, Searching
from tests.search.samples import LEUKEMIA, answer, topics
from tests.waiting import until

HEART = Topic(name="Heart", slug="heart")
VALVE = Topic(name="Valve", slug="valve", parent="heart")
BRAIN = Topic(name="Brain", slug="brain")
CONFINED = Audience(topics=("heart",))


@pytest.fixture
async def searching(database_url: str, tmp_path: Path, renewals: list[str]) -> AsyncIterator[Searching]:
    wakes, tell = Wakes(safety_seconds=0.05), renewals.append
    async with Searching(database_url, wakes=wakes, data_dir=tmp_path, on_renewed=tell) as opened:
        yield opened


@pytest.fixture
def renewals() -> list[str]:
    """The bounds within which what was found may be found otherwise, each time."""
    return []


@pytest.fixture
def find(searching: Searching, reads: Reads):
    async def finding(query: str, audience: Audience = ANONYMOUS) -> SearchPage:
        request = SearchRequest(query=query, filter=AnswerFilter(), first=10)
        return await searching.search(request, library=Library(reads, audience))

    return finding


def of_heart(slug: str, *about: Topic) -> object:
    return answer(slug, f"What of {slug.replace('-', ' ')}?", topics=about or (HEART,))


async def test_opening_waits_for_nothing_and_what_can_not_be_answered_yet_is_refused(tmp_path: Path) -> None:
    nowhere = "postgresql://127.0.0.1:1/nothing"
    async with Searching(nowhere, wakes=Wakes(), data_dir=tmp_path) as searching, asyncio.timeout(10):
        request = SuggestRequest(prefix="leuk", first=8)
        with pytest.raises(SearchNotReadyError):
            await searching.suggest(request, library=Library(Reads(nowhere)))


async def test_what_is_published_is_found_soon(find, engine: Engine) -> None:
    await publish(engine, [LEUKEMIA])

    await until(lambda: _counts(find, "leukemia", 1))


async def test_counts_of_a_confined_audience_are_of_what_lies_within_its_bounds(find, engine: Engine) -> None:
    await publish(engine, [of_heart("murmur-one"), of_heart("murmur-two", VALVE, HEART), of_heart("murmur-off", BRAIN)])

    await until(lambda: _counts(find, "murmur", 2, CONFINED))
    assert (await find("brain", CONFINED)).total == 0
    await until(lambda: _counts(find, "murmur", 3))


async def test_a_topic_that_leaves_the_bounds_takes_its_answers_out_of_their_index(find, engine: Engine) -> None:
    await publish(engine, [of_heart("murmur-one", HEART), of_heart("murmur-two", VALVE), of_heart("off", BRAIN)])
    await until(lambda: _counts(find, "murmur", 2, CONFINED))

    await publish(engine, [of_heart("another", replace(VALVE, parent="brain"))])

    await until(lambda: _counts(find, "murmur", 1, CONFINED))
    assert (await find("valve", CONFINED)).total == 0
    await until(lambda: _counts(find, "murmur", 2))


async def test_an_answer_that_comes_within_the_bounds_is_found_there(find, engine: Engine) -> None:
    await publish(engine, [of_heart("murmur-one", HEART), of_heart("murmur-two", BRAIN)])
    await until(lambda: _counts(find, "murmur", 1, CONFINED))

    await publish(engine, [of_heart("murmur-two", BRAIN, HEART)])

    await until(lambda: _counts(find, "murmur", 2, CONFINED))


async def test_the_index_of_a_confinement_outlives_the_request_that_asked_first(find, engine: Engine) -> None:
    await publish(engine, [of_heart("murmur-one")])
    with patience.shared(), pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await find("murmur", CONFINED)

    await until(lambda: _counts(find, "murmur", 1, CONFINED))


async def test_a_worker_that_has_ended_is_begun_again_by_whoever_asks(find, engine: Engine) -> None:
    await publish(engine, [of_heart("murmur-one")])
    await until(lambda: _counts(find, "murmur", 1, CONFINED))
    for task in asyncio.all_tasks():
        if task.get_name() == "search index":
            task.cancel()

    await publish(engine, [of_heart("murmur-two")])

    await until(lambda: _counts(find, "murmur", 2, CONFINED))
    await until(lambda: _counts(find, "murmur", 2))


async def test_what_is_retracted_leaves_counts_and_facets_soon(find, engine: Engine) -> None:
    await publish(engine, [LEUKEMIA, answer("gout", "What is gout?", topics=topics("Gout"))])
    await until(lambda: _counts(find, "leukemia", 1))

    await withdrawal.retract(engine, Named(slug=LEUKEMIA.slug), reason="It was wrong.")

    await until(lambda: _counts(find, "leukemia", 0))
    assert await (await find("leukemia")).facets() == ()


async def test_whoever_keeps_what_was_found_is_told_of_each_state_without_asking(
    find, engine: Engine, renewals: list[str]
) -> None:
    await publish(engine, [LEUKEMIA])
    await until(lambda: _counts(find, "leukemia", 1))
    before = len(renewals)

    await publish(engine, [answer("gout", "What is gout?", topics=topics("Gout"))])

    await until(lambda: _has_more(renewals, before))
    assert (await find("gout")).total == 1


async def test_another_process_that_writes_the_index_is_heard_of_too(
    find, engine: Engine, renewals: list[str], database_url: str, tmp_path: Path
) -> None:
    await publish(engine, [LEUKEMIA])
    await until(lambda: _counts(find, "leukemia", 1))
    heard: list[str] = []
    async with Searching(database_url, wakes=Wakes(), data_dir=tmp_path, on_renewed=heard.append) as other:
        await until(lambda: _has_more(heard, 0))
        before = len(heard)

        await publish(engine, [answer("gout", "What is gout?", topics=topics("Gout"))])

        await until(lambda: _has_more(heard, before))
        request = SearchRequest(query="gout", filter=AnswerFilter(), first=10)
        async with Reads(database_url) as reads:
            assert (await other.search(request, library=Library(reads))).total == 1


async def test_each_commit_is_heard_of_while_there_is_more_to_write(
    find, searching: Searching, engine: Engine, renewals: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(engine, [LEUKEMIA, answer("gout", "What is gout?", topics=topics("Gout"))])
    await until(lambda: _counts(find, "leukemia", 1))
    before, gone_on = len(renewals), asyncio.Event()

    async def rebuild(_: object) -> None:
        await gone_on.wait()

    monkeypatch.setattr(turn.Turn, "_rebuild", rebuild)  # which takes some time, in a large library
    await withdrawal.erase(engine, Named(slug=LEUKEMIA.slug))

    await until(lambda: _has_more(renewals, before))
    assert not gone_on.is_set()
    gone_on.set()


async def test_what_another_process_writes_is_heard_of_where_a_worker_fails(
    find, engine: Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(engine, [LEUKEMIA])
    await until(lambda: _counts(find, "leukemia", 1))

    async def denied(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(worker.Worker, "_locked", denied)  # that of the other one: the first has its turn
    heard: list[str] = []
    async with Searching(database_url, wakes=Wakes(), data_dir=tmp_path, on_renewed=heard.append):
        await until(lambda: _has_more(heard, 0))
        before = len(heard)

        await publish(engine, [answer("gout", "What is gout?", topics=topics("Gout"))])

        await until(lambda: _has_more(heard, before))
        assert set(heard) == {""}


async def test_a_process_keeps_so_many_confined_indexes_in_step(find, engine: Engine, renewals: list[str]) -> None:
    await publish(engine, [of_heart("murmur-one")])
    for number in range(MOST_CONFINED + 2):
        await find("murmur", Audience(topics=("heart", f"topic-{number}")))

    await until(_has_few_workers)
    before = len(renewals)
    await find("murmur", Audience(topics=("heart", "one-more")))
    # another index is followed no more, and the new one is read
    await until(lambda: _has_more(renewals, before + 1))
    assert (await find("murmur", Audience(topics=("heart", "topic-0")))).total == 1


async def _has_more(renewals: list[str], than: int) -> bool:
    return len(renewals) > than


async def _has_few_workers() -> bool:
    return sum(task.get_name() == "search index" for task in asyncio.all_tasks()) <= MOST_CONFINED + 1


async def _counts(find, query: str, count: int, audience: Audience = ANONYMOUS) -> bool:
    found = await find(query, audience)
    return (found.total, len(found.hits)) == (count, count)

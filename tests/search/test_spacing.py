import pytest

from server.content.publishing import publish
from server.db.engine import Engine
from server.search import spacing
from tests.search.conftest import Ask, slugs
from tests.search.samples import answer, section, topics


@pytest.fixture(autouse=True)
async def _library(engine: Engine) -> None:
    pressure = section("Overview", "High blood pressure has no sign. The cause of a headache it seldom is.")
    pain = section("Overview", "What is in the back of the head may ache. A headache is no back pain.")
    await publish(
        engine,
        [
            answer("pressure", "What is high blood pressure?", pressure, topics=topics("High Blood Pressure")),
            answer("headache", "What causes headaches?", pain, topics=topics("Headache")),
            answer("back", "What helps against back pain?", pain, topics=topics("Back Pain")),
            answer("pinkeye", "What is pinkeye?", section(None, "A pink eye is red."), topics=topics("Pinkeye")),
            answer("again", "Is high blood pressure inherited?", topics=topics("High Blood Pressure")),
            answer("eye", "What is an eye test?", topics=topics("Eye Test")),
        ],
    )


@pytest.mark.parametrize(
    ("query", "found", "searched"),
    [
        ("highbloodpressure", "pressure", "high blood pressure"),
        ("What is HighBloodPressure?", "pressure", "What is high blood pressure?"),
        ("backpain", "back", "back pain"),
        ("head ache", "headache", "headache"),
        ("Head-ache, or what?", "headache", "headache, or what?"),
        ("head ache backpain", "back", "headache back pain"),
        ("pink eye", "pinkeye", "pinkeye"),
    ],
)
async def test_words_are_parted_as_answers_part_them(ask: Ask, query: str, found: str, searched: str) -> None:
    page = await ask(query)

    assert (slugs(page)[0], page.corrected_query) == (found, searched)


@pytest.mark.parametrize(
    "query",
    [
        '"head ache"',
        "+head ache",
        "head, ache",
        "-backpain eye",
        "eye test",
        "eyepain",
        "head eye",
        "backpain2",
        "the head of the head",
        "eye test sign cause back head ache",
    ],
)
async def test_all_else_stays_as_it_is_typed(ask: Ask, query: str) -> None:
    assert (await ask(query)).corrected_query is None


async def test_what_finds_nothing_when_parted_otherwise_is_searched_as_it_is_typed(ask: Ask) -> None:
    page = await ask("head ache -headache")

    assert (page.total, page.corrected_query) == (0, None)


async def test_pages_of_what_was_parted_follow_each_other(ask: Ask) -> None:
    first = await ask("head ache", first=1)

    second = await ask("head ache", first=10, after=first.hits[0].cursor)

    assert len({*slugs(first), *slugs(second)}) == first.total == 1 + len(second.hits)
    assert second.corrected_query == "headache"


async def test_a_story_keeps_its_words_apart(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await ask("head ache pressure")).corrected_query == "headache pressure"

    monkeypatch.setattr(spacing, "MOST_JOINED", 2)

    assert (await ask("head ache pressure")).corrected_query is None

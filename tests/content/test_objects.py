"""What a process keeps of what it read, and when it keeps it no longer."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.content.objects import ENTRY_BYTES, MOST_TOLD, Objects, Reading
from server.content.touching import ANY, Tag, answer_tag, answer_tags
from server.db.reads import Reads
from server.events.news import News, Told

ONE, OTHER = UUID(int=1), UUID(int=2)
EVERYTHING = Told(is_everything=True)


@pytest.fixture
def news() -> News:
    return News(Reads("postgresql://nobody@localhost/nothing"))


@pytest.fixture
def objects(news: News) -> Objects:
    return Objects(news, most_bytes=1_000_000)


def tell(news: News, *answers: UUID) -> None:
    """What the news does after a look into the outbox."""
    news._tell(Told(answers=frozenset(answers)))


def keep(objects: Objects, key: str, *tags: Tag, since: int = 0, part: str | None = None) -> None:
    objects.keep(key, Reading(key.upper(), frozenset(tags), since), size=100, part=part)


def test_what_is_kept_is_found_until_news_touches_it(news: News, objects: Objects) -> None:
    keep(objects, "one", answer_tag(ONE))
    keep(objects, "other", answer_tag(OTHER))

    tell(news, ONE)

    assert (objects.find("one"), objects.find("other"), objects.dropped) == (None, "OTHER", 1)


def test_any_news_touches_a_list(news: News, objects: Objects) -> None:
    keep(objects, "list", ANY)
    keep(objects, "answer", *answer_tags(ONE, sources=(), topics=()))

    tell(news, OTHER)

    assert (objects.find("list"), objects.find("answer")) == (None, "ANSWER")


def test_nothing_is_kept_when_anything_may_have_changed(news: News, objects: Objects) -> None:
    keep(objects, "one", answer_tag(ONE))
    keep(objects, "name")

    news._tell(EVERYTHING)

    assert (objects.find("one"), objects.find("name"), len(objects), objects.size) == (None, None, 0, 0)


@pytest.mark.parametrize("told", [Told(answers=frozenset({ONE})), EVERYTHING])
def test_what_news_touched_while_it_was_read_is_not_kept(news: News, objects: Objects, told: Told) -> None:
    before = objects.moment
    news._tell(told)

    keep(objects, "one", answer_tag(ONE), since=before)

    assert objects.find("one") is None


def test_what_news_did_not_touch_while_it_was_read_is_kept(news: News, objects: Objects) -> None:
    before = objects.moment
    tell(news, OTHER)

    keep(objects, "one", answer_tag(ONE), since=before)

    assert objects.find("one") == "ONE"


def test_what_took_longer_to_read_than_news_is_remembered_is_not_kept(news: News, objects: Objects) -> None:
    for _ in range(MOST_TOLD + 1):
        tell(news, OTHER)

    keep(objects, "late", answer_tag(ONE), since=0)
    keep(objects, "in time", answer_tag(ONE), since=1)

    assert (objects.find("late"), objects.find("in time")) == (None, "IN TIME")


def test_what_is_kept_again_takes_the_place_of_what_was(news: News, objects: Objects) -> None:
    keep(objects, "one", answer_tag(ONE))
    objects.keep("one", Reading("NEWER", frozenset([answer_tag(OTHER)]), 0), size=100)

    tell(news, ONE)

    assert (objects.find("one"), len(objects), objects.size) == ("NEWER", 1, 100 + ENTRY_BYTES)


def test_a_whole_is_kept_no_longer_than_its_part(news: News, objects: Objects) -> None:
    keep(objects, "part", answer_tag(ONE))
    keep(objects, "whole", part="part")

    tell(news, ONE)

    assert (objects.find("whole"), len(objects), objects.size) == (None, 0, 0)


def test_a_whole_whose_part_is_not_kept_is_not_kept_either(objects: Objects) -> None:
    keep(objects, "whole", part="part")

    assert objects.find("whole") is None


def test_a_part_that_is_dropped_for_want_of_room_takes_the_whole_with_it(news: News) -> None:
    objects = Objects(news, most_bytes=3 * 4 * (100 + ENTRY_BYTES))
    keep(objects, "part")
    keep(objects, "whole", part="part")

    keep(objects, "third")
    keep(objects, "fourth")

    assert [key for key in ("part", "whole", "third", "fourth") if objects.find(key)] == ["third", "fourth"]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 4_000), st.none() | st.integers(0, 9)), max_size=60))
def test_what_is_kept_never_takes_more_than_there_is_room_for(asked: list[tuple[int, int, int | None]]) -> None:
    objects = Objects(News(Reads("postgresql://nobody@localhost/nothing")), most_bytes=10_000)

    for key, size, part in asked:
        objects.keep(key, Reading(str(key), frozenset([answer_tag(UUID(int=key))]), 0), size=size, part=part)
        objects.find(size % 10)
        assert objects.size <= 10_000
        assert len(objects._by_tag) == len(objects)

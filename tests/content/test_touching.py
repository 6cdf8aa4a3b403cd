"""What news touches."""

import re
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from server.content.touching import (
    ALL,
    ANY,
    EVERY_ANSWER,
    answer_tag,
    answer_tags,
    name_of,
    told_names,
    told_tags,
)
from server.events.news import Told

ANSWER, OTHER, SOURCE, TOPIC = (UUID(int=number) for number in range(1, 5))
TAGS = answer_tags(ANSWER, sources=[SOURCE], topics=[TOPIC])


def test_an_answer_bears_the_tags_of_itself_its_sources_its_topics_and_of_all_answers() -> None:
    assert frozenset({answer_tag(ANSWER), ("SOURCE", SOURCE), ("TOPIC", TOPIC), EVERY_ANSWER}) == TAGS


def test_an_answer_is_touched_by_its_own_entries() -> None:
    assert not TAGS.isdisjoint(told_tags(Told(answers=frozenset({ANSWER}))))


def test_an_answer_is_not_touched_by_the_entries_of_another() -> None:
    assert TAGS.isdisjoint(told_tags(Told(answers=frozenset({OTHER}))))


def test_an_answer_is_touched_by_a_source_that_it_leans_on_and_by_no_other() -> None:
    assert not TAGS.isdisjoint(told_tags(Told(sets=frozenset({("SOURCE", SOURCE)}))))
    assert TAGS.isdisjoint(told_tags(Told(sets=frozenset({("SOURCE", OTHER)}))))


def test_an_answer_is_touched_by_a_topic_that_it_is_in_and_by_no_other() -> None:
    assert not TAGS.isdisjoint(told_tags(Told(sets=frozenset({("TOPIC", TOPIC)}))))
    assert TAGS.isdisjoint(told_tags(Told(sets=frozenset({("TOPIC", OTHER)}))))


def test_every_answer_is_touched_by_any_disclaimer_and_by_any_review() -> None:
    assert not TAGS.isdisjoint(told_tags(Told(sets=frozenset({("DISCLAIMER", OTHER)}))))
    assert not TAGS.isdisjoint(told_tags(Told(sets=frozenset({("REVIEW", None)}))))


def test_what_is_not_an_answer_is_touched_by_any_news() -> None:
    assert told_tags(Told(answers=frozenset({OTHER}))) == {ANY, answer_tag(OTHER)}


@given(st.sampled_from(["ANSWER", "SOURCE", "TOPIC", "CLIENT"]), st.uuids())
def test_a_name_is_short_and_stands_in_any_header(kind: str, identity: UUID) -> None:
    assert re.fullmatch(r"[a-z]-[a-z2-7]{26}", name_of((kind, identity)))


def test_news_is_called_by_what_responses_bear() -> None:
    told = Told(answers=frozenset({ANSWER}), sets=frozenset({("SOURCE", SOURCE), ("REVIEW", None)}))

    assert told_names(told) == [
        "a-aaaaaaaaaaaaaaaaaaaaaaaaae",
        "any",
        "every_answer",
        "s-aaaaaaaaaaaaaaaaaaaaaaaaam",
    ]
    assert told_names(Told(is_everything=True)) == [ALL]

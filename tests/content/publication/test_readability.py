import socket

import pytest
import textstat
from hypothesis import given
from hypothesis import strategies as st

from server.content.publication.readability import _breaks, _hyphenation, _pronounced, readability
from server.content.published import Readability
from tests.content.strategies import lines

SENTENCES = [
    "Don't wait.",
    "The doctor's dogs' tails",
    "CAR-T isn't a long-term cure!",
    "It's 5.5 mg, e.g. daily?",
    "apheresis—like",
]
pages = st.lists(st.lists(st.sampled_from(SENTENCES) | lines, min_size=1, max_size=4).map(" ".join), max_size=5)


def test_a_page_is_measured():
    text = "Colds pass by themselves.\n\nRest, and drink water"
    assert readability(text, "en") == Readability(word_count=8, minutes=1, grade_level=0.7)


def test_minutes_are_those_of_two_hundred_words_begun():
    assert [readability("word " * words, "es").minutes for words in (0, 1, 200, 201)] == [0, 1, 1, 2]


def test_a_language_without_the_measure_has_no_grade_level():
    assert readability("Los resfriados pasan solos.", "es") == Readability(word_count=4, minutes=1)


def test_american_english_has_a_grade_level():
    assert readability("Colds pass by themselves.", "en-US").grade_level is not None


@pytest.mark.parametrize("text", ["", "Colds", "— … !", "Rest.\nNow."])
def test_a_text_without_a_sentence_has_no_grade_level(text):
    assert readability(text, "en").grade_level is None


@given(pages)
def test_measures_are_those_of_textstat_where_a_line_ends_a_sentence(lines_of_page):
    text = "\n".join(lines_of_page)
    measured = readability(text, "en")
    assert measured.word_count == textstat.lexicon_count(text)
    if measured.grade_level is not None:
        grade = textstat.flesch_kincaid_grade(text.replace("\n", ".\n") + ".")
        # a half, such as 4.45, may be rounded either way: the sum is in another order
        assert measured.grade_level == pytest.approx(grade, abs=0.05 + 1e-9)


@given(st.text("abcdefghijklmnoprstuyé'", max_size=25) | lines)
def test_a_word_is_parted_where_pyphen_parts_it(word):
    assert _breaks(word.lower()) == len(_hyphenation().positions(word.lower()))


def test_nothing_is_fetched_from_the_network(monkeypatch):
    _pronounced.cache_clear()
    monkeypatch.setattr(socket, "socket", None)
    assert readability("Myelodysplastic syndromes are uncommon xyzzyology.", "en").grade_level == 17.0

"""Slugs of questions."""

import re

from hypothesis import given
from hypothesis import strategies as st

from server.content.slugs import slug_of


def test_a_question_becomes_its_words_joined_by_hyphens():
    question = "How does CAR T-cell therapy work for leukemia?"
    assert slug_of(question) == "how-does-car-t-cell-therapy-work-for-leukemia"


def test_accents_and_other_scripts_become_ascii():
    assert slug_of("¿Qué es la hipertensión?") == "que-es-la-hipertension"
    assert slug_of("白血病とは？") == "bai-xie-bing-toha"


def test_html_like_text_is_text():
    assert slug_of("Is 5 &lt; 6 &#65; &#x42;?") == "is-5-lt-6-65-x42"


def test_long_questions_with_the_same_opening_get_different_slugs():
    first, second = (slug_of("why " * 60 + last) for last in ("now?", "later?"))
    assert first != second
    assert re.fullmatch(r"(why-){27,28}[0-9a-f]{8}", first)
    assert len(first) <= 120


def test_a_question_without_letters_gets_a_hash():
    assert re.fullmatch(r"[0-9a-f]{8}", slug_of("?!"))
    assert slug_of("?!") != slug_of("!?")


@given(st.text(min_size=1, max_size=400))
def test_every_question_has_a_slug(question: str):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug_of(question))
    assert len(slug_of(question)) <= 120

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.web.codings import Coding
from server.web.entity_tags import digest_of, entity_tag, matches
from server.web.writing import GRAPHQL, JSON

TAG = '"tea"'
OPAQUE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters='"'), max_size=20)


@pytest.mark.parametrize(
    "header",
    ['"tea"', 'W/"tea"', ' "tea" ', '"milk", "tea"', '"a,b",W/"tea"', ', ,"tea",', "*", " * ", '"tea","tea"'],
)
def test_what_is_named_is_there_already(header):
    assert matches(header, TAG)


@pytest.mark.parametrize(
    "header",
    [None, "", "tea", '"te"', '"teapot"', 'w/"tea"', '"milk"', '"tea', 'tea"', '"*"', '*, "tea"', '"x" "tea"', "**"],
)
def test_what_is_not_named_or_not_legible_is_sent(header):
    assert not matches(header, TAG)


@given(st.lists(OPAQUE, max_size=6), OPAQUE)
def test_a_list_names_what_stands_in_it_and_nothing_else(others, one):
    header = ", ".join(f'W/"{each}"' if place % 2 else f'"{each}"' for place, each in enumerate(others))

    assert matches(header, f'"{one}"') is (one in others)


@given(st.binary(max_size=64), st.binary(max_size=64))
def test_every_body_media_type_and_coding_has_a_tag_of_its_own(one, other):
    forms = list(product((GRAPHQL, JSON), Coding))
    tags = {
        entity_tag(digest_of(body), media_type, coding=coding) for body in (one, other) for media_type, coding in forms
    }

    assert len(tags) == (len(forms) if one == other else 2 * len(forms))
    assert all(matches(tag, tag) for tag in tags)

from hypothesis import given
from hypothesis import strategies as st

from server.content.checks.lines import is_slug
from server.content.publication.anchors import OPENING, anchors
from tests.content.strategies import optional_lines

few_headings = st.sampled_from([None, "A", "a", "A 2", "a-2", "A-2-2", "Opening", "Opening 2", "中文", "☃", "☃!"])
headings = st.lists(few_headings | optional_lines, max_size=8)


def test_an_anchor_is_the_slug_of_its_heading():
    assert anchors([None, "The Basic Concept", "¿Qué es?"]) == ["opening", "the-basic-concept", "que-es"]


def test_later_equal_headings_are_numbered_past_the_slugs_of_others():
    assert anchors(["Risks", "Risks", "Risks 2", "Risks"]) == ["risks", "risks-3", "risks-2", "risks-4"]


def test_no_heading_takes_the_anchor_of_the_opening():
    assert anchors(["Opening", "Next"]) == ["opening-2", "next"]
    assert anchors([None, "Opening", "Opening"]) == ["opening", "opening-2", "opening-3"]


def test_a_heading_that_has_no_slug_gets_a_hash():
    assert anchors(["☃", "☂"]) == ["51643361c79e", "07472eed0c93"]


@given(headings)
def test_anchors_are_unique_slugs(found):
    made = anchors(found)
    assert len(set(made)) == len(made) == len(found)
    assert all(is_slug(anchor) for anchor in made)


@given(headings)
def test_the_opening_anchor_is_that_of_the_part_without_a_heading(found):
    made = anchors(found)
    assert [heading for heading, anchor in zip(found, made, strict=True) if anchor == OPENING] == [None] * (
        None in found
    )


@given(headings, optional_lines)
def test_what_follows_moves_no_anchor_but_by_its_own_slug(found, later):
    before, after = anchors(found), anchors([*found, later])
    own = anchors([later])[0]
    assert [one for one, other in zip(before, after, strict=False) if one not in (other, own)] == []

"""What an item and a step open with."""

import pytest

from server.content.draft import Cite, Span
from server.content.vocabulary import Mark
from server.importers.markdown.openings import read_item, read_title
from server.importers.markdown.phrases import Phrase

LEAD = (Span(text="Lead"),)
REST = (Span(text="rest"),)


def phrase(text: str) -> Phrase:
    return Phrase(text=text, line=1, keys={"k"})


@pytest.mark.parametrize("text", ["**Lead:** rest", "**Lead**: rest", "__Lead:__\n  rest", "**Lead：** rest"])
def test_a_strong_term_with_a_colon_leads_an_item(text: str):
    assert read_item(phrase(text)) == (LEAD, REST)


def test_a_lead_may_stand_alone():
    assert read_item(phrase("**Lead:**")) == (LEAD, ())


def test_a_lead_may_be_formatted_and_the_rest_start_with_a_space():
    lead = (Span(text="a", citation=Cite(source="k")), Span(text=" b", marks=(Mark.STRONG,)))
    assert read_item(phrase("**[a](cite:k)<strong> b</strong>:** &#32;rest")) == (lead, (Span(text=" rest"),))


@pytest.mark.parametrize(
    "text", ["**Lead** rest:", "<strong>Lead:</strong> rest", "a **Lead:** rest", "**:** rest", "Lead: rest"]
)
def test_what_is_no_strong_term_with_a_colon_leads_nothing(text: str):
    assert read_item(phrase(text)) == (None, phrase(text).spans())


def test_a_first_line_that_is_strong_throughout_is_the_title_of_a_step():
    assert read_title(phrase("**Rest**")) == ("Rest", None)
    title, below = read_title(phrase("**Rest**\nSit\ndown"))
    assert (title, below) == ("Rest", Phrase(text="Sit\ndown", line=2, keys={"k"}))


@pytest.mark.parametrize("text", ["**Rest** well", "Rest", "<strong>Rest</strong>", "**Rest\nwell**", "**a** **b**"])
def test_any_other_first_line_is_text(text: str):
    assert read_title(phrase(text)) == (None, phrase(text))

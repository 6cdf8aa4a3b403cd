import pytest

from server.importers.outline import outline
from server.importers.page.headings import is_finished, looks_like_heading
from server.importers.page.reading import read_page


@pytest.mark.parametrize("note", ["²", "¹,²", "[2]", " [1, 3]", "†"])
def test_the_number_of_a_note_does_not_make_a_sentence_a_heading(note):
    text = f"Twenty trials covered it.{note}"
    assert (is_finished(text), looks_like_heading(text)) == (True, False)


@pytest.mark.parametrize(
    ("text", "is_heading"), [("Common causes", True), ("Symptoms and causes", True), ("Smoking often causes", False)]
)
def test_causes_as_a_noun_heads_a_section(text, is_heading):
    assert looks_like_heading(text) is is_heading


def paragraphs(lines):
    page = f"What is it?\n\nMay 1, 2026\n\nIt is so.\n\nMore\n\n{lines}\n\nThe end of it."
    return [block.get("text") for block in outline(read_page(page.encode()))["sections"][1]["blocks"]][:-1]


@pytest.mark.parametrize(
    ("lines", "texts"),
    [
        ("LDL: below 100\nHDL: above 60", ["LDL: below 100", "HDL: above 60"]),
        ("6:00 pm: bath\n9:00 pm: tea\n10 pm: bed", ["6:00 pm: bath", "9:00 pm: tea", "10 pm: bed"]),
        ("Myth: It hurts.\nFact: It does not.", ["Myth: It hurts. Fact: It does not."]),
    ],
)
def test_phrases_that_a_term_opens_each_are_passages_each(lines, texts):
    assert paragraphs(lines) == texts

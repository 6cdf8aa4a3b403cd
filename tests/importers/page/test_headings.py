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


def headings(*parts):
    page = "\n\n".join(["What is it?", "May 1, 2026", "It is so.", *parts, "The end of it."])
    return [section["heading"] for section in outline(read_page(page.encode()))["sections"]][1:]


COLONS = [
    ("What to Watch For:", "• Fever\n• Pain"),
    ("If you miss a dose:", "Take it soon."),
    ("Birthday parties and trips:", "1. Pack food"),
]


@pytest.mark.parametrize(("line", "body"), COLONS)
def test_a_phrase_with_a_colon_heads_a_section(line, body):
    assert headings(line, body) == [line]


@pytest.mark.parametrize("line", ["Call if you have:", "The exam covers:", "Here is how:", "The CDC and WHO say:"])
def test_a_sentence_with_a_colon_heads_none(line):
    assert headings("Causes", line, "• Fever\n• Pain") == ["Causes"]


def test_where_headings_have_no_colons_only_titles_and_questions_have():
    parts = ["Causes", "Many.", "Risks:", "Few.", "Signs", "Pain.", "At Night:", "Rest."]
    assert headings(*parts, "What to ask your doctor:", "• Is it bad?") == [
        "Causes",
        "Signs",
        "At Night:",
        "What to ask your doctor:",
    ]


def test_what_introduces_the_questions_right_under_their_heading_heads_none():
    assert headings("Questions to Ask", "Questions about tests:", "• Is it bad?") == ["Questions to Ask"]


def test_numbers_head_sections_that_hold_lists_too():
    parts = [
        "1. Why",
        "So.",
        "2. When",
        "When you can:",
        "1. Walk\n2. Brake",
        "3. What",
        "Law.",
        "4. Ask",
        "• Am I fit?",
    ]
    assert headings(*parts) == ["Why", "When", "What", "Ask"]

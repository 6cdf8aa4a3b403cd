"""What the layout of a text tells; and that no word of it is ever lost."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.content.draft import Section, Table
from server.content.walk import block_texts
from server.importers.medquad.sections import read_sections
from tests.importers.medquad.shapes import read, text_of

_WORD = re.compile(r"\w+")


def words_of(sections: tuple[Section, ...]) -> Iterator[str]:
    for section in sections:
        yield from _WORD.findall(section.heading or "")
        for block in section.blocks:
            for spans in block_texts(block):
                yield from _WORD.findall(text_of(spans))


def test_a_text_without_layout_is_one_paragraph():
    assert read("  Gout is a form of arthritis. It hurts. ") == [
        (None, 1, ["Gout is a form of arthritis. It hurts."]),
    ]


def test_blank_lines_and_runs_of_spaces_part_paragraphs():
    assert read("One is here. It is long.  Two is here. It too.\n      \nThree.") == [
        (None, 1, ["One is here. It is long.", "Two is here. It too.", "Three."])
    ]


def test_two_spaces_after_every_sentence_part_nothing():
    assert read("One is here.  Two is here.  Three is  here.") == [
        (None, 1, ["One is here. Two is here. Three is here."])
    ]


@pytest.mark.parametrize("text", ["Before meals\n70 to 130 mg/dL\nIt is measured in your blood, every day.", "3\n4\n5"])
def test_a_value_heads_nothing(text: str):
    assert all(heading is None or not heading[0].isdigit() for heading, *_ in read(text))


def test_a_line_right_above_another_is_the_point_that_it_explains():
    text = "Age is a risk.\n        Risks grow with age.\n      \n      \n        Tests exist.\n        They find it."

    assert read(text, has_points=True) == [
        ("Age is a risk.", 1, ["Risks grow with age."]),
        ("Tests exist.", 1, ["They find it."]),
    ]
    assert [heading for heading, *_ in read(text)] == [None]


def test_lines_that_wrap_are_no_points():
    assert read("Gout is a form of arthritis that\nhurts very much indeed.", has_points=True)[0][0] is None


def test_short_lines_head_what_stands_below_them():
    lines = ["It is common.", "Overview", "Most have it.", "Breathing Support", "Air Pressure", "It helps.", "The end"]

    assert read("\n\n".join(lines)) == [
        (None, 1, ["It is common."]),
        ("Overview", 1, ["Most have it."]),
        ("Breathing Support", 1, []),
        ("Air Pressure", 2, ["It helps.", "The end"]),
    ]


def test_short_stretches_in_a_line_head_the_text_after_them():
    text = (
        "Types are used:\n    Surgery    Surgery is common. It works.      Chemotherapy    Drugs are used. They work."
    )

    assert read(text, has_points=True) == [
        ("Types are used:", 1, []),
        ("Surgery", 2, ["Surgery is common. It works."]),
        ("Chemotherapy", 2, ["Drugs are used. They work."]),
    ]


@pytest.mark.parametrize("question", ["What causes gout?", "Is 22q11.2 deletion inherited?", "What is P.A.D.?"])
def test_a_question_that_opens_a_text_is_its_heading(question: str):
    assert read(f"{question} Crystals of uric acid do. They hurt.") == [
        (question, 1, ["Crystals of uric acid do. They hurt."])
    ]


def test_a_question_on_a_line_of_its_own_heads_what_stands_below_it():
    lines = ["Gout hurts.", "What's it like?", "It is bad.", "Ask yourself.", "How bad is it?", "When did it begin?"]

    assert read("\n\n".join([*lines, "Tell your doctor."])) == [
        (None, 1, ["Gout hurts."]),
        ("What's it like?", 1, ["It is bad.", *lines[3:], "Tell your doctor."]),
    ]


def test_a_question_to_the_reader_is_no_heading():
    assert read("Do you feel pain? See a doctor.") == [(None, 1, ["Do you feel pain? See a doctor."])]


def test_the_table_of_symptoms_is_a_table_again():
    text = (
        "What are the signs of it? A list follows. Signs and Symptoms Approximate number of patients (when available) "
        "Gout 90% Short stature 7.5% Fever 3/4 Pain, mild 3 of 4 Rash - "
        "The Human Phenotype Ontology (HPO) has collected it."
    )
    head = ("Signs and Symptoms", "Approximate number of patients (when available)")
    rows = [("Gout", "90%"), ("Short stature", "7.5%"), ("Fever", "3/4"), ("Pain, mild", "3 of 4"), ("Rash", "-")]

    assert read(text) == [
        (
            "What are the signs of it?",
            1,
            ["A list follows.", [head, *rows], "The Human Phenotype Ontology (HPO) has collected it."],
        )
    ]


def test_rows_and_cells_are_told_by_their_gaps():
    assert read("Type    Minutes        Walking    20        Gardening    10") == [
        (None, 1, [[("Type", "Minutes"), ("Walking", "20"), ("Gardening", "10")]])
    ]


def test_rows_of_different_lengths_are_no_table():
    sections = read_sections("Time    Name        8 am    oatmeal    1 cup        9 am")

    assert [type(block) for section in sections for block in section.blocks if isinstance(block, Table)] == []


_HEAD = "Signs and Symptoms Approximate number of patients (when available)"
_FOOT = "The Human Phenotype Ontology (HPO) has collected"
_LONG = "A long sentence of many words stands here, as they do. And another one."
_SHORT = [
    "Surgery",
    "Key Points",
    "gout",
    "or",
    "Risk: high",
    "90%",
    "3 of 4",
    "-",
    "Stage II",
    "·",
    "20",
    "é—ß",
    '"A."',
]
_ECHO = "They include - fever  - a rash. fever a rash. - a b c d e f a b c d e f"
_PIECES = st.sampled_from(
    [*_SHORT, _ECHO, "It hurts.", "You should:", "What is it?", "(2) Cancer", _HEAD, _FOOT, _LONG]
)
_GAPS = st.sampled_from(
    [
        " ",
        " - ",
        "  ",
        "   ",
        "    ",
        "      ",
        "        ",
        "\n",
        "\n\n",
        "\n   \n  \n",
        "\t",
        "\r\n",
        "    - ",
        "  -  ",
    ]
)
_TEXTS = st.lists(st.tuples(_GAPS, _PIECES), min_size=1, max_size=40).map(
    lambda parts: "".join([gap + piece for gap, piece in parts])
)


@given(_TEXTS | st.text(min_size=1).filter(str.strip))
def test_no_word_of_a_text_is_lost(text: str):
    assert list(words_of(read_sections(text))) == _WORD.findall(text)

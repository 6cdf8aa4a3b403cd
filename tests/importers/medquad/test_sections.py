"""What the layout of a text tells; and that no word of it is ever lost."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.content.draft import Item, List, Paragraph, Section, Spans, Table
from server.content.walk import block_texts
from server.importers.medquad.sections import read_sections

_WORD = re.compile(r"\w+")


def text_of(spans: Spans) -> str:
    return "".join(span.text for span in spans)


def item_of(item: Item) -> Any:
    text = text_of(item.content) if item.lead is None else {text_of(item.lead): text_of(item.content)}
    return [text, [item_of(each) for each in item.items]] if item.items else text


def read(text: str, *, has_points: bool = False) -> list[tuple[str | None, int, list[Any]]]:
    """Each section by its heading, its level and its blocks: paragraphs as text, lists and tables as lists."""
    return [
        (part.heading, part.level, [shape(block) for block in part.blocks])
        for part in read_sections(text, has_points=has_points)
    ]


def shape(block: Any) -> Any:
    match block:
        case Paragraph():
            return text_of(block.content)
        case List():
            return [item_of(item) for item in block.items]
        case Table():
            rows = [block.columns, *block.rows]
            return [tuple(text_of(cell.content) for cell in row) for row in rows]


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


def test_dashes_make_a_list_until_a_wider_gap():
    assert read("You should    - Rest    - Drink water    - Keep warm      Doctors can help.") == [
        (None, 1, ["You should", ["Rest", "Drink water", "Keep warm"], "Doctors can help."])
    ]


def test_a_term_with_a_colon_leads_its_item():
    assert read("Tests:      -  Biopsy : The removal of cells.    -  X-ray: A picture.") == [
        (None, 1, ["Tests:", [{"Biopsy": "The removal of cells."}, {"X-ray": "A picture."}]])
    ]


def test_a_wider_gap_after_a_colon_nests_a_list_and_another_one_ends_it():
    text = "Key Points\n      - Types exist.    - Four are used:        - Surgery    - Drugs        - Others exist."

    assert read(text) == [
        ("Key Points", 1, [["Types exist.", ["Four are used:", ["Surgery", "Drugs"]], "Others exist."]])
    ]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        (
            "- Gout hurts.  - Signs are:      - pain    - heat    - redness    - See a doctor.  - It heals.",
            ["Gout hurts.", ["Signs are:", ["pain", "heat", "redness"]], "See a doctor.", "It heals."],
        ),
        (
            "- It hurts.  - Causes include      - age    - weight    - Signs include      - pain    - heat",
            ["It hurts.", ["Causes include", ["age", "weight"]], ["Signs include", ["pain", "heat"]]],
        ),
        (
            "- It hurts.  - Causes include      - age    - weight    - See a doctor about it.",
            ["It hurts.", ["Causes include", ["age", "weight"]], "See a doctor about it."],
        ),
        (
            "- It hurts.  - Tests are      - x-rays, which show all.    - scans, which show more.",
            ["It hurts.", ["Tests are", ["x-rays, which show all.", "scans, which show more."]]],
        ),
    ],
)
def test_what_follows_an_item_in_a_close_list_tells_whether_it_is_nested(text: str, items: list[Any]):
    assert read(text) == [(None, 1, [items])]


def test_deeper_lines_nest_in_the_item_before_them():
    text = (
        "Take care:\n\n  - of pets\n\n    - dogs\n      - old ones\n        - and sick ones\n    - cats\n\n"
        "  - of plants\n   - of birds\n\nThat is all."
    )

    assert read(text) == [
        (
            None,
            1,
            [
                "Take care:",
                [["of pets", [["dogs", ["old ones", "and sick ones"]], "cats"]], "of plants", "of birds"],
                "That is all.",
            ],
        )
    ]


def test_the_first_line_of_a_text_may_have_lost_its_indent():
    assert read("- Wash your hands.\n    - Cook meat.\n      - Use a thermometer.\n    - Eat.") == [
        (None, 1, [["Wash your hands.", ["Cook meat.", ["Use a thermometer."]], "Eat."]])
    ]


def test_a_list_with_bullets_ends_with_the_first_line_that_has_none():
    lines = [
        "The signs include:",
        "- Fever\n- Chills",
        "Rare signs include",
        "- Pain",
        "Other causes",
        "Age is one. It is.",
    ]

    assert read("\n\n".join(lines)) == [
        (None, 1, ["The signs include:", ["Fever", "Chills"], "Rare signs include", ["Pain"]]),
        ("Other causes", 1, ["Age is one. It is."]),
    ]


def test_lines_that_say_the_items_of_a_line_again_head_nothing():
    text = "Ears:\n- Pain    - Hearing Loss\n\nPain\n\nHearing Loss\n\nIt ends by itself, as a rule."

    assert read(text) == [
        (None, 1, ["Ears:", ["Pain", "Hearing Loss"], "Pain", "Hearing Loss", "It ends by itself, as a rule."])
    ]


def test_items_that_are_said_again_tell_where_their_list_begins_and_ends():
    text = (
        "Gout hurts. Its signs include - pain  - red skin,   even a rash  -  heat. pain red skin, even a rash heat. "
        "It is treatable.  You may - rest more  - drink.  rest more drink."
    )

    assert read(text) == [
        (
            None,
            1,
            [
                "Gout hurts. Its signs include",
                ["pain", "red skin, even a rash", "heat."],
                "pain red skin, even a rash heat.",
                "It is treatable.",
                "You may",
                ["rest more", "drink."],
                "rest more drink.",
            ],
        )
    ]


def test_an_item_that_is_said_again_by_itself_is_a_list():
    text = "Ask for help. - Call a friend who has time.  Call a friend who has time. - Rest. It helps."

    assert read(text)[0][2][:3] == ["Ask for help.", ["Call a friend who has time."], "Call a friend who has time."]


def test_what_is_said_again_is_neither_heading_nor_question():
    text = "Ask - What is it? - Is it bad? What is it? Is it bad? Ask us. And - Old Age - Smoking Old Age Smoking Yes."

    assert read(text) == [
        (
            None,
            1,
            [
                "Ask",
                ["What is it?", "Is it bad?"],
                "What is it? Is it bad?",
                "Ask us. And",
                ["Old Age", "Smoking"],
                "Old Age Smoking",
                "Yes.",
            ],
        )
    ]


def test_short_words_that_are_said_twice_after_a_dash_are_no_list():
    assert read("A test - the blood test the blood test is called - finds it.") == [
        (None, 1, ["A test - the blood test the blood test is called - finds it."])
    ]


def test_a_dash_in_a_sentence_is_none():
    assert read("Two functions  - such as memory -- are impaired.") == [
        (None, 1, ["Two functions - such as memory -- are impaired."])
    ]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("Normal is 3.5  -  5.0 and 6  -  7 mmol/L.", ["Normal is 3.5 - 5.0 and 6 - 7 mmol/L."]),
        ("Normal:  3.5  -  5.0  mmol/L", ["Normal:", "3.5 - 5.0 mmol/L"]),
        ("Net result  -  12.5%   -  3.2%", ["Net result - 12.5% - 3.2%"]),
        ("below  - 5 C and above  - 2 C", ["below - 5 C and above - 2 C"]),
        ("You need:  - 2 eggs  - 1 cup of milk", ["You need:", ["2 eggs", "1 cup of milk"]]),
        ("It occurs in  - most men  - 22 of 60  - 3 of 9", ["It occurs in", ["most men", "22 of 60", "3 of 9"]]),
    ],
)
def test_a_sign_and_the_dash_of_a_range_are_no_bullets(text: str, blocks: list[Any]):
    assert read(text) == [(None, 1, blocks)]


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


@pytest.mark.parametrize("has_points", [True, False])
@pytest.mark.parametrize("bullet", ["- ", "  • ", "■ ", "\xa0- "])
def test_two_items_alone_are_a_list(bullet: str, has_points: bool):
    text = f"Two types exist:\n\n{bullet}type 1\n{bullet}type 2\n\nBoth are treatable."

    assert read(text, has_points=has_points) == [
        (None, 1, ["Two types exist:", ["type 1", "type 2"], "Both are treatable."])
    ]


def test_short_lines_after_an_announcement_are_an_item_each_and_long_ones_wrap():
    short = "Some effects are serious:\n\nshaking\nsweating\nfast heartbeat"
    long = "Some effects are serious:\n\nshaking that does not end for hours, whatever you do\nand sweating"

    assert read(short) == [(None, 1, ["Some effects are serious:", ["shaking", "sweating", "fast heartbeat"]])]
    assert read(long) == [
        (
            None,
            1,
            ["Some effects are serious:", ["shaking that does not end for hours, whatever you do and sweating"]],
        )
    ]


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


def test_short_lines_after_a_colon_are_a_list_until_a_title_or_a_sentence():
    lines = [
        "The signs include:",
        "Headaches, dizziness, and weakness",
        "Fever and chills",
        "Other Signs",
        "Pain is rare.",
    ]

    assert read("\n\n".join(lines)) == [
        (None, 1, ["The signs include:", ["Headaches, dizziness, and weakness", "Fever and chills"]]),
        ("Other Signs", 1, ["Pain is rare."]),
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


def test_bullets_without_text_stay_as_text():
    assert [read("-"), read("- -")] == [[(None, 1, ["-"])], [(None, 1, [["-"]])]]


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

"""What the layout of a text tells of its lists: where they begin and end, and what nests in what."""

from typing import Any

import pytest

from tests.importers.medquad.shapes import read


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


def test_a_bullet_on_a_line_of_its_own_is_that_of_the_line_below_it():
    assert read("Lice:\n\n  -  \nWash clothes.\n  -\nDry them,  at once.\n\n  -\n\nAsk.") == [
        (None, 1, ["Lice:", ["Wash clothes.", "Dry them, at once."], "-", "Ask."])
    ]


def test_bullets_without_text_stay_as_text():
    assert [read("-"), read("- -")] == [[(None, 1, ["-"])], [(None, 1, [["-"]])]]

"""Lists whose items are said again: what is said again tells where they are, and is nothing else than text."""

from tests.importers.medquad.shapes import read


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

import pytest

from server.content.vocabulary import QuestionAudience
from server.importers.outline import outline
from server.importers.page.questions import audience_of
from server.importers.page.reading import read_page

CARE_TEAM = [
    None,
    "Questions to Ask Your Care Team",
    "Questions you may want to ask",
    "Questions you can ask",
    "You may also ask your doctor",
]
READER = [
    "Related questions",
    "People also ask",
    "You may also ask",
    "Questions you might also want to explore",
    "Questions you may be wondering about",
    "Frequently asked questions",
]


@pytest.mark.parametrize("heading", CARE_TEAM)
def test_questions_are_for_the_care_team(heading):
    assert audience_of(heading) is QuestionAudience.CARE_TEAM


@pytest.mark.parametrize("heading", READER)
def test_questions_that_are_offered_are_for_the_reader(heading):
    assert audience_of(heading) is QuestionAudience.READER


def kind_of_list(heading, *items):
    lines = "\n".join([f"{number}. {item}" for number, item in enumerate(items, 1)])
    page = f"What is it?\n\nMay 1, 2026\n\nIt is so.\n\n{heading}\n\n{lines}"
    return outline(read_page(page.encode()))["sections"][1]["blocks"][0]["kind"]


@pytest.mark.parametrize(
    ("heading", "items", "kind"),
    [
        ("Discuss With Your Oncologist", ("Is it growing?", "Three months or six?", "What about tests"), "questions"),
        (
            "Questions to Ask",
            ("Is it growing", "Tell me more about pain control?", "How long will it take"),
            "questions",
        ),
        ("Call Your Doctor", ("Is it red?", "Canned soup", "Fever"), "list"),
        ("What to Watch For", ("Is getting worse", "Does not heal", "Fever"), "list"),
    ],
)
def test_a_list_of_questions_may_lack_some_of_their_marks(heading, items, kind):
    assert kind_of_list(heading, *items) == kind


def test_bare_questions_may_trail_off():
    page = (
        "What is it?\n\nMay 1, 2026\n\nIt is so.\n\nWhat to ask next time\n\nIs it bad?\n\nWill it last…\n\nCan I run?"
    )
    blocks = outline(read_page(page.encode()))["sections"][1]["blocks"]
    assert blocks == [{"kind": "questions", "questions": ["Is it bad?", "Will it last…", "Can I run?"]}]

import pytest

from server.importers.page.reading import read_page

TITLES = [
    ("How does CAR-T cell therapy work for leukemia", "How CAR-T Cell Therapy Works for Leukemia"),
    ("How is asthma diagnosed", "Asthma Diagnosis: What to Expect"),
    ("What triggers a migraine?", "Understanding Migraine Triggers"),
    ("Why am I so tired all the time?", "When Fatigue Will Not Lift"),
    ("Why does my baby have colic?", "Understanding Colic"),
    ("Should my son be treated for mild acne?", "Acne at a Glance"),
    ("What is lupus?", "WHAT IS LUPUS?"),
    ("¿Qué es la gripe?", "Qué es la gripe"),
]
HEADINGS = [
    "Overview",
    "Key Facts",
    "The Basic Concept",
    "Causes",
    "Important Clinical Context",
    "What are the risks?",
    "At a Glance",
    "Sources",
]


def title_of(question, *parts, topic=""):
    return read_page("\n\n".join([question, f"{topic}May 1, 2026", *parts]).encode()).title


@pytest.mark.parametrize(("question", "title"), TITLES)
def test_the_first_bare_line_over_an_introduction_is_the_title(question, title):
    assert title_of(question, title, "It is so. It really is.", "Causes", "Many.") == title


@pytest.mark.parametrize("heading", HEADINGS)
def test_what_could_head_any_section_is_no_title(heading):
    assert (
        title_of("How does CAR-T therapy work?", heading, "It is so.", "More", "And so.")
        == "How does CAR-T therapy work?"
    )


def test_a_page_that_begins_with_a_paragraph_has_its_question_for_a_title():
    assert title_of("What is lupus?", "It is a disease.", "Lupus and You", "Live well.") == "What is lupus?"


def test_a_title_may_stand_right_over_the_first_heading():
    assert title_of("What is lupus?", "Lupus in Brief", "Causes", "Many.") == "Lupus in Brief"


def test_a_list_of_questions_has_no_title_over_it():
    assert title_of("What is lupus?", "Questions to Ask", "1. Why me?\n2. What now?") == "What is lupus?"


@pytest.mark.parametrize(
    ("question", "topic", "line", "is_title"),
    [
        ("Why does my baby have colic?", "Infant Colic", "Understanding Colic", True),
        ("Why does my baby have colic?", "Infant Colic", "Causes of Colic", False),
        ("How does CAR-T cell therapy work for leukemia?", "Leukemia", "Understanding Leukemia", False),
    ],
)
def test_a_line_that_promises_the_whole_subject_is_a_title(question, topic, line, is_title):
    read = title_of(question, line, "It is so. It really is.", "Causes", "Many.", topic=topic)
    assert read == (line if is_title else question)

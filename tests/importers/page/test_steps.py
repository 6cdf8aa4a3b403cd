import pytest

from server.importers.outline import outline
from server.importers.page.reading import read_page

TITLES = [
    ("STEP 1: GENETIC MODIFICATION", "Genetic modification"),
    ("STEP 1: T-CELL COLLECTION", "T-cell collection"),
    ("STEP 1: MRI SCAN", "Mri scan"),
    ("STEP 1: “INFUSION”", "“Infusion”"),
    ("STEP 1: 1ST DOSE", "1st dose"),
    ("STEP 1: ÜBUNG", "Übung"),
    ("STEP 1: Prick your finger", "Prick your finger"),
    ("STEP 1: MRI scan", "MRI scan"),
    ("Step 1 - Name", "Name"),
    ("Step 1. Name", "Name"),
    ("STEP ONE: NAME", "Name"),
    ("PASO 1: RECOGIDA", "Recogida"),
    ("STEP 1", None),
    ("STEP 1.", None),
]


def blocks(*parts):
    page = "\n\n".join(["How is it done?", "May 1, 2026", "It is done so.", *parts])
    read = outline(read_page(page.encode()))
    return [block for section in read["sections"] for block in section["blocks"]][1:]


def texts(step):
    return [block.get("text") or [item["text"] for item in block["items"]] for block in step["blocks"]]


@pytest.mark.parametrize(("line", "title"), TITLES)
def test_a_step_has_the_title_that_the_page_has(line, title):
    (steps,) = blocks(line, "Do this.")
    assert [(step["title"], texts(step)) for step in steps["steps"]] == [(title, ["Do this."])]


@pytest.mark.parametrize(
    "line", ["Step 1 of the process is slow.", "Steps 1 and 2.", "Step down at once.", "Stepwise: go."]
)
def test_a_sentence_about_steps_is_no_step(line):
    assert blocks(line) == [{"kind": "paragraph", "text": line}]


def test_steps_hold_text_bullets_and_numbers_in_any_mixture():
    (steps,) = blocks("STEP 1: A", "One.", "• b\n• c", "Two.", "STEP 2: D", "1. e\n2. f", "STEP 3: G")
    assert [texts(step) for step in steps["steps"]] == [["One.", ["b", "c"], "Two."], [["e", "f"]], []]


def test_what_follows_the_bullets_of_the_last_step_belongs_to_the_section():
    steps, after = blocks("STEP 1: A", "• b", "STEP 2: C", "• d", "Most people do well.")
    assert (texts(steps["steps"][1]), after["text"]) == ([["d"]], "Most people do well.")


def test_what_every_step_has_the_last_one_has_too():
    (steps,) = blocks("STEP 1: A", "• b", "That was one.", "STEP 2: C", "• d", "That was two.")
    assert texts(steps["steps"][1]) == [["d"], "That was two."]


def test_a_passage_about_the_whole_belongs_to_the_section():
    steps, after = blocks("STEP 1: A", "One.", "Two.", "STEP 2: B", "Three.", "The whole process takes a day.")
    assert (texts(steps["steps"][1]), after["text"]) == (["Three."], "The whole process takes a day.")


def test_a_passage_that_is_not_set_in_belongs_to_the_section():
    steps, after = blocks("STEP 1: A", "  One.", "STEP 2: B", "  Two.", "  Three.", "Four.")
    assert (texts(steps["steps"][1]), after["text"]) == (["Two.", "Three."], "Four.")


def test_numbers_that_start_again_are_another_process():
    first, second = blocks("STEP 1: A", "STEP 2: B", "STEP 1: C", "STEP 2: D")
    titles = [[step["title"] for step in process["steps"]] for process in (first, second)]
    assert titles == [["A", "B"], ["C", "D"]]


def test_a_heading_of_questions_with_a_colon_ends_the_steps():
    steps, questions = blocks("STEP 1: A\nOne.\nSTEP 2: B\nTwo.", "What to ask your doctor:\n1. Is it safe?")
    assert ([texts(step) for step in steps["steps"]], questions["questions"]) == ([["One."], ["Two."]], ["Is it safe?"])


def test_a_line_with_a_colon_between_two_steps_is_part_of_the_first():
    (steps,) = blocks("STEP 1: A", "What You Need:", "• Soap", "STEP 2: B", "Two.")
    assert [texts(step) for step in steps["steps"]] == [["What You Need:", ["Soap"]], ["Two."]]

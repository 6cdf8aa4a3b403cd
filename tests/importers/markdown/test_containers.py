"""Containers: steps, questions, and tables with a caption."""

import pytest

from server.content.draft import (
    Block,
    Callout,
    Cell,
    Item,
    List,
    Paragraph,
    Question,
    Questions,
    Span,
    Step,
    Steps,
    Table,
)
from server.content.vocabulary import CalloutTone, QuestionAudience
from server.errors.content import UnreadableError
from server.importers.markdown.reading import read_markdown
from tests.importers.markdown.files import file


def paragraph(text: str) -> Paragraph:
    return Paragraph(content=(Span(text=text),))


def blocks(content: str) -> tuple[Block, ...]:
    return read_markdown(file(content)).sections[0].blocks


CELL = (Cell(content=(Span(text="a"),), is_header=True),)
TABLE = Table(caption="A: b", columns=CELL, rows=((Cell(content=(Span(text="b"),)),),))


def test_a_step_holds_any_blocks_after_its_title():
    table = "   ::: table A: b\n   | a |\n   | - |\n   | b |\n   :::\n"
    read = blocks(f":::steps\n1. **One**\n   Text\n   - a\n\n   > [!NOTE]\n   > b\n\n{table}:::")
    callout = Callout(tone=CalloutTone.NOTE, content=(Span(text="b"),))
    inner = (paragraph("Text"), List(items=(Item(content=(Span(text="a"),)),)), callout, TABLE)
    assert read == (Steps(steps=(Step(title="One", blocks=inner),)),)


def test_a_step_needs_no_title_and_no_text():
    bare, titled = Step(blocks=(paragraph("Text"),)), Step(title="Two")
    listed = Step(blocks=(List(ordered=True, items=(Item(content=(Span(text="a"),)),)),))
    assert blocks(":::steps\n- Text\n- **Two**\n-\n  1. a\n:::") == (Steps(steps=(bare, titled, listed)),)


def test_questions_are_for_the_care_team_unless_they_say_otherwise():
    questions = (
        Question(text="Why?"),
        Question(text="When?", answer="when-is-it"),
        Question(text="Who?", audience=QuestionAudience.READER),
        Question(text="How?", audience=QuestionAudience.READER, answer="how"),
    )
    text = ":::questions\n1. Why?\n2. [When?](answer:when-is-it)\n3. [Who?](reader:)\n4. [How?](reader:how)\n:::"
    assert blocks(text) == (Questions(questions=questions),)


def test_a_list_of_questions_may_be_for_the_reader():
    reader = Question(text="Why?", audience=QuestionAudience.READER)
    assert blocks(":::questions reader\n- Why?\n- [How?](care-team:)\n:::\n") == (
        Questions(questions=(reader, Question(text="How?"))),
    )


def test_what_stands_around_a_container_stays_around_it():
    assert blocks("x\n:::table A: b\n| a |\n| - |\n| b |\n:::\ny") == (paragraph("x"), TABLE, paragraph("y"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (":::stairs\n- a\n:::", "line 6: `:::stairs` is no container: there are `:::steps`, "),
        (":::steps\n- a", "line 6: `:::steps` is not closed: end it with a line `:::`."),
        ("a\n:::", "line 7: `:::` closes nothing: take it out."),
        (":::steps\n:::", "line 6: `:::steps` is empty: it holds one list."),
        (":::steps now\n- a\n:::", "line 6: `:::steps` takes nothing after it: take out `now`."),
        (":::steps\n- a\n\nb\n:::", "line 9: `:::steps` holds one list: end it before this."),
        (":::table A\nb\n:::", "line 7: `:::table` holds one table: end it before this."),
        (":::table *A*\n|b|\n|-|\n:::", "line 6: a caption is plain text"),
        (":::steps\n1. a\n\n   :::steps\n   1. b\n   :::\n:::", "line 7: steps stand in a step: make them a list."),
        (":::steps\n2. a\n:::", "line 7: a list from 2 on: start it at 1."),
        (":::steps\n1. **a *b***\n:::", "line 7: the title of a step is plain text"),
        ("- a\n  :::steps\n  :::", "line 7: a container stands here"),
        (":::questions all\n- a\n:::", "line 6: `:::questions all`: choose `care-team` or `reader`."),
        (":::questions\n- a\n- b\n\n  c\n:::", "line 10: a question is one line: end its item before this."),
        (":::questions\n-\n:::", "line 7: a question has text: write it, or take the item out."),
        (":::questions\n- *a*\n:::", "line 7: a question is plain text"),
        (":::questions\n- [a](https://e.org)\n:::", "line 7: a question links to its answer, `answer:SLUG`"),
    ],
)
def test_a_container_that_says_nothing_is_refused_with_its_line(content: str, reason: str):
    with pytest.raises(UnreadableError) as caught:
        read_markdown(file(content))
    assert caught.value.message.startswith(reason)

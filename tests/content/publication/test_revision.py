import json
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.content import draft as drafts
from server.content import published, vocabulary
from server.content.ids import NodeKind, decode_id
from server.content.publication.revision import build, draft_questions, question_keys, withheld
from server.importers.markdown.reading import read_markdown
from tests.content.strategies import KEYS, draft, whole

ANSWER = UUID(int=7)
FORMER = Path(__file__).parent / "former"
"""A file, and the row that was made of it when rows kept bodies in full."""
SOURCE_IDS = {key: UUID(int=number) for number, key in enumerate(KEYS, 1)}


def publish(content: drafts.Draft, answer_id: UUID = ANSWER) -> published.Published:
    keys = question_keys([question.text for question in draft_questions(content)], [])
    return build(content, answer_id=answer_id, source_ids=SOURCE_IDS, question_keys=keys)


def paragraph(text: str, **given: object) -> drafts.Paragraph:
    return drafts.Paragraph(content=(drafts.Span(text=text, **given),))


def cite(source: str, locator: str | None = None) -> drafts.Cite:
    return drafts.Cite(source=source, locator=locator)


def block_ids(answer: published.Published) -> list[str]:
    found = []
    for section in answer.sections:
        for block in section.blocks:
            steps = block.steps if isinstance(block, published.Steps) else ()
            found += [block.id, *[inner.id for step in steps for inner in step.blocks]]
    return found


def test_citations_are_numbered_by_their_place_in_reading_order():
    first = drafts.Section(blocks=(paragraph("As B says", citation=cite("two", "p. 3")),))
    second = drafts.Section(
        heading="More", blocks=(paragraph("A", citation=cite("one")), paragraph("B", citation=cite("two")))
    )
    answer = publish(draft(sections=(first, second)))
    numbered = [(found.number, found.source_id[-1], found.locator) for found in answer.citations]
    assert numbered == [(1, "2", "p. 3"), (2, "1", None), (3, "2", None)]
    assert answer.source_ids == (str(UUID(int=2)), str(UUID(int=1)))
    assert [len(section.citations) for section in answer.sections] == [1, 2]
    assert [found.section_id for found in answer.citations] == [answer.sections[place].id for place in (0, 1, 1)]


def test_neighbours_that_lean_on_one_place_are_one_citation():
    spans = (
        drafts.Span(text="Smith, ", citation=cite("one")),
        drafts.Span(text="NEJM", marks=(vocabulary.Mark.EMPHASIS,), citation=cite("one")),
        drafts.Span(text=" and "),
        drafts.Span(text="Smith", citation=cite("one")),
    )
    answer = publish(draft(sections=(drafts.Section(blocks=(drafts.Paragraph(content=spans),)),)))
    (block,) = answer.sections[0].blocks
    numbers = [span.citation and span.citation.number for span in block.content.spans]
    assert numbers == [1, 1, None, 2]
    assert len(answer.citations) == 2


def test_questions_in_the_content_come_first():
    asked = [drafts.Question(text=text) for text in ("In a step?", "In a section?", "Besides?")]
    steps = drafts.Steps(steps=(drafts.Step(blocks=(drafts.Questions(questions=(asked[0],)),)),))
    section = drafts.Section(blocks=(steps, drafts.Questions(questions=(asked[1],))))
    content = draft(sections=(section,), questions=(asked[2],))
    found = publish(content).follow_up_questions
    assert [(question.number, question.text) for question in found] == [
        (1, "In a step?"),
        (2, "In a section?"),
        (3, "Besides?"),
    ]
    assert draft_questions(content) == asked


def test_the_summary_is_the_first_paragraph_of_a_section():
    steps = drafts.Steps(steps=(drafts.Step(title="Go", blocks=(paragraph("Inside"),)),))
    sections = (
        drafts.Section(blocks=(steps,)),
        drafts.Section(heading="A", blocks=(paragraph("First"), paragraph("B"))),
    )
    assert publish(draft(sections=sections)).summary == published.RichText(spans=(published.Span(text="First"),))
    assert publish(draft(sections=sections[:1])).summary is None


def test_equal_paragraphs_have_ids_of_their_own():
    section = drafts.Section(heading="Same", blocks=(paragraph("Rest."), paragraph("Rest.")))
    ids = block_ids(publish(draft(sections=(section, section))))
    assert len(set(ids)) == 4


def test_a_section_keeps_its_id_and_a_body_changes_its_own_with_the_content():
    before, after = [publish(draft(sections=(drafts.Section(blocks=(paragraph(text),)),))) for text in ("One.", "Two.")]
    assert before.sections[0].id == after.sections[0].id
    assert before.sections[0].body.id != after.sections[0].body.id
    assert before.body.id != after.body.id
    assert block_ids(before) != block_ids(after)


def test_a_grounding_source_is_named_once_and_not_as_cited():
    provenance = drafts.Provenance(method=vocabulary.ProductionMethod.AI_GENERATED, grounded_in=("two", "two", "one"))
    answer = publish(draft(provenance=provenance))
    assert answer.provenance.grounded_in == (str(UUID(int=2)), str(UUID(int=1)))
    assert answer.source_ids == ()


@given(whole)
def test_ids_are_unique_and_name_the_answer(content):
    answer = publish(content)
    bodies = [answer.body.id, *[section.body.id for section in answer.sections]]
    ids = block_ids(answer)
    assert len({*ids, *bodies}) == len(ids) + len(bodies)
    nodes = [decode_id(node.id) for node in (*answer.sections, *answer.follow_up_questions)]
    assert {node.uuid for node in nodes} <= {ANSWER}
    assert [node.key for node in nodes[: len(answer.sections)]] == [section.anchor for section in answer.sections]


@given(whole)
def test_publication_is_pure_and_survives_its_row(content):
    answer = publish(content)
    assert publish(content) == answer
    assert published.decode(published.encode(answer)) == answer


def test_a_row_of_a_former_version_is_read_as_it_was_written():
    row = json.loads((FORMER / "tea.json").read_text(encoding="utf-8"))
    former = published.decode(json.dumps(row))
    for kept, part in [(row, former), *zip(row["sections"], former.sections, strict=True)]:
        body = part.body
        assert {"id": body.id, "html": body.html, "markdown": body.markdown, "text": body.text} == kept["body"]


def test_what_is_published_now_is_what_a_former_version_published():
    draft = read_markdown((FORMER / "tea.md").read_bytes())
    built = build(draft, answer_id=ANSWER, source_ids={"shop": UUID(int=1)}, question_keys=[])
    former = json.loads((FORMER / "tea.json").read_text(encoding="utf-8"))
    for part in (former, *former["sections"]):
        part["body"] = part["body"]["id"]

    assert json.loads(published.encode(built)) == former


A = (drafts.Span(text="A"),)
B = (drafts.Span(text="B"),)
TIP = drafts.Callout(tone=vocabulary.CalloutTone.TIP, content=A)
URGENT = drafts.Callout(tone=vocabulary.CalloutTone.URGENT, content=A)
UNLIKE = [
    (paragraph("A"), paragraph("A", marks=(vocabulary.Mark.STRONG,))),
    (paragraph("A", citation=cite("one")), paragraph("A", citation=cite("two"))),
    (paragraph("A", citation=cite("one")), paragraph("A", citation=cite("one", "p. 3"))),
    (drafts.List(items=(drafts.Item(content=A),)), drafts.List(ordered=True, items=(drafts.Item(content=A),))),
    (TIP, URGENT),
    (
        drafts.Table(columns=(drafts.Cell(content=A),), rows=((drafts.Cell(content=B),),)),
        drafts.Table(columns=(drafts.Cell(content=A, is_header=True),), rows=((drafts.Cell(content=B),),)),
    ),
    (
        drafts.Questions(questions=(drafts.Question(text="A?"),)),
        drafts.Questions(questions=(drafts.Question(text="A?", audience=vocabulary.QuestionAudience.READER),)),
    ),
    (
        drafts.Steps(steps=(drafts.Step(title="A", blocks=(TIP,)),)),
        drafts.Steps(steps=(drafts.Step(title="A", blocks=(URGENT,)),)),
    ),
]


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_a_block_changes_its_id_with_all_that_a_client_sees_of_it(one, other):
    first, second = [publish(draft(sections=(drafts.Section(blocks=(block,)),))) for block in (one, other)]
    assert block_ids(first)[0] != block_ids(second)[0]
    assert first.sections[0].body.id != second.sections[0].body.id
    assert first.body.id != second.body.id


@given(whole)
def test_another_answer_shares_no_id(content):
    one, other = publish(content), publish(content, UUID(int=8))
    assert {one.body.id, *block_ids(one)}.isdisjoint({other.body.id, *block_ids(other)})


@given(whole)
def test_a_withheld_answer_holds_no_content(content):
    answer = publish(content)
    empty = withheld(answer, "What is a cold?")
    assert empty == published.Published(
        title="What is a cold?",
        author=answer.author,
        published_on=answer.published_on,
        provenance=msgspec.structs.replace(answer.provenance, grounded_in=()),
        named=empty.body.id,
        readability=published.Readability(word_count=0, minutes=0),
    )
    assert empty.body.id != answer.body.id


texts = st.lists(st.sampled_from(["A?", "B?", "C?", "D?"]), max_size=6)


def test_a_question_keeps_its_key_wherever_it_goes():
    assert question_keys(["New?", "B?", "A?"], [("A?", "a"), ("B?", "b")])[1:] == ["b", "a"]


def test_a_reworded_question_keeps_the_key_of_its_place():
    assert question_keys(["A?", "B, then?"], [("A?", "a"), ("B?", "b")]) == ["a", "b"]


def test_equal_questions_get_keys_of_their_own():
    assert question_keys(["A?", "A?"], []) == ["2d003dcd002f", "2d003dcd002f-2"]


@given(texts, texts, texts)
def test_keys_are_unique_and_settled(first, second, third):
    previous: list[tuple[str, str]] = []
    for asked in (first, second, third):
        keys = question_keys(asked, previous)
        assert len(set(keys)) == len(keys) == len(asked)
        former = [text for text, _ in previous]
        for text in {text for text in asked if asked.count(text) == former.count(text)}:
            kept = [key for known, key in previous if known == text]
            assert [key for known, key in zip(asked, keys, strict=True) if known == text] == kept
        previous = list(zip(asked, keys, strict=True))
        assert question_keys(asked, previous) == keys


def test_a_question_id_stays_when_it_is_reworded():
    one, other = draft(questions=(drafts.Question(text="A?"),)), draft(questions=(drafts.Question(text="B?"),))
    answer = publish(one)
    (question,) = answer.follow_up_questions
    node = decode_id(question.id)
    keys = question_keys(["B?"], [("A?", node.key)])
    later = build(other, answer_id=ANSWER, source_ids=SOURCE_IDS, question_keys=keys)
    assert (node.kind, later.follow_up_questions[0].id) == (NodeKind.QUESTION, question.id)

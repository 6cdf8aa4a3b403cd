"""The file that a draft becomes."""

import datetime

from server.content import draft as drafts
from server.content import vocabulary
from server.content.draft import Span, Spans
from server.content.vocabulary import Mark
from server.importers.markdown.reading import read_markdown
from server.importers.markdown.writing import write_markdown
from tests.content.strategies import draft


def words(text: str, *marks: Mark) -> Spans:
    return (Span(text=text, marks=marks),)


def body(*blocks: drafts.Block, **section: object) -> str:
    written = write_markdown(draft(sections=(drafts.Section(blocks=blocks, **section),)))
    return written.partition("\n---\n\n")[2]


def test_front_matter_holds_what_is_not_as_it_would_be_anyway():
    found = draft(
        title="What is a cold?",
        sources=(drafts.Source(key="k", title="A: b", published_on=datetime.date(2026, 5, 15)),),
        topics=(drafts.Topic(name="yes"), drafts.Topic(name="Colds", slug="colds", synonyms=("Flu 2.0", "12"))),
        notices=(
            drafts.Notice(
                kind=vocabulary.DisclaimerKind.EDUCATIONAL,
                placement=vocabulary.DisclaimerPlacement.AFTER_CONTENT,
                text="One.\n\nTwo.",
            ),
        ),
    )
    assert write_markdown(found) == (
        "---\n"
        "question: What is a cold?\n"
        "slug: what-is-a-cold\n"
        "topics:\n"
        "  - 'yes'\n"
        "  - name: Colds\n"
        "    slug: colds\n"
        "    synonyms:\n"
        "      - Flu 2.0\n"
        "      - '12'\n"
        "author:\n"
        "  name: An Institute\n"
        "  kind: ORGANIZATION\n"
        "publishedOn: 2026-05-15\n"
        "provenance: HUMAN_WRITTEN\n"
        "notices:\n"
        "  - kind: EDUCATIONAL\n"
        "    placement: AFTER_CONTENT\n"
        "    text: |-\n"
        "      One.\n"
        "\n"
        "      Two.\n"
        "sources:\n"
        "  - key: k\n"
        "    title: 'A: b'\n"
        "    publishedOn: 2026-05-15\n"
        "---\n"
    )


def test_a_long_line_stays_one_line():
    title = "word " * 60 + "end"
    assert f"\ntitle: {title}\n" in write_markdown(draft(title=title))


def test_spans_that_say_one_thing_are_written_as_one():
    split = (*words("a", Mark.EMPHASIS, Mark.STRONG), *words(""), *words("b", Mark.STRONG, Mark.EMPHASIS))
    assert body(drafts.Paragraph(content=split)) == "**_ab_**\n"


def test_sections_stand_under_their_headings():
    assert body(drafts.Paragraph(content=words("1. a")), heading="1. A #", level=3) == "#### 1. A \\#\n\n1\\. a\n"


def test_an_item_that_only_looks_led_keeps_its_strong_start():
    items = (
        drafts.Item(lead=words("a"), content=words("b")),
        drafts.Item(lead=words("a:"), content=()),
        drafts.Item(content=(*words("a:", Mark.STRONG), *words(" b"))),
        drafts.Item(content=(*words("a", Mark.STRONG), *words(" b"))),
    )
    assert body(drafts.List(items=items)) == "- **a:** b\n- **a::**\n- <strong>a:</strong> b\n- **a** b\n"


def test_lists_in_succession_stay_apart():
    bullets = drafts.List(items=(drafts.Item(content=words("a"), items=(drafts.Item(content=words("b")),)),))
    numbers = drafts.List(ordered=True, items=(drafts.Item(content=words("c")),) * 2)
    written = body(bullets, bullets, bullets, numbers, numbers)
    assert written == "- a\n  - b\n\n* a\n  - b\n\n- a\n  - b\n\n1. c\n2. c\n\n1) c\n2) c\n"


def test_steps_are_written_with_their_blocks():
    table = drafts.Table(
        caption="T",
        columns=(drafts.Cell(content=words("a"), is_header=True), drafts.Cell(content=())),
        rows=((drafts.Cell(content=words("|"), is_header=True), drafts.Cell(content=words("b"))),),
    )
    steps = (
        drafts.Step(title="One", blocks=(drafts.Paragraph(content=words("Text")), table)),
        drafts.Step(blocks=(drafts.Paragraph(content=words("Two", Mark.STRONG)),)),
        drafts.Step(blocks=(drafts.List(items=(drafts.Item(content=words("c")),)),)),
    )
    assert body(drafts.Steps(steps=steps)) == (
        ":::steps\n"
        "1. **One**\n\n   Text\n\n   :::table T\n   | a | ~ |\n   | --- | --- |\n   | # \\| | b |\n   :::\n\n"
        "2. <strong>Two</strong>\n\n"
        "3.\n   - c\n"
        ":::\n"
    )


def test_callouts_and_questions_say_whom_and_how():
    callout = drafts.Callout(tone=vocabulary.CalloutTone.URGENT, title="A*", content=words("- b"))
    reader = drafts.Question(text="C?", audience=vocabulary.QuestionAudience.READER)
    questions = drafts.Questions(questions=(reader, drafts.Question(text="D?", answer="d"), drafts.Question(text="E?")))
    assert body(callout, questions) == (
        "> [!URGENT] A\\*\n> \\- b\n\n:::questions reader\n1. C?\n2. [D?](care-team:d)\n3. [E?](care-team:)\n:::\n"
    )


def test_a_draft_without_content_ends_with_its_front_matter():
    empty = draft(sections=())
    assert write_markdown(empty).endswith("\n---\n")
    assert read_markdown(write_markdown(empty).encode()) == empty

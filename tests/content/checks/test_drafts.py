import datetime

import pytest
from hypothesis import given
from msgspec.structs import replace

from server.content import draft as drafts
from server.content import vocabulary
from server.content.checks.drafts import LARGEST, check, is_locale
from server.content.checks.lines import is_slug
from server.errors.content import RefusedError
from tests.content.strategies import SOURCES, draft, whole

TEXT = (drafts.Span(text="Rest."),)
ITEM = drafts.Item(content=TEXT)
PERSON = drafts.Contributor(name="Dr. A", kind=vocabulary.ContributorKind.PERSON)


def spans(text: str = "Rest.", **given: object) -> drafts.Spans:
    return (drafts.Span(text=text, **given),)


def nested(depth: int) -> drafts.Item:
    return ITEM if depth == 1 else replace(ITEM, items=(nested(depth - 1),))


def refusal(content: drafts.Draft) -> str:
    with pytest.raises(RefusedError) as caught:
        check(content)
    return caught.value.message


@given(whole)
def test_what_an_author_can_write_is_let_through(content):
    check(content)


def test_a_whole_draft_is_let_through():
    check(
        draft(
            locale="es-MX",
            slug="qué-es-un-resfriado-2",
            external_id="medquad:1_CancerGov_QA/0000001_1#2",
            translation_of="what-is-a-cold",
            topics=(
                drafts.Topic(
                    name="Cold",
                    slug="cold",
                    parent="lungs",
                    synonyms=("Coryza",),
                    codes=(drafts.Code(system=vocabulary.CodeSystem.UMLS, code="C0009443"),),
                ),
            ),
            review=drafts.Review(
                reviewed_on=datetime.date(2026, 1, 1), reviewer=PERSON, next_review_on=datetime.date(2026, 1, 1)
            ),
            notices=(
                drafts.Notice(
                    kind=vocabulary.DisclaimerKind.EDUCATIONAL,
                    placement=vocabulary.DisclaimerPlacement.AFTER_CONTENT,
                    text="Ask.\nAlways.",
                ),
            ),
            questions=(drafts.Question(text="And then?", answer="flu"),),
            calls_to_action=(drafts.CallToAction(text="Call.", url="https://example.org/"),),
            retraction=drafts.Retraction(reason="Wrong.", replacement="flu"),
        )
    )


BLOCKS = [
    (drafts.Paragraph(content=()), "there is no text: write it or leave the block out."),
    (drafts.Paragraph(content=spans(" \xa0")), "there is no text: write it or leave the block out."),
    (drafts.Paragraph(content=(*TEXT, drafts.Span(text=""))), "there is an empty stretch of text: leave it out."),
    (drafts.Paragraph(content=spans("A\nB")), "the text has a line break in it: take it out."),
    (drafts.Paragraph(content=spans("A\x85B")), "the text has a line break in it: take it out."),
    (drafts.Paragraph(content=spans("A\0B")), "the text has the character U+0000 in it: take it out."),
    (drafts.Paragraph(content=spans("A\ud800B")), "the text has the character U+D800 in it: take it out."),
    (drafts.Paragraph(content=spans("A\x1bB")), "the text has the character U+001B in it: take it out."),
    (
        drafts.Paragraph(content=spans(url="example.org")),
        "`example.org` is no web address: write it in full, `https://` included, in ASCII up to its path.",
    ),
    (
        drafts.Paragraph(content=spans(citation=drafts.Cite(source="four"))),
        "the source `four` is cited but not there: add it to the sources.",
    ),
    (drafts.List(items=()), "there is no item: write one or leave the block out."),
    (drafts.List(items=(nested(4),)), "a list nests more than 3 deep: make it flatter."),
    (drafts.Steps(steps=()), "there is no step: write one or leave the block out."),
    (drafts.Callout(tone=vocabulary.CalloutTone.TIP, content=()), "there is no text: write it or leave the block out."),
    (drafts.Questions(questions=()), "there is no question: write one or leave the block out."),
    (drafts.Table(columns=(), rows=()), "there is no column: write one or leave the block out."),
    (drafts.Table(columns=(drafts.Cell(content=TEXT),), rows=()), "there is no row: write one or leave the block out."),
    (
        drafts.Table(columns=(drafts.Cell(content=TEXT),), rows=((drafts.Cell(content=TEXT),), ())),
        "row 2 has 0 cells for 1 columns: give every row a cell for each column.",
    ),
]


@pytest.mark.parametrize(("block", "message"), BLOCKS)
def test_a_block_is_refused_with_its_place_and_what_to_do(block, message):
    first = drafts.Paragraph(content=TEXT)
    section = drafts.Section(heading="How it works", blocks=(first, block))
    assert refusal(draft(sections=(section,))) == f"section `How it works`, block 2: {message}"


PARTS = [
    (drafts.List(items=(drafts.Item(content=()),)), ", an item: there is no text"),
    (drafts.List(items=(drafts.Item(lead=(), content=TEXT),)), ", the lead of an item: there is no text"),
    (drafts.Steps(steps=(drafts.Step(),)), ", step 1: it has neither title nor text"),
    (drafts.Steps(steps=(drafts.Step(title=" "),)), ", step 1: there is no text"),
    (drafts.Steps(steps=(drafts.Step(blocks=(drafts.Steps(steps=()),)),)), ", step 1, block 1: steps stand in a step"),
    (drafts.Callout(tone=vocabulary.CalloutTone.TIP, title="", content=TEXT), ": there is no text"),
    (drafts.Questions(questions=(drafts.Question(text=""),)), ", question 1: there is no text"),
    (drafts.Questions(questions=(drafts.Question(text="A?", answer="A"),)), ", question 1, its answer: `A` is no slug"),
    (drafts.Paragraph(content=spans(citation=drafts.Cite(source="one", locator=""))), ", a citation: there is no text"),
]


@pytest.mark.parametrize(("block", "message"), PARTS)
def test_a_part_of_a_block_is_refused_with_its_place(block, message):
    assert refusal(draft(sections=(drafts.Section(blocks=(block,)),))).startswith(f"section 1, block 1{message}: ")


SECTIONS = [
    (
        (drafts.Section(),),
        "section 1: there is no heading: write one; only the opening part does without, and it holds text.",
    ),
    (
        (drafts.Section(heading="A"), drafts.Section(blocks=(drafts.Paragraph(content=TEXT),))),
        "section 2: there is no heading: write one; only the opening part does without, and it holds text.",
    ),
    ((drafts.Section(heading="A", level=0),), "section `A`: its level is 0: make it 1 to 5."),
    ((drafts.Section(heading="A", level=6),), "section `A`: its level is 6: make it 1 to 5."),
    ((drafts.Section(heading=" "),), "section ` `: there is no text: write it or leave it out."),
]


@pytest.mark.parametrize(("sections", "message"), SECTIONS)
def test_a_section_is_refused_by_its_heading(sections, message):
    assert refusal(draft(sections=sections)) == message


HEADS = [
    (
        {"locale": "en_US"},
        "the locale: it is no BCP 47 tag in canonical form: write it as in `en`, `es-MX` or `zh-Hant`.",
    ),
    (
        {"slug": "What-is"},
        "the slug: `What-is` is no slug: write lower-case letters and digits joined by single hyphens, at most 200.",
    ),
    ({"question": " "}, "the question: there is no text: write it or leave it out."),
    ({"title": "A\r\nB"}, "the title: the text has a line break in it: take it out."),
    ({"author": replace(PERSON, name="")}, "the author: there is no text: write it or leave it out."),
    (
        {"author": replace(PERSON, url="mailto:a@b.c")},
        "the author: `mailto:a@b.c` is no web address: write it in full, `https://` included, in ASCII up to its path.",
    ),
    ({"external_id": "x" * 301}, "the external id: it has 301 characters: keep it to 300."),
    (
        {"published_on": datetime.date(202, 5, 15)},
        "the date of publication: the year is 202: correct it; it lies in 1500 to 2499.",
    ),
    ({"sources": (*SOURCES, SOURCES[1])}, "source 4: its key `two` is that of another source: give it one of its own."),
    (
        {"sources": (drafts.Source(key="a", title=""),)},
        "source `a`, its title: there is no text: write it or leave it out.",
    ),
    (
        {"provenance": drafts.Provenance(method=vocabulary.ProductionMethod.AI_GENERATED, grounded_in=("four",))},
        "the provenance: the source `four` is named but not there: add it to the sources.",
    ),
    (
        {
            "review": drafts.Review(
                reviewed_on=datetime.date(2026, 5, 2), reviewer=PERSON, next_review_on=datetime.date(2026, 5, 1)
            )
        },
        "the review: the next one comes before it: correct one of the dates.",
    ),
    (
        {
            "notices": (
                drafts.Notice(
                    kind=vocabulary.DisclaimerKind.RETRACTION,
                    placement=vocabulary.DisclaimerPlacement.BEFORE_CONTENT,
                    text="A",
                ),
            )
        },
        "notice 1: a page bears no RETRACTION: make it one of AI_GENERATED, EDUCATIONAL, INFORMATIONAL.",
    ),
    (
        {"topics": (drafts.Topic(name="A", codes=(drafts.Code(system=vocabulary.CodeSystem.UMLS, code="C 1"),)),)},
        "topic 1: a code of UMLS has a form that no code has: write letters, digits, dots, hyphens.",
    ),
    ({"questions": (drafts.Question(text=""),)}, "follow-up question 1: there is no text: write it or leave it out."),
    (
        {"calls_to_action": (drafts.CallToAction(text="A\0"),)},
        "call to action 1: the text has the character U+0000 in it: take it out.",
    ),
    (
        {"retraction": drafts.Retraction(reason="")},
        "the reason of the retraction: there is no text: write it or leave it out.",
    ),
]


@pytest.mark.parametrize(("given", "message"), HEADS)
def test_a_head_is_refused_with_what_to_do(given, message):
    assert refusal(draft(**given)) == message


def test_an_answer_of_more_than_two_million_bytes_is_refused():
    section = drafts.Section(blocks=(drafts.Paragraph(content=spans("a" * LARGEST)),))
    assert refusal(draft(sections=(section,))).startswith("the answer: it has 2,001,179 bytes")


@pytest.mark.parametrize("tag", ["en", "es", "es-MX", "es-419", "zh-Hant", "sr-Latn-RS"])
def test_a_canonical_tag_is_a_locale(tag):
    assert is_locale(tag)


@pytest.mark.parametrize("tag", ["", "EN", "es-mx", "en_US", "xx", "english", "en\n", "é", "zh-hant"])
def test_any_other_text_is_no_locale(tag):
    assert not is_locale(tag)


@pytest.mark.parametrize("slug", ["a", "a-1", "what-is-a-cold", "qué-es", "हिन्दी", "a" * 200])
def test_a_slug_names_an_answer(slug):
    assert is_slug(slug)


@pytest.mark.parametrize("slug", ["", "-", "a-", "-a", "a--b", "A", "a b", "a_b", "a/b", "a.b", "a\n", "a" * 201])
def test_any_other_text_is_no_slug(slug):
    assert not is_slug(slug)

import datetime

import msgspec
import pytest
from hypothesis import assume, given
from msgspec.structs import replace

from server.content import draft as drafts
from server.content import vocabulary
from server.content.publication.canonical import digest, normalise
from server.content.walk import change_texts, inline_texts
from tests.content.strategies import SOURCES, draft, written

AI_NOTICE = vocabulary.DisclaimerKind.AI_GENERATED
BEFORE = vocabulary.DisclaimerPlacement.BEFORE_CONTENT
STRONG, EMPHASIS = vocabulary.Mark.STRONG, vocabulary.Mark.EMPHASIS


@given(content=written)
def test_equal_drafts_have_one_digest_however_they_came_about(content: drafts.Draft) -> None:
    stored = msgspec.json.decode(msgspec.json.encode(content), type=drafts.Draft)

    assert stored == content
    assert digest(stored) == digest(content)


def test_a_default_that_was_given_counts_as_the_default() -> None:
    given_again = "".join(["e", "n"])

    assert digest(draft(locale=given_again)) == digest(draft())


def with_paragraph(*spans: drafts.Span, **given: object) -> drafts.Draft:
    return draft(sections=(drafts.Section(blocks=(drafts.Paragraph(content=spans),)),), **given)


def spans_of(content: drafts.Draft) -> drafts.Spans:
    return inline_texts(content)[0]


def cut(spans: drafts.Spans) -> drafts.Spans:
    """The same text in spans of one character, with marks in another order, and empty ones between."""
    return tuple(
        part
        for span in spans
        for character in span.text
        for part in (replace(span, text=character, marks=span.marks[::-1]), replace(span, text=""))
    )


def rekeyed(content: drafts.Draft) -> drafts.Draft:
    """The same content with other keys for its sources, in another order, and one source more."""

    def rename(spans: drafts.Spans) -> drafts.Spans:
        return tuple(
            span
            if span.citation is None
            else replace(span, citation=replace(span.citation, source=f"{span.citation.source}'"))
            for span in spans
        )

    sources = [replace(source, key=f"{source.key}'") for source in reversed(content.sources)]
    more = drafts.Source(key="more", title="Never cited")
    return replace(change_texts(content, rename), sources=(more, *sources))


def test_the_digest_is_sha_256_in_hex_and_stays():
    assert digest(draft()) == "8b05ca9322ff3467be4f9cd33c7fc4753ec8642f2aee85608731e5dd7ca40dcd"


def test_neighbours_of_one_formatting_are_merged():
    content = with_paragraph(
        drafts.Span(text="A", marks=(EMPHASIS, STRONG)),
        drafts.Span(text=""),
        drafts.Span(text="B", marks=(STRONG, EMPHASIS, STRONG)),
        drafts.Span(text="C"),
    )
    assert spans_of(normalise(content)) == (drafts.Span(text="AB", marks=(STRONG, EMPHASIS)), drafts.Span(text="C"))


def test_links_and_citations_of_their_own_are_not_merged():
    spans = (
        drafts.Span(text="A", url="https://a.example/"),
        drafts.Span(text="B", url="https://b.example/"),
        drafts.Span(text="C", citation=drafts.Cite(source="one")),
        drafts.Span(text="D", citation=drafts.Cite(source="one", locator="p. 3")),
    )
    assert spans_of(normalise(with_paragraph(*spans))) == spans


@given(written)
def test_normalising_keeps_the_text_and_settles(content):
    normal = normalise(content)
    before, after = [
        ["".join(span.text for span in spans) for spans in inline_texts(each)] for each in (content, normal)
    ]
    assert before == after
    assert normalise(normal) is normal


@given(written)
def test_two_ways_of_cutting_the_text_have_one_digest(content):
    assert digest(change_texts(content, cut)) == digest(content)


@given(written)
def test_keys_order_and_number_of_sources_do_not_count(content):
    assert digest(rekeyed(content)) == digest(content)


def test_equal_sources_count_as_one():
    twin = replace(SOURCES[0], key="twin")
    one, other = [
        with_paragraph(
            drafts.Span(text="A", citation=drafts.Cite(source="one")),
            drafts.Span(text=" "),
            drafts.Span(text="B", citation=drafts.Cite(source=key)),
            sources=(*SOURCES, twin),
        )
        for key in ("one", "twin")
    ]
    assert digest(one) == digest(other)


def test_caveats_and_pointers_do_not_count():
    reviewer = drafts.Contributor(name="Dr. A", kind=vocabulary.ContributorKind.PERSON)
    content = draft(
        topics=(drafts.Topic(name="Colds"),),
        review=drafts.Review(reviewed_on=datetime.date(2026, 5, 16), reviewer=reviewer),
        retraction=drafts.Retraction(reason="Wrong."),
        translation_of="que-es",
        notices=(drafts.Notice(kind=AI_NOTICE, placement=BEFORE, text="AI wrote this."),),
    )
    assert digest(content) == digest(draft())


def test_what_became_of_a_source_does_not_count():
    one, two, *rest = SOURCES
    said = (replace(one, superseded_by="two"), replace(two, is_withdrawn=True), *rest)
    grounded = drafts.Provenance(method=vocabulary.ProductionMethod.HUMAN_WRITTEN, grounded_in=("one",))
    assert digest(draft(provenance=grounded, sources=said)) == digest(draft(provenance=grounded, sources=SOURCES))


@pytest.mark.parametrize(
    "changed",
    [
        {"slug": "another"},
        {"locale": "es"},
        {"external_id": "x:1"},
        {"question": "What is a cold ?"},
        {"title": "About cold"},
        {"author": drafts.Contributor(name="An Institute", kind=vocabulary.ContributorKind.AI)},
        {"published_on": datetime.date(2026, 5, 16)},
        {"provenance": drafts.Provenance(method=vocabulary.ProductionMethod.AI_ASSISTED)},
        {"provenance": drafts.Provenance(method=vocabulary.ProductionMethod.HUMAN_WRITTEN, grounded_in=("one",))},
        {"questions": (drafts.Question(text="And then?"),)},
        {"calls_to_action": (drafts.CallToAction(text="Call."),)},
        {"sections": (drafts.Section(heading="Rest"),)},
    ],
)
def test_all_that_a_revision_publishes_counts(changed):
    assert digest(draft(**changed)) != digest(draft())


def test_text_is_not_normalised_as_unicode():
    composed, other = with_paragraph(drafts.Span(text="é")), with_paragraph(drafts.Span(text="e\u0301"))
    assert digest(composed) != digest(other)


def test_the_own_data_of_a_cited_source_counts():
    cited = drafts.Span(text="A", citation=drafts.Cite(source="one"))
    newer = (replace(SOURCES[0], edition="2"), *SOURCES[1:])
    assert digest(with_paragraph(cited)) != digest(with_paragraph(cited, sources=newer))


@given(written, written)
def test_drafts_that_say_something_else_have_other_digests(one, other):
    assume([*inline_texts(normalise(one))] != [*inline_texts(normalise(other))])
    assert digest(one) != digest(other)

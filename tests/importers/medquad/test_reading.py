import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.content.checks.drafts import check
from server.content.draft import (
    Cite,
    Code,
    Contributor,
    Draft,
    Paragraph,
    Provenance,
    Question,
    Section,
    Source,
    Span,
    Topic,
)
from server.content.publication.canonical import digest
from server.content.vocabulary import CodeSystem, ContributorKind, ProductionMethod, QuestionAudience, SourceKind
from server.importers.medquad.institutes import ATTRIBUTION
from server.importers.medquad.reading import Reading, read_medquad
from tests.importers.medquad.xml import document, pair

DAY = datetime.date(2019, 10, 22)
INSTITUTE = "National Institute of Diabetes and Digestive and Kidney Diseases"


def read(data: bytes, identity: str = "5_NIDDK_QA/0000001", **slugs: str) -> Reading:
    known = {f"medquad:{identity}#{pid.removeprefix('_')}": slug for pid, slug in slugs.items()}
    return read_medquad(data, identity=identity, published_on=DAY, slugs=known)


def test_a_pair_with_text_is_an_answer():
    (draft,) = read(document(pair(2, "What is\n Gout ?", "It hurts."), synonyms=["Podagra"], cuis=["C0018099"])).drafts

    assert draft == Draft(
        slug="what-is-gout-9d28f92c",
        external_id="medquad:5_NIDDK_QA/0000001#2",
        question="What is Gout ?",
        title="What is Gout ?",
        topics=(Topic(name="Gout", synonyms=("Podagra",), codes=(Code(system=CodeSystem.UMLS, code="C0018099"),)),),
        author=Contributor(name=INSTITUTE, kind=ContributorKind.ORGANIZATION),
        published_on=DAY,
        provenance=Provenance(method=ProductionMethod.HUMAN_WRITTEN),
        sections=(Section(blocks=(Paragraph(content=(Span(text="It hurts.", citation=Cite(source="page")),)),)),),
        sources=(
            Source(
                key="page",
                kind=SourceKind.WEBSITE,
                title="Gout",
                publisher=INSTITUTE,
                url="https://www.niddk.nih.gov/gout",
                attribution=ATTRIBUTION,
                license="CC-BY-4.0",
            ),
        ),
    )


def test_pairs_without_text_are_counted_and_asked_next():
    reading = read(document(pair(1, "What is it?", "Gout."), pair(2, "Who has it?", " \n "), pair(3, "Why?", "Acid.")))

    first, third = reading.drafts
    assert reading.without_text == 1
    assert first.questions == (
        Question(text="Who has it?", audience=QuestionAudience.READER),
        Question(text="Why?", audience=QuestionAudience.READER, answer=third.slug),
    )
    assert [question.answer for question in third.questions] == [first.slug, None]


def test_the_same_question_has_a_slug_of_its_own_wherever_it_stands():
    data = document(pair(1, "What is it?", "Gout."), pair(2, "What is it?", "Acid."))

    places = ["5_NIDDK_QA/0000001", "5_NIDDK_QA/0000002", "6_NINDS_QA/0000001"]
    drafts = [draft for identity in places for draft in read(data, identity).drafts]
    assert len({draft.slug for draft in drafts}) == 6
    assert {draft.slug[:-8] for draft in drafts} == {"what-is-it-"}


def test_a_pid_that_stands_twice_names_two_answers():
    drafts = read(document(pair(1, "What is it?", "Gout."), pair(1, "Why?", "Acid."))).drafts

    assert [draft.external_id for draft in drafts] == [
        "medquad:5_NIDDK_QA/0000001#1",
        "medquad:5_NIDDK_QA/0000001#1.2",
    ]


def test_a_slug_that_an_answer_bears_already_is_kept_and_linked_to():
    pairs = [pair(1, "What is gout?", "It hurts."), pair(2, "Why?", "Acid."), pair(3, "Who has it?")]

    first, second = read(document(*pairs), _1="what-is-goot-00000000", _3="who-has-it-00000000").drafts

    assert (first.slug, first.question) == ("what-is-goot-00000000", "What is gout?")
    assert second.slug.startswith("why-")
    assert [question.answer for question in second.questions] == [first.slug, None]


def test_the_same_file_gives_the_same_digests():
    data = document(pair(1, "What is it?", "Gout.    - One    - Two"), pair(2, "Why?", "Acid."))

    assert [digest(draft) for draft in read(data).drafts] == [digest(draft) for draft in read(data).drafts]


@pytest.mark.parametrize(
    ("source", "url", "author"),
    [
        ("MPlusHealthTopics", "https://medlineplus.gov/gout.html", "MedlinePlus"),
        ("Clinic", "https://clinic.example.org/gout", "Clinic"),
        ("", "https://clinic.example.org/gout", "clinic.example.org"),
        ("", "", "MedQuAD"),
        ("", "http://[", "MedQuAD"),
    ],
)
def test_an_author_is_named_by_all_that_is_known(source: str, url: str, author: str):
    (draft,) = read(document(pair(1, "What?", "It."), source=source, url=url)).drafts

    assert draft.author.name == author


def test_a_page_without_focus_and_address_is_a_source_all_the_same():
    (draft,) = read(document(pair(1, "What?", "It."), focus="", url="not an address")).drafts

    assert (draft.topics, draft.sources[0].title, draft.sources[0].url) == ((), INSTITUTE, None)


def test_a_pair_that_can_not_be_kept_is_left_out_with_its_line_and_the_others_are_called_what_they_were():
    whole = [pair(1, "What?", "It."), pair(1, "Why?", "Acid."), pair(2, "Who?"), pair(3, "How?", "So.")]
    odd = [pair(1, " ", "It."), *whole[1:3], pair(" ", "How?", "So.")]

    before, reading = read(document(*whole)), read(document(*odd, cuis=["C*1"]))

    (why,) = reading.drafts
    assert (why.slug, why.external_id) == (before.drafts[1].slug, "medquad:5_NIDDK_QA/0000001#1.2")
    assert why.questions == (Question(text="Who?", audience=QuestionAudience.READER),)
    assert (before.without_text, reading.without_text, before.faults) == (1, 1, ())
    assert reading.faults == (
        "line 7: `C*1` has a form that no code has: write letters, digits, dots, hyphens.",
        "line 14: the pair has an answer and no question: write it.",
        "line 26: the pair has no `pid`: number it.",
    )


def test_a_pid_that_is_too_long_to_be_kept_leaves_its_pair_out():
    reading = read(document(pair("9" * 300, "What?", "It."), pair(1, "Why?", "Acid."), pair("9" * 300, "Who?")))

    assert [draft.question for draft in reading.drafts] == ["Why?"]
    assert reading.faults == tuple(
        f"line {line}: the external id with the pair's `pid`: it has {length} characters: keep it to 300."
        for line, length in [(14, 327), (22, 329)]
    )


_TEXT = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]) | st.sampled_from("  \n\n-:.?A"), max_size=120)


@given(st.lists(st.tuples(_TEXT.filter(lambda text: len(text.split()) > 0), _TEXT), max_size=4), _TEXT)
def test_whatever_a_file_holds_can_be_published(pairs: list[tuple[str, str]], focus: str):
    data = document(*[pair(number, *texts) for number, texts in enumerate(pairs)], focus=focus, synonyms=[focus, "x"])

    reading = read(data)

    assert len(reading.drafts) + reading.without_text == len(pairs)
    for draft in reading.drafts:
        check(draft)


def test_a_question_without_an_answer_does_not_lead_back_to_the_answer_that_shows_it():
    file = document(pair(1, "What is gout ?", "A disease."), pair(2, "What is Gout?"), pair(3, "Who gets it?"))

    assert [question.text for question in read(file).drafts[0].questions] == ["Who gets it?"]

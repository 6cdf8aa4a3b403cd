import datetime
import json
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from server.content import draft as drafts
from server.content import vocabulary
from server.content.answer import (
    Answer,
    AnswerStatus,
    Caveats,
    Disclaimer,
    EvidenceStatus,
    Review,
    Source,
    SourceStatus,
    Topic,
    TopicName,
)
from server.content.publication.jsonld import json_ld
from server.content.publication.revision import build, withheld
from tests.content.strategies import draft, lines, whole

ANSWER = UUID(int=7)
NOW = datetime.datetime(2026, 5, 15, tzinfo=datetime.UTC)
SOURCE_IDS = {key: UUID(int=number) for number, key in enumerate(["one", "two", "three"], 1)}
DISCLAIMER = Disclaimer(
    uuid=UUID(int=2),
    kind=vocabulary.DisclaimerKind.INFORMATIONAL,
    placement=vocabulary.DisclaimerPlacement.BEFORE_CONTENT,
    heading=None,
    text="Ask your doctor.",
    locale="en",
    version=2,
)
SOURCE = Source(
    uuid=UUID(int=1),
    kind=vocabulary.SourceKind.JOURNAL_ARTICLE,
    title="Colds",
    publisher="A Journal",
    edition=None,
    published_on=datetime.date(2002, 1, 1),
    url=None,
    doi="10.1000/182",
    attribution=None,
    license=None,
    status=SourceStatus.SUPERSEDED,
    superseded_by_id=UUID(int=3),
)
TOPIC = Topic(
    uuid=UUID(int=4),
    slug="cold",
    parent_id=None,
    names=(TopicName(locale="en", name="Cold", synonyms=("Coryza",)),),
    codes=(drafts.Code(system=vocabulary.CodeSystem.ICD10CM, code="J00"),),
)
REVIEWER = drafts.Contributor(name="Dr. A", kind=vocabulary.ContributorKind.PERSON)
CAVEATS = Caveats(
    disclaimers=(DISCLAIMER,),
    sources=(SOURCE,),
    topics=(TOPIC,),
    evidence=EvidenceStatus.OUTDATED,
    review=Review(reviewed_on=datetime.date(2026, 5, 16), reviewer=REVIEWER, next_review_on=None, is_overdue=False),
    retraction=None,
)


def answer(content: drafts.Draft, **given: object) -> Answer:
    keys = [str(number) for number in range(100)]
    return replace(
        Answer(
            uuid=ANSWER,
            set_id=ANSWER,
            slug=content.slug,
            locale=content.locale,
            external_id=None,
            status=AnswerStatus.PUBLISHED,
            question=content.question,
            revision=3,
            digest="",
            method=content.provenance.method,
            published_at=NOW,
            updated_at=NOW,
            published=build(content, answer_id=ANSWER, source_ids=SOURCE_IDS, question_keys=keys),
            caveats=CAVEATS,
        ),
        **given,
    )


PARAGRAPH = drafts.Paragraph(content=(drafts.Span(text="Rest & drink."),))
COLD = draft(sections=(drafts.Section(blocks=(PARAGRAPH,)),))


def test_an_answer_is_a_medical_web_page():
    page = answer(COLD)
    assert json.loads(json_ld(page)) == {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "identifier": page.id,
        "inLanguage": "en",
        "usageInfo": [{"@type": "CreativeWork", "text": "Ask your doctor.", "inLanguage": "en", "version": "2"}],
        "datePublished": "2026-05-15",
        "dateModified": "2026-05-15T00:00:00+00:00",
        "version": "3",
        "about": [
            {
                "@type": "MedicalEntity",
                "name": "Cold",
                "alternateName": ["Coryza"],
                "code": [{"@type": "MedicalCode", "codingSystem": "ICD-10-CM", "codeValue": "J00"}],
            }
        ],
        "name": "About colds",
        "headline": "About colds",
        "creativeWorkStatus": "Published",
        "author": {"@type": "Organization", "name": "An Institute"},
        "lastReviewed": "2026-05-16",
        "reviewedBy": {"@type": "Person", "name": "Dr. A"},
        "description": "Rest & drink.",
        "mainEntity": {
            "@type": "Question",
            "name": "What is a cold?",
            "acceptedAnswer": {"@type": "Answer", "text": "Rest & drink."},
        },
        "citation": [
            {
                "@type": "MedicalScholarlyArticle",
                "name": "Colds",
                "publisher": {"@type": "Organization", "name": "A Journal"},
                "datePublished": "2002-01-01",
                "sameAs": "https://doi.org/10.1000/182",
                "creativeWorkStatus": "Superseded",
            }
        ],
    }


def test_a_retracted_answer_has_its_disclaimers_and_no_content():
    page = answer(COLD)
    retracted = replace(page, status=AnswerStatus.RETRACTED, published=withheld(page.published, page.question))
    found = json.loads(json_ld(retracted))
    assert found["creativeWorkStatus"] == "Retracted"
    assert found["name"] == "What is a cold?"
    assert found["mainEntity"] == {"@type": "Question", "name": "What is a cold?"}
    assert found["usageInfo"][0]["text"] == "Ask your doctor."
    assert found.keys().isdisjoint({"headline", "description", "citation", "author", "lastReviewed"})


def test_content_that_was_not_withheld_is_left_out_of_a_retracted_answer():
    assert "Rest" not in json_ld(answer(COLD, status=AnswerStatus.RETRACTED))


@given(whole, lines | st.just("</script><!--<script>\u2028"))
def test_it_stands_in_a_script_element_and_says_what_was_meant(content, wording):
    page = answer(content, caveats=replace(CAVEATS, disclaimers=(replace(DISCLAIMER, text=wording),)))
    written = json_ld(page)
    assert not set("<>&\u2028\u2029") & set(written)
    found = json.loads(written)
    assert found["usageInfo"][0]["text"] == wording
    assert found["mainEntity"].get("acceptedAnswer", {}).get("text", "") == page.published.body.text

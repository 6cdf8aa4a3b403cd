"""Drafts for the tests of the schema: one rich answer, and small ones that differ in what a test says."""

import datetime

from server.content import draft as drafts
from server.content import vocabulary
from server.content.draft import Cell, Cite, Draft, Item, Span
from server.content.vocabulary import Mark

LEUKEMIA = drafts.Topic(
    name="Leukemia",
    slug="leukemia",
    synonyms=("Blood cancer",),
    codes=(drafts.Code(system=vocabulary.CodeSystem.UMLS, code="C0023418", display="Leukemia"),),
    parent="cancer",
)
CANCER = drafts.Topic(name="Cancer", slug="cancer")
GUIDELINE = drafts.Source(
    key="nccn",
    kind=vocabulary.SourceKind.GUIDELINE,
    title="NCCN Guidelines for Patients",
    publisher="National Comprehensive Cancer Network",
    edition="2026",
    published_on=datetime.date(2026, 1, 9),
    url="https://www.nccn.org/patientresources/patient-resources/guidelines-for-patients",
)
TRIAL = drafts.Source(
    key="maude",
    kind=vocabulary.SourceKind.JOURNAL_ARTICLE,
    title="Tisagenlecleucel in Children and Young Adults with B-Cell Lymphoblastic Leukemia",
    publisher="New England Journal of Medicine",
    edition="2018",
    doi="10.1056/nejmoa1709866",
)
DAY = datetime.date(2026, 5, 15)


def words(text: str, *marks: Mark) -> tuple[Span, ...]:
    return (Span(text=text, marks=marks),)


def cited(before: str, name: str, source: drafts.Source = GUIDELINE) -> tuple[Span, ...]:
    return (Span(text=before), Span(text=name, citation=Cite(source=source.key, locator="p. 4")))


def paragraph(text: str) -> drafts.Paragraph:
    return drafts.Paragraph(content=words(text))


def section(heading: str | None = "The basic concept", *blocks: drafts.Block) -> drafts.Section:
    return drafts.Section(heading=heading, blocks=blocks or (paragraph("T cells are taken from the blood."),))


def answer(slug: str = "how-does-it-work", **changes: object) -> Draft:
    """A short answer that cites the guideline, on leukemia."""
    values = {
        "slug": slug,
        "question": f"{slug.replace('-', ' ').capitalize()}?",
        "title": "How it works",
        "topics": (CANCER, LEUKEMIA)[::-1],
        "author": drafts.Contributor(name="Editorial team", kind=vocabulary.ContributorKind.ORGANIZATION),
        "published_on": DAY,
        "provenance": drafts.Provenance(method=vocabulary.ProductionMethod.HUMAN_WRITTEN),
        "sections": (section(None, drafts.Paragraph(content=cited("Says the ", "NCCN"))), section()),
        "sources": (GUIDELINE,),
        **changes,
    }
    return Draft(**values)


def rich(slug: str = "how-does-it-work", **changes: object) -> Draft:
    """An answer with everything that an answer can have."""
    values = {
        "external_id": "page:1",
        "author": drafts.Contributor(
            name="Writer", kind=vocabulary.ContributorKind.AI, url="https://example.org/writer"
        ),
        "provenance": drafts.Provenance(
            method=vocabulary.ProductionMethod.AI_GENERATED,
            generator="Writer",
            grounded_in=("nccn", "maude"),
            human_reviewed=True,
            editor=drafts.Contributor(name="A. Editor", kind=vocabulary.ContributorKind.PERSON),
        ),
        "review": drafts.Review(
            reviewed_on=DAY,
            reviewer=drafts.Contributor(name="B. Reviewer, MD", kind=vocabulary.ContributorKind.PERSON),
            next_review_on=datetime.date(2099, 5, 15),
        ),
        "notices": (
            drafts.Notice(
                kind=vocabulary.DisclaimerKind.AI_GENERATED,
                placement=vocabulary.DisclaimerPlacement.BEFORE_CONTENT,
                heading="Please note",
                text="This answer was written by AI.",
            ),
        ),
        "sections": (section(None, drafts.Paragraph(content=cited("Says the ", "NCCN"))), _everything()),
        "questions": (drafts.Question(text="What comes next?", audience=vocabulary.QuestionAudience.READER),),
        "sources": (GUIDELINE, TRIAL),
        "calls_to_action": (
            drafts.CallToAction(heading="Next", text="Find a center.", label="Find", url="https://example.org/find"),
        ),
        **changes,
    }
    return answer(slug, **values)


def _everything() -> drafts.Section:
    nested = drafts.List(
        ordered=True,
        items=(Item(lead=words("First"), content=words("taken"), items=(Item(content=words("and kept")),)),),
    )
    return section(
        "The basic concept",
        drafts.Paragraph(content=(Span(text="T cells", url="https://example.org/t"), Span(text=" are taken."))),
        nested,
        drafts.Steps(steps=(drafts.Step(title="Collection", blocks=(paragraph("Blood is drawn."),)),)),
        drafts.Table(
            caption="Cells",
            columns=(Cell(content=words("Cell"), is_header=True), Cell(content=words("Role"), is_header=True)),
            rows=((Cell(content=words("T cell")), Cell(content=cited("attacks, says ", "Maude", TRIAL))),),
        ),
        drafts.Callout(tone=vocabulary.CalloutTone.URGENT, title="Fever", content=words("Call at once.", Mark.STRONG)),
        drafts.Questions(questions=(drafts.Question(text="Am I a candidate?"),)),
    )

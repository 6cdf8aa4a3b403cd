import datetime

from server.content import draft as drafts
from server.importers.outline import outline


def text(words, **more):
    return (drafts.Span(text=words, **more),)


def draft(**parts):
    given = {
        "slug": "what-is-it",
        "question": "What is it?",
        "title": "What It Is",
        "author": drafts.Contributor(name="Ana", kind=drafts.ContributorKind.PERSON),
        "published_on": datetime.date(2026, 5, 1),
        "provenance": drafts.Provenance(method=drafts.ProductionMethod.HUMAN_WRITTEN),
    }
    return drafts.Draft(**{**given, **parts})


def test_a_bare_draft_has_an_outline_of_what_it_has():
    assert outline(draft()) == {
        "slug": "what-is-it",
        "question": "What is it?",
        "title": "What It Is",
        "topic": None,
        "publishedOn": "2026-05-01",
        "author": {"name": "Ana", "kind": "PERSON"},
        "provenance": {"method": "HUMAN_WRITTEN", "generator": None, "groundedIn": [], "humanReviewed": False},
        "disclaimers": [],
        "sections": [],
        "followUpQuestions": [],
        "sources": [],
        "citations": [],
        "callsToAction": [],
    }


def test_tables_and_callouts_are_outlined_too():
    cells = tuple(drafts.Cell(content=text(word)) for word in ("a", "b"))
    table = drafts.Table(caption="Doses", columns=cells, rows=(cells,))
    callout = drafts.Callout(tone=drafts.CalloutTone.URGENT, content=text("Call 911."))
    section = drafts.Section(heading="Part", level=2, blocks=(table, callout))
    assert outline(draft(sections=(section,)))["sections"] == [
        {
            "heading": "Part",
            "level": 2,
            "blocks": [
                {"kind": "table", "caption": "Doses", "columns": ["a", "b"], "rows": [["a", "b"]]},
                {"kind": "callout", "tone": "URGENT", "title": None, "text": "Call 911."},
            ],
        }
    ]


def test_questions_in_steps_come_before_those_outside_the_content():
    inner = drafts.Questions(questions=(drafts.Question(text="Why?"),))
    steps = drafts.Steps(steps=(drafts.Step(title="One", blocks=(inner,)),))
    later = drafts.Question(text="What now?", audience=drafts.QuestionAudience.READER)
    read = outline(draft(sections=(drafts.Section(heading="Part", blocks=(steps,)),), questions=(later,)))
    assert read["followUpQuestions"] == [
        {"text": "Why?", "audience": "CARE_TEAM"},
        {"text": "What now?", "audience": "READER"},
    ]


def test_citations_are_numbered_by_place():
    source = drafts.Source(key="x", title="The Book", edition="2", url="https://example.org/")
    cite = drafts.Cite(source="x")
    block = drafts.Paragraph(content=(*text("Book", citation=cite), *text(" and "), *text("again", citation=cite)))
    read = outline(draft(sources=(source,), sections=(drafts.Section(heading="Part", blocks=(block,)),)))
    assert [(each["number"], each["source"], each["sectionHeading"]) for each in read["citations"]] == [
        (1, "The Book", "Part"),
        (2, "The Book", "Part"),
    ]

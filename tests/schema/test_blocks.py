from server.content import draft as drafts
from tests.schema.asking import Asking
from tests.schema.drafts import answer, cited, rich, section

BLOCKS = """{ answer(slug: "how-does-it-work") { section(anchor: "the-basic-concept") { blocks {
    __typename position text
    ... on ParagraphBlock { paragraph: content { text html markdown spans { text marks url citation { number } } } }
    ... on ListBlock { ordered items { lead { text } content { text } html text
      items { lead { text } text items { text } } } }
    ... on StepsBlock { steps { number title blocks { __typename text } } }
    ... on TableBlock { caption columns { isHeader content { text } } rows { cells { isHeader content { text } } } }
    ... on CalloutBlock { tone title callout: content { text spans { marks } } }
    ... on QuestionListBlock { questions { number text audience } } } } } }"""


async def test_every_block_says_what_it_holds(asking: Asking) -> None:
    await asking.publish(rich())

    found = (await asking.ask(BLOCKS))["answer"]["section"]["blocks"]

    link = {"text": "T cells", "marks": [], "url": "https://example.org/t", "citation": None}
    plain = {"text": " are taken.", "marks": [], "url": None, "citation": None}
    assert [{key: block[key] for key in block if key not in ("__typename", "position", "text")} for block in found] == [
        {
            "paragraph": {
                "text": "T cells are taken.",
                "html": '<a href="https://example.org/t" rel="noopener noreferrer">T cells</a> are taken.',
                "markdown": "[T cells](https://example.org/t) are taken.",
                "spans": [link, plain],
            }
        },
        {
            "ordered": True,
            "items": [
                {
                    "lead": {"text": "First"},
                    "content": {"text": "taken"},
                    "html": "<strong>First:</strong> taken\n<ul>\n<li>and kept</li>\n</ul>\n",
                    "text": "First: taken\n  and kept",
                    "items": [{"lead": None, "text": "and kept", "items": []}],
                }
            ],
        },
        {
            "steps": [
                {
                    "number": 1,
                    "title": "Collection",
                    "blocks": [{"__typename": "ParagraphBlock", "text": "Blood is drawn."}],
                }
            ]
        },
        {
            "caption": "Cells",
            "columns": [{"isHeader": True, "content": {"text": text}} for text in ("Cell", "Role")],
            "rows": [
                {
                    "cells": [
                        {"isHeader": False, "content": {"text": text}} for text in ("T cell", "attacks, says Maude")
                    ]
                }
            ],
        },
        {"tone": "URGENT", "title": "Fever", "callout": {"text": "Call at once.", "spans": [{"marks": ["STRONG"]}]}},
        {"questions": [{"number": 1, "text": "Am I a candidate?", "audience": "CARE_TEAM"}]},
    ]
    assert [block["position"] for block in found] == list(range(6))


async def test_the_spans_of_a_text_joined_give_the_text(asking: Asking) -> None:
    await asking.publish(answer(sections=(section(None, drafts.Paragraph(content=cited("Says the ", "NCCN"))),)))

    found = await asking.ask(
        """{ answer(slug: "how-does-it-work") { summary { text html spans { text citation { number locator
             source { title } section { anchor } } } } } }"""
    )

    summary = found["answer"]["summary"]
    assert "".join(span["text"] for span in summary["spans"]) == summary["text"] == "Says the NCCN"
    assert summary["html"] == "Says the <cite>NCCN</cite>"
    assert summary["spans"][1]["citation"] == {
        "number": 1,
        "locator": "p. 4",
        "source": {"title": "NCCN Guidelines for Patients"},
        "section": {"anchor": "opening"},
    }

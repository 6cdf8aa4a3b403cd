import pytest

from server.content import draft as drafts
from server.content import vocabulary
from server.content.evidence import supersede, withdraw
from tests.schema.asking import Asking
from tests.schema.drafts import GUIDELINE, TRIAL, answer, cited, section

OLD = drafts.Source(key="old", kind=vocabulary.SourceKind.GUIDELINE, title="Old edition", publisher="Owner")


def _citing(slug: str, source: drafts.Source) -> drafts.Draft:
    place = drafts.Paragraph(content=cited("Says the ", "place", source))
    return answer(slug, sources=(source,), sections=(section(None, place),))


async def test_a_superseded_source_names_its_successor(asking: Asking) -> None:
    await asking.publish(_citing("one", OLD), _citing("two", GUIDELINE))
    await supersede(asking.engine, OLD.title, by=GUIDELINE.title)

    found = await asking.ask(
        """{ answer(slug: "one") { evidence
             sources { title status supersededBy { title status supersededBy { title } } }
             disclaimers { kind } } }"""
    )

    current = {"title": GUIDELINE.title, "status": "CURRENT", "supersededBy": None}
    assert found["answer"]["sources"] == [{"title": "Old edition", "status": "SUPERSEDED", "supersededBy": current}]
    assert found["answer"]["evidence"] == "OUTDATED"
    assert {"kind": "OUTDATED_SOURCE"} in found["answer"]["disclaimers"]
    assert asking.statements == 2


async def test_the_answers_that_cite_a_source_are_listed_under_it(asking: Asking) -> None:
    await asking.publish(_citing("one", OLD), _citing("two", OLD), _citing("three", GUIDELINE))

    found = await asking.ask(
        """{ sources { nodes { title citedBy { totalCount nodes { slug } }
             page: citedBy(first: 1) { nodes { slug } pageInfo { hasNextPage } } } } }"""
    )

    cited_by = {node["title"]: node for node in found["sources"]["nodes"]}
    assert sorted(node["slug"] for node in cited_by["Old edition"]["citedBy"]["nodes"]) == ["one", "two"]
    assert cited_by["Old edition"]["page"]["pageInfo"] == {"hasNextPage": True}
    assert cited_by[GUIDELINE.title]["citedBy"] == {"totalCount": 1, "nodes": [{"slug": "three"}]}
    assert asking.statements == 4


@pytest.mark.parametrize(
    ("conditions", "titles"),
    [
        ({}, [GUIDELINE.title, "Old edition", TRIAL.title]),
        ({"kinds": ["JOURNAL_ARTICLE"]}, [TRIAL.title]),
        ({"statuses": ["WITHDRAWN"]}, ["Old edition"]),
        ({"publishers": ["Owner"]}, ["Old edition"]),
        ({"kinds": ["GUIDELINE"], "statuses": ["CURRENT"]}, [GUIDELINE.title]),
        ({"kinds": []}, []),
        ({"kinds": None}, [GUIDELINE.title, "Old edition", TRIAL.title]),
    ],
)
async def test_a_filter_leaves_the_sources_that_meet_it(asking: Asking, conditions: dict, titles: list[str]) -> None:
    await asking.publish(_citing("one", OLD), _citing("two", GUIDELINE), _citing("three", TRIAL))
    await withdraw(asking.engine, OLD.title)

    found = await asking.ask(
        "query ($filter: SourceFilter) { sources(filter: $filter) { nodes { title } totalCount } }", filter=conditions
    )

    assert found["sources"] == {"nodes": [{"title": title} for title in titles], "totalCount": len(titles)}


async def test_a_citation_brings_its_source_and_its_section(asking: Asking) -> None:
    await asking.publish(_citing("one", TRIAL))

    found = await asking.ask(
        """{ answer(slug: "one") { citations { number locator source { kind title publisher edition publishedOn doi url
             attribution license status } section { anchor } } } }"""
    )

    assert found["answer"]["citations"] == [
        {
            "number": 1,
            "locator": "p. 4",
            "section": {"anchor": "opening"},
            "source": {
                "kind": "JOURNAL_ARTICLE",
                "title": TRIAL.title,
                "publisher": "New England Journal of Medicine",
                "edition": "2018",
                "publishedOn": None,
                "doi": "10.1056/nejmoa1709866",
                "url": None,
                "attribution": None,
                "license": None,
                "status": "CURRENT",
            },
        }
    ]

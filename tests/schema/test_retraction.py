"""A retracted answer keeps id, slug, question and topics; its content is empty everywhere it can be asked."""

from server.content.withdrawal import Named, erase, reinstate, retract
from tests.schema.asking import Asking
from tests.schema.drafts import answer, rich

CONTENT = """{ answer(slug: "how-does-it-work") { id slug question title status topics { slug }
    summary { text } sections { anchor } body { html markdown text } followUpQuestions { text } sources { title }
    citations { number } callsToAction { text } readability { wordCount }
    provenance { generator groundedIn { title } }
    retraction { reason replacement { slug disclaimers { text } } } disclaimers { kind text } jsonLd } }"""
SECTION = """query ($id: ID!) { node(id: $id) { __typename id ... on Section {
    heading level position blocks { html } body { id html } citations { number } disclaimers { kind } answer { status }
    } } }"""


async def _retract(asking: Asking) -> dict:
    """Retracts a rich answer and gives what it held before."""
    await asking.publish(rich(), answer("what-comes-next"))
    held = await asking.ask(
        """{ answer(slug: "how-does-it-work") { id sections { id anchor body { id } }
             followUpQuestions { id } disclaimers { id kind } } }"""
    )
    await retract(asking.engine, Named(slug="how-does-it-work"), reason="It was wrong.", replacement="what-comes-next")
    return held["answer"]


async def test_the_content_of_a_retracted_answer_is_empty(asking: Asking) -> None:
    held = await _retract(asking)

    found = (await asking.ask(CONTENT))["answer"]

    disclaimers, json_ld = found.pop("disclaimers"), found.pop("jsonLd")
    assert found == {
        "id": held["id"],
        "slug": "how-does-it-work",
        "question": "How does it work?",
        "title": "How does it work?",
        "status": "RETRACTED",
        "topics": [{"slug": "leukemia"}, {"slug": "cancer"}],
        "summary": None,
        "sections": [],
        "body": {"html": "", "markdown": "", "text": ""},
        "followUpQuestions": [],
        "sources": [],
        "citations": [],
        "callsToAction": [],
        "readability": {"wordCount": 0},
        "provenance": {"generator": "Writer", "groundedIn": []},
        "retraction": {
            "reason": "It was wrong.",
            "replacement": {
                "slug": "what-comes-next",
                "disclaimers": found["retraction"]["replacement"]["disclaimers"],
            },
        },
    }
    assert disclaimers[0]["kind"] == "RETRACTION"
    assert "T cell" not in json_ld


async def test_the_section_of_a_retracted_answer_is_there_and_empty(asking: Asking) -> None:
    held = await _retract(asking)
    before = held["sections"][1]

    found = (await asking.ask(SECTION, id=before["id"]))["node"]

    assert found["disclaimers"][0] == {"kind": "RETRACTION"}
    assert found["body"]["id"] != before["body"]["id"]
    assert {key: value for key, value in found.items() if key not in ("disclaimers", "body")} == {
        "__typename": "Section",
        "id": before["id"],
        "heading": None,
        "level": 1,
        "position": 0,
        "blocks": [],
        "citations": [],
        "answer": {"status": "RETRACTED"},
    }


async def test_the_section_at_an_anchor_of_a_retracted_answer_is_the_same_empty_one(asking: Asking) -> None:
    held = await _retract(asking)

    found = await asking.ask(
        """{ answer(slug: "how-does-it-work") { section(anchor: "the-basic-concept") { id body { html } }
             missing: section(anchor: "nowhere") { id } } }"""
    )

    assert found["answer"] == {"section": {"id": held["sections"][1]["id"], "body": {"html": ""}}, "missing": None}


async def test_the_follow_up_question_of_a_retracted_answer_is_gone(asking: Asking) -> None:
    held = await _retract(asking)

    found = await asking.ask("query ($id: ID!) { node(id: $id) { id } }", id=held["followUpQuestions"][0]["id"])

    assert found == {"node": None}


async def test_a_retracted_answer_is_listed_only_when_asked_for(asking: Asking) -> None:
    await _retract(asking)

    found = await asking.ask(
        """{ answers { nodes { slug } totalCount }
             all: answers(filter: {includeRetracted: true}) { nodes { slug } totalCount }
             topic(slug: "leukemia") { answers { nodes { slug } totalCount } }
             sources { nodes { citedBy { nodes { slug } totalCount } } } }"""
    )

    left = {"nodes": [{"slug": "what-comes-next"}], "totalCount": 1}
    assert found["answers"] == left
    assert found["all"]["totalCount"] == 2
    assert found["topic"]["answers"] == left
    assert {"slug": "how-does-it-work"} not in [
        node for source in found["sources"]["nodes"] for node in source["citedBy"]["nodes"]
    ]


async def test_a_digest_is_another_one_while_the_answer_is_retracted(asking: Asking) -> None:
    query = '{ answer(slug: "how-does-it-work") { digest } }'
    await asking.publish(rich())
    published = await asking.ask(query)

    await retract(asking.engine, Named(slug="how-does-it-work"), reason="It was wrong.")
    withheld = await asking.ask(query)
    await reinstate(asking.engine, Named(slug="how-does-it-work"))

    assert withheld != published
    assert await asking.ask(query) == published


async def test_an_answer_whose_replacement_is_erased_is_a_change(asking: Asking) -> None:
    await _retract(asking)
    since = (await asking.ask("{ changes { cursor } }"))["changes"]["cursor"]

    await erase(asking.engine, Named(slug="what-comes-next"))

    query = """query ($since: String) { changes(since: $since) { nodes {
        kind answer { slug retraction { replacement { slug } } } } } }"""
    assert (await asking.ask(query, since=since))["changes"]["nodes"] == [
        {"kind": "REMOVED", "answer": None},
        {"kind": "RETRACTED", "answer": {"slug": "how-does-it-work", "retraction": {"replacement": None}}},
    ]

"""A partner confined to one topic is asked for through every field that could leak another."""

import pytest

from server.access.audience import Audience
from server.content import draft as drafts
from server.content import withdrawal
from server.content.disclaimers import add_standing
from server.content.evidence import supersede
from server.content.vocabulary import CodeSystem, ProductionMethod
from server.content.withdrawal import Named
from tests.content.test_confined_changes import of_topic
from tests.schema.asking import Asking
from tests.schema.confinement.partners import ACNE, BEYOND, HEART, SKIN, VALVE
from tests.schema.drafts import GUIDELINE, TRIAL, answer, cited, paragraph, section

SEARCH = """query ($query: String!) {
  search(query: $query) { totalCount correctedQuery nodes { slug } topicFacets { count topic { slug } } }
}"""
NODE = "query ($id: ID!) { node(id: $id) { __typename } }"


@pytest.fixture
def asking(asking: Asking) -> Asking:
    asking.audience = Audience(topics=("heart",))
    return asking


async def whole(asking: Asking, text: str, **variables: object) -> dict:
    """What a caller without bounds is told."""
    bounds, asking.audience = asking.audience, Audience()
    try:
        return await asking.ask(text, **variables)
    finally:
        asking.audience = bounds


async def searched(asking: Asking, query: str) -> tuple[list[str], str | None]:
    found = (await asking.ask(SEARCH, query=query))["search"]
    assert found["totalCount"] == len(found["nodes"])
    return [node["slug"] for node in found["nodes"]], found["correctedQuery"]


def on(slug: str, *topics: drafts.Topic, **changes: object) -> drafts.Draft:
    return answer(slug, topics=topics, **changes)


async def test_an_answer_on_two_topics_is_on_the_one_within_the_bounds(asking: Asking) -> None:
    await asking.publish(on("straddler", SKIN, HEART))

    found = await asking.ask(
        '{ answer(slug: "straddler") { topics { slug parent { slug } } jsonLd } topics { totalCount } }'
    )

    assert found["answer"]["topics"] == [{"slug": "heart", "parent": None}]
    assert ("Heart" in found["answer"]["jsonLd"], "Zebraskin" in found["answer"]["jsonLd"]) == (True, False)
    assert found["topics"] == {"totalCount": 1}


@pytest.mark.parametrize("wanted", ['topics: ["skin"]', 'codes: [{system: UMLS, code: "C1123023"}]'])
async def test_no_filter_finds_an_answer_by_a_topic_beyond_the_bounds(asking: Asking, wanted: str) -> None:
    await asking.publish(on("straddler", SKIN, HEART))
    query = f"{{ answers(filter: {{{wanted}}}) {{ totalCount nodes {{ slug }} }} }}"

    assert (await asking.ask(query))["answers"] == {"totalCount": 0, "nodes": []}
    assert (await whole(asking, query))["answers"] == {"totalCount": 1, "nodes": [{"slug": "straddler"}]}


async def test_a_code_beyond_the_bounds_leads_to_nothing_within_them(asking: Asking) -> None:
    body = drafts.Topic(name="Body", slug="body", codes=(drafts.Code(system=CodeSystem.UMLS, code="C0460148"),))
    below = drafts.Topic(name="Heart", slug="heart", parent="body")
    await asking.publish(on("in", below, body))
    query = '{ answers(filter: {codes: [{system: UMLS, code: "C0460148"}]}) { totalCount } }'

    assert (await asking.ask(query))["answers"] == {"totalCount": 0}
    assert (await whole(asking, query))["answers"] == {"totalCount": 1}


async def test_a_topic_beyond_the_bounds_is_no_word_of_a_search(asking: Asking) -> None:
    await asking.publish(on("straddler", SKIN, HEART), on("in", HEART), on("out", ACNE, SKIN))

    assert await searched(asking, "zebraskin") == ([], None)
    assert await searched(asking, "zebraskim") == ([], None)
    assert await searched(asking, '"straddler zebraskin"') == ([], None)
    assert await searched(asking, "straddler -zebraskin") == (["straddler"], None)
    assert sorted((await searched(asking, "heart"))[0]) == ["in", "straddler"], "it is found by the topic within them"
    assert (await whole(asking, SEARCH, query="zebraskim"))["search"]["correctedQuery"] == "zebraskin"


async def test_no_query_is_corrected_by_what_lies_beyond_the_bounds(asking: Asking) -> None:
    about = section("Stripes", paragraph("A zebra has many stripes."))
    await asking.publish(on("in", HEART), on("out", SKIN, sections=(about,), sources=()))

    assert await searched(asking, "strypes") == ([], None)
    assert await searched(asking, "blod") == (["in"], "blood")
    assert (await whole(asking, SEARCH, query="strypes"))["search"]["correctedQuery"] == "stripes"


async def test_a_query_is_corrected_as_if_topics_beyond_the_bounds_had_no_names(asking: Asking) -> None:
    about = section(None, paragraph("What a zebraskit is."))
    await asking.publish(on("straddler", SKIN, HEART), on("in", HEART, sections=(about,), sources=()))

    assert await searched(asking, "zebraskiz") == (["in"], "zebraskit")
    assert (await whole(asking, SEARCH, query="zebraskiz"))["search"]["correctedQuery"] == "zebraskin"


async def test_facets_count_what_is_within_the_bounds(asking: Asking) -> None:
    await asking.publish(on("one", VALVE, HEART), on("two", HEART, SKIN), on("out", SKIN))

    facets = (await asking.ask(SEARCH, query="blood"))["search"]["topicFacets"]

    assert [(facet["topic"]["slug"], facet["count"]) for facet in facets] == [("heart", 2), ("valve", 1)]


async def test_answers_are_not_related_by_what_lies_beyond_the_bounds(asking: Asking) -> None:
    plain = {"sources": (), "sections": (section(),)}
    await asking.publish(on("one", HEART, SKIN, **plain), on("two", VALVE, SKIN, **plain), on("out", SKIN, **plain))
    query = '{ answer(slug: "one") { relatedAnswers { slug } } }'

    assert (await asking.ask(query))["answer"]["relatedAnswers"] == []
    assert len((await whole(asking, query))["answer"]["relatedAnswers"]) == 2


async def test_a_source_is_there_where_a_visible_answer_leans_on_it(asking: Asking) -> None:
    grounded = drafts.Provenance(method=ProductionMethod.AI_GENERATED, grounded_in=("maude",))
    await asking.publish(on("in", HEART, sources=(GUIDELINE, TRIAL), provenance=grounded), on("out", SKIN))
    zebra = (section(None, drafts.Paragraph(content=cited("Says ", "Zebra", BEYOND))),)
    await asking.publish(on("zebra", SKIN, sources=(BEYOND,), sections=zebra))
    query = "{ sources { totalCount nodes { id title citedBy { totalCount nodes { slug } } } } }"

    found, everything = (await asking.ask(query))["sources"], (await whole(asking, query))["sources"]

    assert found["totalCount"] == 2
    assert [(source["title"], source["citedBy"]["totalCount"]) for source in found["nodes"]] == [
        (GUIDELINE.title, 1),
        (TRIAL.title, 0),
    ]
    (beyond,) = [source["id"] for source in everything["nodes"] if source["title"] == BEYOND.title]
    assert await asking.ask(NODE, id=beyond) == {"node": None}
    assert (await asking.ask(f'{{ answers(filter: {{sources: ["{beyond}"]}}) {{ totalCount }} }}'))["answers"] == {
        "totalCount": 0
    }


async def test_a_visible_answer_tells_of_a_newer_edition_that_only_others_cite(asking: Asking) -> None:
    zebra = (section(None, drafts.Paragraph(content=cited("Says ", "Zebra", BEYOND))),)
    await asking.publish(on("in", HEART), on("out", SKIN, sources=(BEYOND,), sections=zebra))
    await supersede(asking.engine, GUIDELINE.title, by=BEYOND.title)

    found = await asking.ask(
        '{ answer(slug: "in") { evidence sources { status supersededBy { title citedBy { totalCount } } } } }'
    )

    newer = {"title": BEYOND.title, "citedBy": {"totalCount": 0}}
    assert found["answer"] == {"evidence": "OUTDATED", "sources": [{"status": "SUPERSEDED", "supersededBy": newer}]}


async def test_a_disclaimer_of_a_topic_beyond_the_bounds_is_shown_with_what_bears_it_and_nowhere_else(
    asking: Asking,
) -> None:
    await asking.publish(on("straddler", SKIN, HEART), on("out", ACNE, SKIN))
    ids = {slug: await _borne(asking, slug) for slug in ("skin", "acne")}

    found = await asking.ask('{ answer(slug: "straddler") { disclaimers { id text } } }')

    assert ids["skin"] in [each["id"] for each in found["answer"]["disclaimers"]]
    assert await asking.ask(NODE, id=ids["skin"]) == {"node": {"__typename": "Disclaimer"}}
    assert await asking.ask(NODE, id=ids["acne"]) == {"node": None}


async def _borne(asking: Asking, topic: str) -> str:
    before = await whole(asking, '{ answer(slug: "out") { disclaimers { id } } }')
    await add_standing(asking.engine, of_topic(topic))
    after = await whole(asking, '{ answer(slug: "out") { disclaimers { id } } }')
    (new,) = {each["id"] for each in after["answer"]["disclaimers"]} - {
        each["id"] for each in before["answer"]["disclaimers"]
    }
    return new


async def test_a_replacement_beyond_the_bounds_is_none(asking: Asking) -> None:
    await asking.publish(on("in", HEART), on("out", SKIN))
    query = '{ answer(slug: "in") { caveatsDigest retraction { replacement { slug } } disclaimers { text } } }'
    await withdrawal.retract(asking.engine, Named(slug="in"), reason="Wrong.", replacement="out")
    found = (await asking.ask(query))["answer"]

    await withdrawal.erase(asking.engine, Named(slug="out"))

    assert found["retraction"] == {"replacement": None}
    assert (await asking.ask(query))["answer"] == found, "not even the digest tells"


async def test_what_the_audience_is_shown_no_calls_for_has_none(asking: Asking) -> None:
    calls = (drafts.CallToAction(text="Find a center."),)
    await asking.publish(on("in", HEART, calls_to_action=calls))
    query = """{ answer(slug: "in") { digest callsToAction { text } }
                 changes { nodes { answer { callsToAction { text } } } } }"""
    shown = await asking.ask(query)

    asking.audience = Audience(topics=("heart",), shows_calls=False)
    hidden = await asking.ask(query)

    assert [found["answer"]["callsToAction"] for found in (shown, hidden)] == [[{"text": "Find a center."}], []]
    assert hidden["changes"]["nodes"] == [{"answer": {"callsToAction": []}}]
    assert hidden["answer"]["digest"] == shown["answer"]["digest"]


@pytest.mark.parametrize("audience", [Audience(topics=("nowhere",)), Audience(locales=("fr",))])
async def test_whose_bounds_hold_nothing_is_served_nothing(asking: Asking, audience: Audience) -> None:
    await asking.publish(on("in", HEART), on("out", SKIN))
    asking.audience = audience

    found = await asking.ask(
        '{ answers { totalCount } topics { totalCount } sources { totalCount } search(query: "blood") { totalCount } '
        'changes { nodes { kind } } answer(slug: "in") { slug } topic(slug: "heart") { slug } }'
    )

    nothing = {"totalCount": 0}
    assert found == {
        "answers": nothing, "topics": nothing, "sources": nothing, "search": nothing,
        "changes": {"nodes": []}, "answer": None, "topic": None,
    }  # fmt: skip

import pytest

from server.content import draft as drafts
from server.content import vocabulary
from tests.schema.asking import Asking
from tests.schema.drafts import CANCER, LEUKEMIA, answer

PAGES = """
    query ($first: Int, $after: String, $last: Int, $before: String) {
      answers(orderBy: {field: QUESTION}, first: $first, after: $after, last: $last, before: $before) {
        edges { cursor node { slug } } nodes { slug } totalCount
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
"""
FILTERED = "query ($filter: AnswerFilter) { answers(filter: $filter) { nodes { slug } totalCount } }"


def _slugs(found: dict) -> list[str]:
    return [node["slug"] for node in found["answers"]["nodes"]]


async def _seven(asking: Asking) -> list[str]:
    slugs = [f"answer-{number}" for number in range(7)]
    await asking.publish(*[answer(slug) for slug in slugs])
    return slugs


async def test_pages_forward_give_every_answer_once(asking: Asking) -> None:
    slugs, seen, after = await _seven(asking), [], None
    for has_next in (True, True, False):
        found = (await asking.ask(PAGES, first=3, after=after))["answers"]
        seen += [edge["node"]["slug"] for edge in found["edges"]]
        after = found["pageInfo"]["endCursor"]
        assert found["pageInfo"]["hasNextPage"] is has_next

    assert seen == slugs


async def test_pages_backward_give_every_answer_once(asking: Asking) -> None:
    slugs, seen, before = await _seven(asking), [], None
    for has_previous in (True, True, False):
        found = (await asking.ask(PAGES, last=3, before=before))["answers"]
        seen = _slugs({"answers": found}) + seen
        before = found["pageInfo"]["startCursor"]
        assert found["pageInfo"]["hasPreviousPage"] is has_previous

    assert seen == slugs


async def test_edges_nodes_and_page_info_are_one_page(asking: Asking) -> None:
    await _seven(asking)

    found = (await asking.ask(PAGES, first=3))["answers"]

    cursors = [edge["cursor"] for edge in found["edges"]]
    assert [edge["node"] for edge in found["edges"]] == found["nodes"]
    assert (found["pageInfo"]["startCursor"], found["pageInfo"]["endCursor"]) == (cursors[0], cursors[-1])
    assert found["totalCount"] == 7
    assert asking.statements == 2


async def test_an_empty_page_has_no_cursors(asking: Asking) -> None:
    found = (await asking.ask(PAGES))["answers"]

    assert found == {
        "edges": [],
        "nodes": [],
        "totalCount": 0,
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
    }


async def test_twenty_answers_come_without_a_size_also_when_it_is_null(asking: Asking) -> None:
    await asking.publish(*[answer(f"answer-{number}") for number in range(21)])

    found = await asking.ask("{ answers { nodes { slug } } null: answers(first: null, last: null) { nodes { slug } } }")

    assert [len(found["answers"]["nodes"]), len(found["null"]["nodes"])] == [20, 20]


async def test_the_newest_comes_first_without_an_order(asking: Asking) -> None:
    await asking.publish(answer("older"))
    await asking.publish(answer("newer"))

    found = await asking.ask(
        """{ answers { nodes { slug } }
             oldest: answers(orderBy: {field: PUBLISHED_AT}) { nodes { slug } }
             topic(slug: "leukemia") { answers { nodes { slug } } } }"""
    )

    newest = [{"slug": "newer"}, {"slug": "older"}]
    assert (found["answers"]["nodes"], found["topic"]["answers"]["nodes"]) == (newest, newest)
    assert found["oldest"]["nodes"] == newest[::-1]


@pytest.mark.parametrize(
    ("variables", "code", "message"),
    [
        ({"first": 1, "last": 1}, "BAD_USER_INPUT", "Give `first` or `last`, not both."),
        ({"first": 101}, "BAD_USER_INPUT", "`first` is 101: it takes 0 to 100."),
        ({"last": -1}, "BAD_USER_INPUT", "`last` is -1: it takes 0 to 100."),
        ({"after": "nonsense"}, "CURSOR_INVALID", "`after` is not a cursor of this list in this order"),
        ({"before": ""}, "CURSOR_INVALID", "`before` is not a cursor of this list in this order"),
        ({"before": "a\0"}, "BAD_USER_INPUT", "`before` holds NUL"),
    ],
)
async def test_a_page_that_can_not_be_is_refused(asking: Asking, variables: dict, code: str, message: str) -> None:
    refused_code, refused_message = await asking.refusal(PAGES, **variables)

    assert refused_code == code
    assert refused_message.startswith(message)
    assert asking.statements == 0


async def test_the_cursor_of_another_order_is_refused(asking: Asking) -> None:
    await _seven(asking)
    cursor = (await asking.ask(PAGES, first=1))["answers"]["pageInfo"]["endCursor"]

    refusal = await asking.refusal("query ($after: String) { answers(after: $after) { nodes { slug } } }", after=cursor)

    assert refusal[0] == "CURSOR_INVALID"


async def _shelf(asking: Asking) -> None:
    other = drafts.Source(key="nccn", title="Another source")
    by_ai = drafts.Provenance(method=vocabulary.ProductionMethod.AI_GENERATED)
    await asking.publish(
        answer("on-cancer", topics=(CANCER,), sources=(other,)),
        answer("on-leukemia", topics=(LEUKEMIA,), external_id="page:2", provenance=by_ai),
        answer("en-espanol", locale="es-MX", topics=(LEUKEMIA,), sources=(other,)),
        answer("on-nothing", topics=()),
    )


@pytest.mark.parametrize(
    ("conditions", "slugs"),
    [
        ({}, {"on-cancer", "on-leukemia", "en-espanol", "on-nothing"}),
        ({"topics": ["cancer"]}, {"on-cancer", "on-leukemia", "en-espanol"}),
        ({"topics": ["leukemia"], "locales": ["en"]}, {"on-leukemia"}),
        ({"codes": [{"system": "UMLS", "code": "C0023418"}]}, {"on-leukemia", "en-espanol"}),
        ({"codes": [{"system": "MESH", "code": "C0023418"}]}, set()),
        ({"locales": ["es"]}, {"en-espanol"}),
        ({"locales": ["es_mx"]}, {"en-espanol"}),
        ({"slugs": ["on-cancer", "on-nothing", "nowhere"]}, {"on-cancer", "on-nothing"}),
        ({"externalIds": ["page:2"]}, {"on-leukemia"}),
        ({"methods": ["AI_GENERATED"]}, {"on-leukemia"}),
        ({"evidence": ["CURRENT"]}, {"on-cancer", "on-leukemia", "en-espanol", "on-nothing"}),
        ({"evidence": ["OUTDATED", "UNCITED"]}, set()),
        ({"publishedAfter": "2999-01-01T00:00:00Z"}, set()),
        ({"publishedBefore": "2999-01-01T00:00:00+02:00"}, {"on-cancer", "on-leukemia", "en-espanol", "on-nothing"}),
        ({"topics": []}, set()),
        ({"topics": None, "slugs": None}, {"on-cancer", "on-leukemia", "en-espanol", "on-nothing"}),
    ],
)
async def test_a_filter_leaves_what_meets_it(asking: Asking, conditions: dict, slugs: set[str]) -> None:
    await _shelf(asking)

    found = await asking.ask(FILTERED, filter=conditions)

    assert set(_slugs(found)) == slugs
    assert found["answers"]["totalCount"] == len(slugs)


async def test_a_filter_takes_the_ids_of_sources(asking: Asking) -> None:
    await _shelf(asking)
    ids = await asking.ask('{ sources { nodes { id title } } topic(slug: "leukemia") { id } }')
    (source,) = [node["id"] for node in ids["sources"]["nodes"] if node["title"] == "Another source"]

    found = [
        await asking.ask(FILTERED, filter={"sources": [source]}),
        await asking.ask(FILTERED, filter={"sources": [ids["topic"]["id"]]}),
    ]

    assert [set(_slugs(each)) for each in found] == [{"on-cancer", "en-espanol"}, set()]


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        (
            {"sources": ["nonsense"]},
            "`filter.sources` holds `nonsense`, which is no id: take ids from `Source.id`.",
        ),
        ({"slugs": ["a"] * 101}, "`filter.slugs` has 101 entries: it takes at most 100."),
        (
            {"topics": ["a\0"]},
            "`filter.topics` holds NUL or half of a surrogate pair: send text without it.",
        ),
        (
            {"codes": [{"system": "UMLS", "code": "a\0"}]},
            "`filter.codes` holds NUL or half of a surrogate pair: send text without it.",
        ),
    ],
)
async def test_a_filter_that_can_not_be_is_refused(asking: Asking, conditions: dict, message: str) -> None:
    assert await asking.refusal(FILTERED, filter=conditions) == ("BAD_USER_INPUT", message)
    assert asking.statements == 0

import pytest

from server.content.withdrawal import Named, retract
from tests.schema.asking import Asking
from tests.schema.drafts import CANCER, LEUKEMIA, answer, paragraph, section

SEARCH = """
    query ($query: String!, $filter: AnswerFilter, $first: Int! = 10, $after: String) {
      search(query: $query, filter: $filter, first: $first, after: $after) {
        edges { cursor score node { slug } disclaimers { text }
                snippet { section { anchor answer { slug } } content { text spans { text marks } } } }
        nodes { slug disclaimers { text } } totalCount correctedQuery
        topicFacets { count topic { slug } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
"""


async def _shelf(asking: Asking) -> None:
    about = section("Side effects", paragraph("Fever is common after an infusion of cells."))
    found = section(None, paragraph("A biopsy tells."))
    await asking.publish(
        answer("what-are-the-side-effects", sections=(section(None), about), sources=()),
        answer("how-is-cancer-found", topics=(CANCER,), sections=(found,), sources=()),
        answer("que-efectos-hay", locale="es", topics=(LEUKEMIA,)),
    )


async def test_the_best_passage_comes_with_what_matched_in_it(asking: Asking) -> None:
    await _shelf(asking)

    found = (await asking.ask(SEARCH, query="fever"))["search"]

    (edge,) = found["edges"]
    assert edge["node"] == {"slug": "what-are-the-side-effects"}
    assert edge["disclaimers"] == found["nodes"][0]["disclaimers"] != []
    assert edge["snippet"]["section"] == {"anchor": "side-effects", "answer": {"slug": "what-are-the-side-effects"}}
    assert {"text": "Fever", "marks": ["STRONG"]} in edge["snippet"]["content"]["spans"]
    assert edge["score"] > 0


async def test_a_result_says_how_many_there_are_and_on_what(asking: Asking) -> None:
    await _shelf(asking)

    found = (await asking.ask(SEARCH, query="leukemia cancer"))["search"]

    assert found["totalCount"] == len(found["edges"]) == len(found["nodes"])
    assert [edge["node"]["slug"] for edge in found["edges"]] == [node["slug"] for node in found["nodes"]]
    assert found["pageInfo"]["startCursor"] == found["edges"][0]["cursor"]
    assert found["pageInfo"]["endCursor"] == found["edges"][-1]["cursor"]
    assert found["correctedQuery"] is None


async def test_a_result_goes_on_after_its_cursor(asking: Asking) -> None:
    await asking.publish(*[answer(f"answer-{number}") for number in range(3)])
    first = (await asking.ask(SEARCH, query="blood", first=2))["search"]

    rest = (await asking.ask(SEARCH, query="blood", first=2, after=first["pageInfo"]["endCursor"]))["search"]

    assert (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)
    slugs = [node["slug"] for node in first["nodes"] + rest["nodes"]]
    assert sorted(slugs) == ["answer-0", "answer-1", "answer-2"]
    assert first["topicFacets"] == [{"count": 3, "topic": {"slug": slug}} for slug in ("cancer", "leukemia")]


async def test_a_misspelt_query_is_corrected_and_said_so(asking: Asking) -> None:
    await _shelf(asking)

    found = (await asking.ask(SEARCH, query="biopzy"))["search"]

    assert (found["correctedQuery"], [node["slug"] for node in found["nodes"]]) == ("biopsy", ["how-is-cancer-found"])


async def test_one_locale_is_searched_at_a_time(asking: Asking) -> None:
    await _shelf(asking)

    found = (await asking.ask(SEARCH, query="efectos", filter={"locales": ["es"]}))["search"]

    assert [node["slug"] for node in found["nodes"]] == ["que-efectos-hay"]


async def test_a_retracted_answer_is_not_found(asking: Asking) -> None:
    await _shelf(asking)
    await retract(asking.engine, Named(slug="what-are-the-side-effects"), reason="It was wrong.")

    found = (await asking.ask(SEARCH, query="fever", filter={"includeRetracted": True}))["search"]

    assert (found["edges"], found["nodes"], found["totalCount"]) == ([], [], 0)


@pytest.mark.parametrize("size", [2, 12])
async def test_a_search_costs_two_statements(asking: Asking, size: int) -> None:
    await asking.publish(*[answer(f"answer-{number}") for number in range(size)])

    found = await asking.ask(SEARCH, query="blood")

    assert found["search"]["totalCount"] == size
    assert asking.statements == 2


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"first": 101}, "BAD_USER_INPUT"),
        ({"first": -1}, "BAD_USER_INPUT"),
        ({"after": "nonsense"}, "CURSOR_INVALID"),
        ({"query": "a\0b"}, "BAD_USER_INPUT"),
        ({"filter": {"slugs": ["a"] * 101}}, "BAD_USER_INPUT"),
    ],
)
async def test_a_search_that_can_not_be_is_refused(asking: Asking, variables: dict, code: str) -> None:
    assert (await asking.refusal(SEARCH, **{"query": "fever", **variables}))[0] == code
    assert asking.statements == 0

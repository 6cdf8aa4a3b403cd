import pytest

from server.content.ids import NodeKind, encode_id
from server.db.uuids import new_uuid
from tests.schema.asking import Asking
from tests.schema.drafts import rich

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


async def _ids(asking: Asking) -> dict[str, str]:
    """An id of every type."""
    await asking.publish(rich())
    found = (
        await asking.ask(
            """{ answer(slug: "how-does-it-work") { id sections { id } followUpQuestions { id } disclaimers { id }
                 sources { id } topics { id } } }"""
        )
    )["answer"]
    return {
        "Answer": found["id"],
        "Section": found["sections"][0]["id"],
        "FollowUpQuestion": found["followUpQuestions"][0]["id"],
        "Disclaimer": found["disclaimers"][0]["id"],
        "Source": found["sources"][0]["id"],
        "Topic": found["topics"][0]["id"],
    }


async def test_an_id_of_every_type_is_taken_back(asking: Asking) -> None:
    for name, node_id in (await _ids(asking)).items():
        assert await asking.ask(NODE, id=node_id) == {"node": {"__typename": name, "id": node_id}}
        assert asking.statements == 1


async def test_nodes_come_in_the_order_asked_with_null_for_what_is_not_there(asking: Asking) -> None:
    ids = await _ids(asking)
    asked = [ids["Topic"], "nonsense", ids["Answer"], ids["Topic"]]

    found = await asking.ask(NODES, ids=asked)

    topic = {"__typename": "Topic", "id": ids["Topic"]}
    assert found["nodes"] == [topic, None, {"__typename": "Answer", "id": ids["Answer"]}, topic]


@pytest.mark.parametrize("kind", NodeKind)
async def test_an_id_that_names_nothing_gives_null(asking: Asking, kind: NodeKind) -> None:
    key = "x" if kind in (NodeKind.SECTION, NodeKind.QUESTION) else ""

    assert await asking.ask(NODE, id=encode_id(kind, new_uuid(), key=key)) == {"node": None}


@pytest.mark.parametrize("node_id", ["", "nonsense", "é", "\0", "a" * 1_000, "YQ=="])
async def test_what_is_no_id_gives_null_without_a_statement(asking: Asking, node_id: str) -> None:
    assert await asking.ask(NODE, id=node_id) == {"node": None}
    assert asking.statements == 0


async def test_an_anchor_that_a_standing_answer_has_not_gives_null(asking: Asking) -> None:
    await asking.publish(rich())
    found = await asking.ask('{ answer(slug: "how-does-it-work") { sections { id answer { id } } } }')
    section = found["answer"]["sections"][0]["id"]

    assert await asking.ask(NODE, id=section[:-4] + "AAAA") == {"node": None}


async def test_more_than_a_hundred_ids_are_refused(asking: Asking) -> None:
    message = "`ids` has 101 entries: it takes at most 100."

    assert await asking.refusal(NODES, ids=["x"] * 101) == ("BAD_USER_INPUT", message)

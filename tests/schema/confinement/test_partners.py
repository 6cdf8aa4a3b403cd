"""A confined caller learns what it would learn if nothing lay beyond its bounds, whatever it asks."""

import json
import re

import pytest

from tests.schema.asking import Asking
from tests.schema.confinement.conftest import Asked
from tests.schema.confinement.generated_requests import Requests

NAMES = """{
  answers(first: 100, filter: {includeRetracted: true}) { nodes {
    id slug externalId sections { id anchor } followUpQuestions { id } disclaimers { id } } }
  topics(first: 100) { nodes { id slug codes { code } } } sources(first: 100) { nodes { id publisher } }
}"""
WORDS = [
    "What is acne?",
    "heart",
    "zebra",
    "murmurs",
    "zebracne",
    "zebramurmur",
    "valvular",
    "hart failure",
    "flapp",
    "t cells",
]
CURSORS = re.compile(r'"(cursor|endCursor|startCursor|answer_cursor)": "[^"]*"')


async def pools(asking: Asking) -> dict[str, list[str]]:
    """The names of everything in a database."""
    names = await asking.ask(NAMES)
    nodes = [node for each in names.values() for node in each["nodes"]]
    parts = [
        part for node in nodes for key in ("sections", "followUpQuestions", "disclaimers") for part in node.get(key, [])
    ]
    ids = sorted({each["id"] for each in [*nodes, *parts]})
    slugs = sorted({node["slug"] for node in nodes if "slug" in node})
    return {
        "id": ids, "ids": ids, "slug": slugs, "slugs": slugs, "topics": slugs, "query": WORDS,
        "prefix": [*[word[:3] for word in WORDS], "what"],
        "locale": ["en", "es", "de", "es-MX"], "locales": ["en", "es", "de"],
        "sources": [node["id"] for node in names["sources"]["nodes"]],
        "anchor": sorted({part["anchor"] for part in parts if "anchor" in part}),
        "anchors": sorted({part["anchor"] for part in parts if "anchor" in part}),
        "publishers": [node["publisher"] for node in names["sources"]["nodes"]],
        "code": [code["code"] for node in nodes for code in node.get("codes", [])],
        "externalIds": [node["externalId"] for node in nodes if node.get("externalId")],
    }  # fmt: skip


async def told(asking: Asking, text: str) -> str:
    result = await asking.execute(text)
    errors = [error.original_error.message if error.original_error else repr(error) for error in result.errors or ()]
    return CURSORS.sub("", json.dumps([result.data, errors], indent=1, ensure_ascii=False, default=str))


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_is_asked_the_answer_is_as_if_nothing_lay_beyond(asked: Asked, seed: int) -> None:
    without = "changes" if asked.partners.shares_topics else None
    requests, differ = Requests(asked.whole.schema, await pools(asked.whole), seed), 0

    for _ in range(40):
        text = requests.operation(without=without)
        confined = await told(asked.confined, text)
        assert confined == await told(asked.alone, text), text
        differ += confined != await told(asked.whole, text)

    assert differ > 10, "most operations would learn of what lies beyond"

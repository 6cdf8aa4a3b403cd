"""Cursors come back from clients as anything: each is followed or refused with a code, none is an accident."""

import base64
import json

import pytest

from server.errors.root import CaveatError
from tests.schema.asking import Asking
from tests.schema.drafts import answer

LISTS = {
    "answers": "query ($at: String) { answers(after: $at) { edges { cursor } } }",
    "updated": "query ($at: String) { answers(orderBy: {field: UPDATED_AT}, before: $at) { edges { cursor } } }",
    "questions": "query ($at: String) { answers(orderBy: {field: QUESTION}, after: $at) { edges { cursor } } }",
    "topics": "query ($at: String) { topics(after: $at) { edges { cursor } } }",
    "sources": "query ($at: String) { sources(after: $at) { edges { cursor } } }",
    "answers of a topic": (
        'query ($at: String) { topic(slug: "leukemia") { answers(after: $at) { edges { cursor } } } }'
    ),
    "changes": "query ($at: String) { changes(since: $at) { edges: nodes { cursor } } }",
    "search": 'query ($at: String) { search(query: "blood", after: $at) { edges { cursor } } }',
}
FORGED = [
    "",
    "a\0b",
    "\ud800",
    "2026-05-15T00:00:00",
    "0001-01-01T00:00:00+14:00",
    "not a uuid",
    "NaN",
    -1,
    2**31,
    2**63 - 1,
    2**64,
    1.5,
    None,
]


def _encode(parts: list[object]) -> str:
    raw = json.dumps(parts, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(cursor: str) -> list[object]:
    return json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))


def _forged(cursor: str) -> list[str]:
    """The cursor with each of its parts replaced by each of the values, and with parts too few and too many."""
    parts = _decode(cursor)
    changed = [[*parts[:place], value, *parts[place + 1 :]] for place in range(len(parts)) for value in FORGED]
    return [_encode(each) for each in [*changed, parts[:-1], [*parts, "more"], []]]


def _edges(data: dict) -> list[dict]:
    (found,) = data.values()
    return found["edges"] if "edges" in found else found["answers"]["edges"]


@pytest.mark.parametrize("name", LISTS)
async def test_a_forged_cursor_is_followed_or_refused(asking: Asking, name: str) -> None:
    await asking.publish(*[answer(f"answer-{number}") for number in range(2)])
    cursor = _edges(await asking.ask(LISTS[name]))[0]["cursor"]

    for forged in [*_forged(cursor), cursor + "=", cursor + "é", cursor.swapcase()]:
        result = await asking.execute(LISTS[name], at=forged)
        causes = [error.original_error for error in result.errors or ()]
        assert all(isinstance(cause, CaveatError) and cause.code.startswith("CURSOR") for cause in causes), forged

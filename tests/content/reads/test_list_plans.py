"""What a list found is looked up: nothing reads all answers but up to the end of its page."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from server.content.filters import AnswerFilter, AnswerOrder
from server.content.library import Library
from server.content.pages import PageRequest
from server.content.publishing import publish
from server.content.vocabulary import CodeSystem
from server.db.connections import connect
from server.db.engine import Engine
from server.db.reads import NO_SCANS, Reads
from tests.schema.drafts import LEUKEMIA, answer

FILTERS = {
    "everything": AnswerFilter(),
    "a topic": AnswerFilter(topics=("leukemia",)),
    "an area": AnswerFilter(topics=("cancer",)),
    "a code": AnswerFilter(codes=((CodeSystem.UMLS, LEUKEMIA.codes[0].code),)),
    "a code that is unknown": AnswerFilter(codes=((CodeSystem.UMLS, "C9999999"),)),
    "a language": AnswerFilter(locales=("en",)),
    "a language that nobody wrote in": AnswerFilter(locales=("fi",)),
}


class Sent(Reads):
    """Keeps what was sent."""

    def __init__(self, url: str) -> None:
        super().__init__(url, size=1, session=NO_SCANS)
        self.sent: list[tuple[str, tuple[Any, ...]]] = []

    async def fetch(self, sql: str, *args: Any) -> Any:
        self.sent.append((sql, args))
        return await super().fetch(sql, *args)


def unbounded(node: dict[str, Any], *, is_limited: bool = False) -> Iterator[str]:
    """The nodes that read answers by no condition of an index, and not for a page alone."""
    is_limited |= node["Node Type"] == "Limit"
    if node.get("Relation Name") == "answer" and "Index Cond" not in node and not is_limited:
        yield f"{node['Node Type']} of {node['Alias']}"
    for below in node.get("Plans", ()):
        yield from unbounded(below, is_limited=is_limited)


@pytest.mark.parametrize("wanted", FILTERS.values(), ids=FILTERS)
async def test_a_list_looks_up_what_it_found(engine: Engine, database_url: str, wanted: AnswerFilter) -> None:
    await publish(engine, [answer(f"page-{number}") for number in range(30)])
    connection = await connect(database_url, **NO_SCANS)
    try:
        await connection.execute("analyze")
        async with Sent(database_url) as reads:
            found = await Library(reads).list_ids(wanted, AnswerOrder(), page=PageRequest(size=5))
            sql, args = reads.sent[-1]
        [row] = await connection.fetch(f"explain (format json) {sql}", *args)
    finally:
        await connection.close()

    assert len(found.nodes) in (0, 5)
    assert list(unbounded(json.loads(row[0])[0]["Plan"])) == []

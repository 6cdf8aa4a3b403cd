"""Content that is denser than any that was thought of makes no operation of little cost a great one."""

from collections.abc import AsyncIterator

import pytest

from server.app import create_app
from server.content import draft as drafts
from server.content.publishing import publish
from server.db.engine import Engine
from tests.access.registering import production
from tests.databases import Databases
from tests.schema.drafts import DAY, GUIDELINE, answer, cited, section
from tests.web.running import Running, running

MANY = 30
CITING = drafts.Paragraph(content=cited("Says the ", "NCCN") * MANY)
PARTS = [drafts.Topic(name=f"Part {number}", slug=f"part-{number}", parent="whole") for number in range(MANY)]
NESTED = {
    "sections": ('answer(slug: "dense") {', "sections { answer {"),
    "citations": ('answer(slug: "dense") { section(anchor: "part-0") {', "citations { section {"),
    "topics": ('topic(slug: "whole") {', "children { parent {"),
}


@pytest.fixture(scope="module")
async def server(databases: Databases) -> AsyncIterator[Running]:
    url = await databases.create()
    sections = [section(f"Part {number}", CITING) for number in range(MANY)]
    whole = drafts.Topic(name="Whole", slug="whole")
    dense = answer("dense", topics=(whole,), sections=tuple(sections), sources=(GUIDELINE,), published_on=DAY)
    engine = Engine(url)
    await publish(engine, [dense, *[answer(each.slug, topics=(each,)) for each in PARTS]])
    await engine.close()
    async with running(create_app(production(), url=url)) as opened:
        yield opened
    await databases.drop(url)


@pytest.mark.parametrize("way", NESTED)
@pytest.mark.parametrize("times", [2, 3])
async def test_what_leads_back_to_long_lists_is_ended(server: Running, way: str, times: int) -> None:
    begin, nest = NESTED[way]
    opened = f"{begin} {nest * times}"
    body = {"query": f"{{ {opened} id {'}' * opened.count('{')} }}"}

    responses = [await server.send(json=body) for _ in range(2)]  # by graphql-core, then compiled

    codes = [[error["extensions"]["code"] for error in each.json().get("errors", ())] for each in responses]
    assert codes == [["OPERATION_TOO_COSTLY"] if times == 3 else []] * 2
    assert [each.json().get("data") is None for each in responses] == [times == 3] * 2

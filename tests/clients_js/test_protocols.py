import asyncio
import json

import pytest

from server.settings import Environment
from tests.clients_js.node import FOLDER, install, needs_node
from tests.web.running import running

pytestmark = needs_node
environments = pytest.mark.parametrize("environment", list(Environment))


@pytest.fixture(scope="module", autouse=True)
def packages():
    install(FOLDER)


async def run(script, url):
    """What a script prints, as JSON."""
    process = await asyncio.create_subprocess_exec(
        "node", str(FOLDER / script), url, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(60):
        output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return json.loads(output)


@environments
async def test_every_audit_of_graphql_over_http_passes(environment):
    async with running(environment=environment) as server:
        results = await run("audits.mjs", server.url)

    assert len(results) == 61
    assert [result for result in results if result["status"] != "ok"] == []


@environments
async def test_the_client_graphql_ws_works(environment):
    async with running(environment=environment) as server:
        assert await run("sockets.mjs", server.url) == {
            "query": [{"data": {"hello": "hello Ada"}}],
            "counted": [{"data": {"count": number}} for number in (1, 2, 3)],
            "refused": [{"refused": ["GRAPHQL_VALIDATION_FAILED"]}],
            "wrong": [{"refused": ["GRAPHQL_PARSE_FAILED"]}],
            "ticked": [{"data": {"tick": number}} for number in (1, 2)],
        }


@environments
async def test_the_client_graphql_sse_works(environment):
    async with running(environment=environment) as server:
        came = await run("streams.mjs", server.url)

    [refusal] = came.pop("refused")
    assert [error["extensions"]["code"] for error in refusal["errors"]] == ["GRAPHQL_VALIDATION_FAILED"]
    assert came == {
        "query": [{"data": {"hello": "hello Ada"}}],
        "counted": [{"data": {"count": number}} for number in (1, 2, 3)],
        "ticked": [{"data": {"tick": number}} for number in (1, 2)],
    }


@environments
async def test_the_client_urql_works(environment):
    async with running(environment=environment) as server:
        assert await run("urql.mjs", server.url) == {
            "posted": ["hello Ada", ["GRAPHQL_VALIDATION_FAILED"]],
            "got": ["hello Ada", ["GRAPHQL_VALIDATION_FAILED"]],
            "counted": [1, 2, 3],
            "refused": ["GRAPHQL_VALIDATION_FAILED"],
        }

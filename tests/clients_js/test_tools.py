"""What applications are built with takes the exported schema, and the server takes what it makes of it."""

import asyncio
import json
import shutil

import pytest

from server.app import create_app
from server.commands.seeding import seed
from server.content.withdrawal import Named, retract
from server.settings import Environment, Settings
from tests.clients_js.node import TOOLS, install, needs_node, run_tool
from tests.clients_js.projects import by_name, prepared, with_operations
from tests.web.running import hear, running, say

pytestmark = [needs_node, pytest.mark.timeout(600)]  # the packages take their time to install
SLUG = "how-does-car-t-cell-therapy-work-for-leukemia"
OTHER = "what-do-blood-pressure-readings-mean"
NODES = f'{{ answer(slug: "{SLUG}") {{ id sections {{ id }} sources {{ id }} topics {{ id }} }} }}'
DECIDED_BY_THE_CONTRACT = {
    "Field `search` must contain an argument `last`, that return Int.",  # the best match is first: nobody reads upwards
    "Field `search` must contain an argument `before`, that return String or Scalar.",
    'Field "reviewedOn" starts with the name of the parent type "Review"',  # as in `publishedOn`, beside `nextReviewOn`
    'Field "reviewer" starts with the name of the parent type "Review"',
}


@pytest.fixture(scope="module", autouse=True)
def packages():
    install(TOOLS)


@pytest.fixture(scope="module")
async def library(databases, data_dir):
    """A server as in production, with the sample answers."""
    url = await databases.create()
    await seed(url)
    async with running(create_app(Settings(data_dir=data_dir, environment=Environment.PRODUCTION), url=url)) as server:
        yield server
    await databases.drop(url)


@pytest.fixture(scope="module")
def relay_operations(tmp_path_factory, packages):
    """The operations that the Relay compiler makes, by name."""
    folder = prepared(tmp_path_factory.mktemp("relay"), "relay")
    (folder / "operations.json").write_text("{}")
    run_tool("relay-compiler", "relay.config.json", folder=folder)
    return by_name(json.loads((folder / "operations.json").read_text()).values())


@pytest.fixture(scope="module")
def generated(tmp_path_factory, packages):
    """What graphql-codegen makes of the schema and the operations of the README."""
    folder = with_operations(prepared(tmp_path_factory.mktemp("codegen"), "codegen"))
    run_tool("graphql-codegen", "--config", "codegen.ts", folder=folder)
    return folder


async def ids(library):
    """An id of each kind of node."""
    answer = (await library.post(NODES)).json()["data"]["answer"]
    return {"Answer": answer["id"]} | {
        name: answer[f"{name.lower()}s"][0]["id"] for name in ("Section", "Source", "Topic")
    }


async def test_relay_makes_an_operation_of_every_query_and_refetchable_fragment(relay_operations):
    assert sorted(relay_operations) == [
        "libraryAnswersPageQuery",
        "libraryQuery",
        "librarySourcePageQuery",
        "libraryTopicPageQuery",
        "libraryTopicsPageQuery",
        "pageAnswerQuery",
        "pageChangedSubscription",
        "pageQuery",
        "pageSectionQuery",
    ]


@pytest.mark.parametrize("is_whole", [True, False])
@pytest.mark.parametrize(
    ("name", "node"),
    [
        ("libraryAnswersPageQuery", None),
        ("libraryQuery", None),
        ("libraryTopicsPageQuery", None),
        ("pageQuery", None),
        ("librarySourcePageQuery", "Source"),
        ("libraryTopicPageQuery", "Topic"),
        ("pageAnswerQuery", "Answer"),
        ("pageSectionQuery", "Section"),
    ],
)
async def test_the_server_takes_what_relay_makes(library, relay_operations, name, node, is_whole):
    variables = {"slug": SLUG, "isWhole": is_whole} | ({"id": (await ids(library))[node]} if node else {})

    response = await library.post(relay_operations[name], variables=variables)

    assert (response.status_code, response.json().get("errors")) == (200, None)
    assert [value for value in response.json()["data"].values() if value is None] == []


async def test_relay_follows_every_page_of_a_connection(library, relay_operations):
    slugs, page = [], {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        variables = {"first": 3, "after": page["endCursor"]}
        response = await library.post(relay_operations["libraryAnswersPageQuery"], variables=variables)
        found = response.json()["data"]["answers"]
        slugs += [edge["node"]["slug"] for edge in found["edges"]]
        page = found["pageInfo"]

    assert len(slugs) == len(set(slugs)) == found["totalCount"] == 8


async def test_relay_hears_of_changes(library, relay_operations):
    start = (await library.post("{ changes(first: 0) { cursor } }")).json()["data"]["changes"]["cursor"]
    payload = {
        "query": relay_operations["pageChangedSubscription"],
        "variables": {"since": start, "isWhole": True},
    }
    async with library.talk() as opened:
        await say(opened, id="1", type="subscribe", payload=payload)
        change = (await hear(opened))["payload"]

    assert (change.get("errors"), change["data"]["contentChanged"]["kind"]) == (None, "PUBLISHED")


def test_what_codegen_makes_is_typescript(generated):
    run_tool("tsc", "--project", "tsconfig.json", folder=generated)


async def test_the_server_takes_the_documents_of_codegens_manifest(library, generated):
    manifest = json.loads((generated / "client" / "persisted-documents.json").read_text())

    responses = [await library.post(text, variables={"slug": SLUG}) for text in manifest.values()]

    assert [(response.status_code, response.json().get("errors")) for response in responses] == [(200, None)] * 3


def test_eslint_finds_nothing_in_the_schema_but_what_the_contract_decides(tmp_path):
    folder = prepared(tmp_path)
    shutil.copy(TOOLS / "eslint.config.js", folder)

    run_tool("eslint", "--format=json", "--output-file=found.json", "schema.graphql", folder=folder, status=1)

    [found] = json.loads((folder / "found.json").read_text())
    assert {message["message"] for message in found["messages"]} == DECIDED_BY_THE_CONTRACT


async def test_a_cache_of_apollos_holds_together_and_forgets_what_is_retracted(
    database_url, engine, tmp_path, data_dir
):
    await seed(database_url)
    folder = with_operations(prepared(tmp_path))
    shutil.copy(TOOLS / "apollo.mjs", folder)
    files = ("schema.graphql", "Page.graphql", "Screen.graphql", "Sync.graphql")
    settings = Settings(data_dir=data_dir, environment=Environment.PRODUCTION)

    async def withdraw():
        await retract(engine, Named(slug=SLUG), reason="Out of date.")
        await asyncio.sleep(1)  # the longest that what is kept may be served after that

    async with running(create_app(settings, url=database_url)) as server:
        came = await apollo(folder, server.url, *files, change=withdraw)

    assert came == {
        "complaints": [],
        "isSameAgain": True,
        "before": {"sections": 7, "blocks": 1},
        "after": {"sections": 0, "blocks": 0, "first": "RETRACTION", "others": True},
    }


async def apollo(folder, url, *files, change):
    """What Apollo Client finds before and after a change."""
    process = await asyncio.create_subprocess_exec(
        *("node", "--conditions=development", "apollo.mjs", url, SLUG, OTHER, *files),
        cwd=folder,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        assert await process.stdout.readline() == b"ready\n"
        await change()
        output, errors = await process.communicate(b"\n")
    assert process.returncode == 0, errors.decode()
    return json.loads(output)

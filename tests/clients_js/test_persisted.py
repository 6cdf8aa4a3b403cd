"""What the tools write is what `caveat documents push` takes, and what clients send is what the server knows."""

import asyncio
import json

import pytest

from server.access.clients import ClientKind
from server.access.documents.checking import documents_of, faults_of
from server.access.documents.keeping import push
from server.access.documents.reading import read_manifest
from server.app import create_app
from server.commands.seeding import seed
from server.commands.vetting import document_check
from tests.access.registering import bearer, production, register
from tests.clients_js.node import TOOLS, install, needs_node, run_tool
from tests.clients_js.projects import prepared, with_operations
from tests.web.running import running

pytestmark = [needs_node, pytest.mark.timeout(600)]  # the packages take their time to install
SLUG = "how-does-car-t-cell-therapy-work-for-leukemia"
TITLE = "How CAR-T Cell Therapy Works for Leukemia"
APOLLO = "persisted-query-manifest.json"
HASHED, TEXTED = {"hasText": False, "hasHash": True}, {"hasText": True, "hasHash": True}


@pytest.fixture(scope="module", autouse=True)
def packages():
    install(TOOLS)


@pytest.fixture(scope="module")
def project(tmp_path_factory, packages):
    """The operations of the README, with the manifests that graphql-codegen and Apollo's generator make of them."""
    folder = with_operations(prepared(tmp_path_factory.mktemp("persisted"), "persisted"))
    run_tool("graphql-codegen", "--config", "codegen.ts", folder=folder)
    run_tool("generate-persisted-query-manifest", folder=folder)
    return folder


@pytest.fixture(scope="module")
def relay_manifest(tmp_path_factory, packages):
    """What the Relay compiler persists."""
    folder = prepared(tmp_path_factory.mktemp("relay"), "relay")
    (folder / "operations.json").write_text("{}")
    run_tool("relay-compiler", "relay.config.json", folder=folder)
    return folder / "operations.json"


@pytest.fixture
async def server(database_url):
    await seed(database_url)
    async with running(create_app(production(), url=database_url)) as opened:
        yield opened


def documents(path):
    """The documents of a manifest, which the served schema takes."""
    manifest = read_manifest(path)
    assert [str(fault) for fault in faults_of(manifest, document_check())] == []
    return documents_of(manifest)


async def ask(kind, project, server, *, key, manifest=None):
    """What a client asks and gets, asking the same twice."""
    process = await asyncio.create_subprocess_exec(
        *("node", "clients.mjs", kind, server.url, key.text, SLUG, *([manifest] if manifest else [])),
        cwd=project,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return json.loads(output)


@pytest.mark.parametrize("manifest", ["sha1/persisted-documents.json", "sha256/persisted-documents.json", APOLLO])
async def test_every_document_of_a_tools_manifest_is_asked_by_its_id(project, server, engine, manifest):
    key = await register(engine, kind=ClientKind.MOBILE)
    found = documents(project / manifest)
    await push(engine, found, client="app", version="1")

    responses = [
        await server.send(json={"documentId": document.id, "variables": {"slug": SLUG}}, headers=bearer(key))
        for document in found
    ]

    assert sorted(document.name for document in found) == ["Page", "Screen", "Sync"]
    assert [response.json().get("errors") for response in responses] == [None] * 3


async def test_a_folder_of_graphql_files_is_a_manifest(project):
    assert sorted(document.name for document in documents(project)) == ["Page", "Screen", "Sync"]


async def test_what_relay_persists_is_a_manifest(relay_manifest, server, engine):
    key = await register(engine, kind=ClientKind.WEB)
    found = {document.name: document for document in documents(relay_manifest)}
    await push(engine, list(found.values()), client="app", version="1")

    body = {"documentId": found["pageQuery"].id, "variables": {"slug": SLUG, "isWhole": True}}
    response = await server.send(json=body, headers=bearer(key))

    assert (len(found), response.json().get("errors")) == (9, None)


@pytest.mark.parametrize("kind", ["apollo", "urql"])
async def test_a_client_that_is_bound_asks_its_manifest_over_get(project, server, engine, kind):
    key = await register(engine, kind=ClientKind.WEB)
    await push(engine, documents(project / APOLLO), client="app", version="1")

    assert await ask(kind, project, server, key=key, manifest=APOLLO) == {
        "requests": [{"method": "GET"} | HASHED] * 2,
        "results": [{"title": TITLE, "codes": []}] * 2,
    }


@pytest.mark.parametrize(("kind", "method"), [("apollo", "POST"), ("urql", "GET")])
async def test_a_client_registers_what_it_sends_once_and_asks_over_get(project, server, engine, kind, method):
    key = await register(engine, registers_documents=True)

    assert await ask(kind, project, server, key=key) == {
        "requests": [{"method": "GET"} | HASHED, {"method": method} | TEXTED, {"method": "GET"} | HASHED],
        "results": [{"title": TITLE, "codes": []}] * 2,
    }


@pytest.mark.parametrize("kind", ["apollo", "urql"])
async def test_a_client_that_is_bound_gets_nothing_that_is_not_registered(project, server, engine, kind):
    key = await register(engine, kind=ClientKind.WEB)

    came = await ask(kind, project, server, key=key)

    assert [result.get("title") for result in came["results"]] == [None, None]
    assert came["results"][0]["codes"] == ["DOCUMENT_NOT_TRUSTED"]

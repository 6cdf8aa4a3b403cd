from dataclasses import replace

import pytest

from server.access.clients import Caller, Client, ClientKind
from server.access.documents import serving
from server.access.documents.keeping import push, retire
from server.access.documents.known import KnownDocuments
from server.access.documents.registered import RegisteredTexts
from server.access.documents.serving import DocumentFinder
from server.access.documents.values import Document
from server.access.registration import find_client
from server.errors.root import CaveatError
from server.execution.callers import Rights
from server.execution.operation import Request
from server.execution.texts import DocumentText
from tests.access.documents.manifests import HELLO, NUMBER, sha256
from tests.access.registering import register

HASH = sha256(HELLO)
TRUSTED = DocumentText(text=HELLO, id=HASH)
STRANGER = Caller(address="192.0.2.1", rights=Rights())


@pytest.fixture
def known(reads):
    return KnownDocuments(reads, hears=lambda: True)


@pytest.fixture
def finder(known):
    return DocumentFinder(known, RegisteredTexts())


@pytest.fixture
async def client(engine) -> Client:
    await register(engine)
    await push(engine, [Document(id=HASH, text=HELLO), Document(id="page", text=HELLO)], client="app", version="1")
    async with engine.transaction() as session:
        return await find_client(session, "app")


def caller(client, **rights):
    return Caller(address="192.0.2.1", rights=replace(client.rights, **rights), client=with_rights(client, **rights))


def with_rights(client, **rights):
    return replace(client, rights=replace(client.rights, **rights))


def apollo(text, *, query=None, **changes):
    persisted = {"version": 1, "sha256Hash": sha256(text)} | changes
    return Request(query=query, extensions={"persistedQuery": persisted})


async def refusal(finder, request, caller):
    with pytest.raises(CaveatError) as caught:
        await finder.find(request, caller)
    return caught.value.code


@pytest.mark.parametrize(
    "request_",
    [
        Request(document_id=HASH),
        Request(document_id=f"sha256:{HASH}"),
        Request(document_id=HASH.upper()),
        Request(document_id=HASH, query=HELLO),
        Request(document_id=HASH, query=""),
        apollo(HELLO),
        apollo(HELLO, query=HELLO),
        replace(apollo(HELLO), document_id=f"sha256:{HASH}"),
    ],
)
@pytest.mark.parametrize("is_bound", [True, False])
async def test_a_trusted_document_is_found_however_it_is_named(finder, client, request_, is_bound):
    assert await finder.find(request_, caller(client, is_bound=is_bound)) == TRUSTED


async def test_a_document_is_read_from_the_database_once(finder, client, reads):
    before = reads.statements

    for _ in range(3):
        await finder.find(Request(document_id=HASH), caller(client))

    assert reads.statements == before + 1


async def test_an_id_that_is_no_hash_names_its_document(finder, client):
    found = await finder.find(Request(document_id="page"), caller(client))

    assert found == DocumentText(text=HELLO, id="page")


async def test_the_documents_of_a_client_are_nobody_elses(finder, client, engine):
    await register(engine, "site")
    async with engine.transaction() as session:
        site = await find_client(session, "site")

    for other in (STRANGER, caller(site), caller(site, is_bound=True)):
        assert await refusal(finder, Request(document_id=HASH), other) == "DOCUMENT_NOT_FOUND"


@pytest.mark.parametrize("document_id", ["", "nothing", "a\0", "\ud800", "x" * 100_000, "sha256:"])
async def test_an_id_that_names_nothing_is_not_found(finder, client, document_id):
    assert await refusal(finder, Request(document_id=document_id), caller(client)) == "DOCUMENT_NOT_FOUND"


async def test_a_bound_client_gets_nothing_for_a_text(finder, client):
    bound = caller(client, is_bound=True)

    for request in (Request(query=HELLO), Request(query="{"), apollo(NUMBER, query=NUMBER)):
        assert await refusal(finder, request, bound) == "DOCUMENT_NOT_TRUSTED"


async def test_a_client_that_is_not_bound_gets_its_text(finder, client):
    for request in (Request(query=NUMBER), apollo(NUMBER, query=NUMBER), Request(query=NUMBER, document_id="new")):
        assert await finder.find(request, caller(client)) == DocumentText(text=NUMBER)


@pytest.mark.parametrize(
    "request_",
    [
        Request(document_id=HASH, query=NUMBER),
        Request(document_id=f"sha256:{HASH}", query=NUMBER),
        Request(document_id="page", query=NUMBER),
        Request(document_id="sha256:page", query=HELLO),
        apollo(HELLO, query=NUMBER),
        apollo(HELLO, query=HELLO, sha256Hash="page"),
    ],
)
@pytest.mark.parametrize("rights", [{"is_bound": True}, {"registers_documents": True}, {}])
async def test_an_id_that_does_not_fit_the_text_is_refused(finder, client, request_, rights):
    assert await refusal(finder, request_, caller(client, **rights)) == "DOCUMENT_HASH_MISMATCH"


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (Request(extensions={"persistedQuery": []}), "BAD_REQUEST"),
        (Request(extensions={"persistedQuery": {"version": 1}}), "BAD_REQUEST"),
        (Request(extensions={"persistedQuery": {"version": 1, "sha256Hash": 3}}), "BAD_REQUEST"),
        (apollo(HELLO, version=2), "PERSISTED_QUERY_NOT_SUPPORTED"),
        (apollo(HELLO, version=True), "PERSISTED_QUERY_NOT_SUPPORTED"),
        (replace(apollo(HELLO), document_id="page"), "BAD_REQUEST"),
        (Request(), "BAD_REQUEST"),
    ],
)
async def test_a_malformed_name_is_refused(finder, client, request_, code):
    assert await refusal(finder, request_, caller(client)) == code


async def test_a_hash_that_is_not_known_is_told_in_apollos_words(finder, client):
    for rights in ({}, {"is_bound": True}, {"registers_documents": True}):
        assert await refusal(finder, apollo(NUMBER), caller(client, **rights)) == "PERSISTED_QUERY_NOT_FOUND"


async def test_a_stranger_has_no_hashes(finder):
    assert await refusal(finder, apollo(NUMBER), STRANGER) == "PERSISTED_QUERY_NOT_SUPPORTED"
    assert await finder.find(apollo(NUMBER, query=NUMBER), STRANGER) == DocumentText(text=NUMBER)


async def test_a_client_that_may_registers_a_text_by_sending_it_once(finder, client):
    registering = caller(client, registers_documents=True)

    await finder.find(apollo(NUMBER, query=NUMBER), registering)

    assert await finder.find(apollo(NUMBER), registering) == DocumentText(text=NUMBER)
    assert await finder.find(Request(document_id=sha256(NUMBER)), registering) == DocumentText(text=NUMBER)
    assert await refusal(finder, apollo(NUMBER), caller(client)) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize("rights", [{}, {"is_bound": True, "registers_documents": True}])
async def test_nobody_else_registers_anything(finder, client, rights):
    for kind in (ClientKind.PARTNER, ClientKind.WEB):
        other = caller(replace(client, kind=kind), **rights)
        with_text = apollo(NUMBER, query=NUMBER)
        if not other.rights.is_bound:
            await finder.find(with_text, other)
        else:
            assert await refusal(finder, with_text, other) == "DOCUMENT_NOT_TRUSTED"
        assert await refusal(finder, apollo(NUMBER), other) == "PERSISTED_QUERY_NOT_FOUND"


async def test_a_key_that_everybody_reads_registers_nothing_whatever_its_rights(finder, client):
    web = caller(replace(client, kind=ClientKind.WEB), registers_documents=True)

    await finder.find(apollo(NUMBER, query=NUMBER), web)

    assert await refusal(finder, apollo(NUMBER), web) == "PERSISTED_QUERY_NOT_FOUND"


async def test_a_registered_text_becomes_trusted_when_it_is_pushed(finder, known, client, engine):
    registering = caller(client, registers_documents=True)
    await finder.find(apollo(NUMBER, query=NUMBER), registering)
    await push(engine, [Document(id=sha256(NUMBER), text=NUMBER)], client="app", version="2")
    known.forget()

    assert await finder.find(apollo(NUMBER), registering) == DocumentText(text=NUMBER, id=sha256(NUMBER))


async def test_a_registered_text_is_looked_for_in_the_database_once(finder, client, reads):
    registering = caller(client, registers_documents=True)
    await finder.find(apollo(NUMBER, query=NUMBER), registering)
    before = reads.statements

    for _ in range(3):
        await finder.find(apollo(NUMBER), registering)

    assert reads.statements == before


async def test_what_is_retired_is_found_no_longer(finder, known, client, engine):
    await finder.find(Request(document_id=HASH), caller(client))
    await retire(engine, client="app", version="1")
    known.forget()

    assert await refusal(finder, Request(document_id=HASH), caller(client)) == "DOCUMENT_NOT_FOUND"


async def test_who_tries_ids_is_slowed_down(known, client, reads, monkeypatch):
    monkeypatch.setattr(serving, "MOST_UNKNOWN", 3)
    finder = DocumentFinder(known, RegisteredTexts())
    codes = [await refusal(finder, Request(document_id=f"try{number}"), caller(client)) for number in range(3)]
    before = reads.statements

    assert await refusal(finder, Request(document_id="try4"), caller(client)) == "RATE_LIMITED"
    assert await refusal(finder, Request(document_id="try0"), caller(client)) == "DOCUMENT_NOT_FOUND"
    elsewhere = replace(caller(client), address="192.0.2.2")
    assert (codes, reads.statements) == (["DOCUMENT_NOT_FOUND"] * 3, before)
    assert await finder.find(Request(document_id=HASH), elsewhere) == TRUSTED

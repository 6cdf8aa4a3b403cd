import asyncio

import pytest

from server.access.documents import known
from server.access.documents.keeping import push, retire
from server.access.documents.known import KnownDocuments
from server.access.documents.values import Document
from server.errors.machine import DatabaseUnavailableError
from tests.access.registering import register

A, B = Document(id="a", text="{ a }", name="A"), Document(id="b", text="{ b }")


@pytest.fixture
async def client_id(engine, reads):
    await register(engine)
    await push(engine, [A, B], client="app", version="1")
    return await reads.fetch_value("select id from client")


async def test_a_document_is_read_once(reads, client_id):
    documents = KnownDocuments(reads, hears=lambda: True)

    found = await documents.read((client_id, "a"))

    assert found == A
    assert documents.kept((client_id, "a")) is found


async def test_what_is_missing_is_known_to_be(reads, client_id):
    documents = KnownDocuments(reads, hears=lambda: True)

    assert await documents.read((client_id, "c")) is None
    assert (documents.is_missing((client_id, "c")), documents.is_missing((client_id, "a"))) == (True, False)


async def test_nothing_is_kept_when_clients_have_changed(reads, client_id, engine):
    documents = KnownDocuments(reads, hears=lambda: True)
    for name in ("a", "c"):
        await documents.read((client_id, name))

    documents.forget()

    assert documents.kept((client_id, "a")) is None
    assert not documents.is_missing((client_id, "c"))


async def test_what_was_read_before_a_change_is_not_kept_after_it(reads, client_id):
    documents = KnownDocuments(reads, hears=lambda: True)

    reading = asyncio.create_task(documents.read((client_id, "a")))
    await asyncio.sleep(0)  # it waits for the database
    documents.forget()

    assert (await reading, len(documents)) == (A, 0)


async def test_nothing_that_was_kept_is_taken_for_true_while_changes_may_be_missed(reads, client_id):
    hears = [True]
    documents = KnownDocuments(reads, hears=lambda: hears[0])
    for name in ("a", "c"):
        await documents.read((client_id, name))

    hears[0] = False

    assert documents.kept((client_id, "a")) is None
    assert not documents.is_missing((client_id, "c"))


async def test_a_document_without_a_version_that_is_served_is_not_found(reads, client_id, engine):
    documents = KnownDocuments(reads, hears=lambda: True)
    await push(engine, [B], client="app", version="2")
    await retire(engine, client="app", version="1")

    assert [await documents.read((client_id, name)) for name in ("a", "b")] == [None, B]


async def test_there_is_room_for_so_many(reads, client_id, monkeypatch):
    monkeypatch.setattr(known, "MOST_KEPT", 1)
    monkeypatch.setattr(known, "MOST_MISSES_KEPT", 1)
    documents = KnownDocuments(reads, hears=lambda: True)

    for name in ("a", "c", "b", "d"):
        await documents.read((client_id, name))

    assert [documents.kept((client_id, name)) for name in ("a", "b")] == [None, B]
    assert [documents.is_missing((client_id, name)) for name in ("c", "d")] == [False, True]


async def test_long_documents_make_room_for_one_another(reads, client_id, monkeypatch):
    monkeypatch.setattr(known, "MOST_KEPT_CHARACTERS", 9)
    documents = KnownDocuments(reads, hears=lambda: True)

    for name in ("a", "b", "b"):
        await documents.read((client_id, name))

    assert [documents.kept((client_id, name)) for name in ("a", "b")] == [None, B]


async def test_what_was_read_stands_in_while_the_database_is_away(reads, client_id):
    documents = KnownDocuments(reads, hears=lambda: False, bears_age=lambda: True)
    await documents.read((client_id, "a"))
    await reads.close()

    assert await documents.read((client_id, "a")) == A
    with pytest.raises(DatabaseUnavailableError):
        await documents.read((client_id, "b"))


@pytest.mark.parametrize("is_forgotten", [True, False])
async def test_what_is_too_old_or_may_have_changed_does_not(reads, client_id, is_forgotten):
    documents = KnownDocuments(reads, hears=lambda: False, bears_age=lambda: is_forgotten)
    await documents.read((client_id, "a"))
    if is_forgotten:
        documents.forget()
    await reads.close()

    with pytest.raises(DatabaseUnavailableError):
        await documents.read((client_id, "a"))


async def test_what_is_known_to_be_retired_does_not(reads, client_id, engine):
    documents = KnownDocuments(reads, hears=lambda: False, bears_age=lambda: True)
    await documents.read((client_id, "a"))
    await retire(engine, client="app", version="1")
    await documents.read((client_id, "a"))
    await reads.close()

    with pytest.raises(DatabaseUnavailableError):
        await documents.read((client_id, "a"))

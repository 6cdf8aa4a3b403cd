import asyncio

import pytest

from server.access.documents.keeping import Pushed, PushKind, push, retire
from server.access.documents.listing import list_documents, list_versions
from server.access.documents.values import Document
from server.db.listen import Listener
from server.errors.content import NotFoundError, RefusedError
from tests.access.documents.manifests import HELLO, NUMBER, sha256
from tests.access.registering import register
from tests.web.running import until

A = Document(id=sha256(HELLO), text=HELLO, name="Hello")
B = Document(id=sha256(NUMBER), text=NUMBER, name="Number")


async def kept(engine, client=None):
    """The documents that are kept, with the versions that have them."""
    async with engine.transaction() as session:
        return [
            (each.client, each.document, each.versions, each.retired)
            for each in await list_documents(session, client=client)
        ]


async def test_a_push_keeps_the_documents_of_a_version(engine):
    await register(engine)

    pushed = await push(engine, [A, B], client="app", version="1")

    assert pushed == Pushed(kind=PushKind.PUSHED, new=(A.id, B.id))
    assert await kept(engine) == [("app", A, ("1",), ()), ("app", B, ("1",), ())]


async def test_a_document_of_two_versions_is_kept_once(engine):
    await register(engine)
    await push(engine, [A], client="app", version="1")

    pushed = await push(engine, [A, B], client="app", version="2")

    assert pushed.new == (B.id,)
    assert await kept(engine) == [("app", A, ("1", "2"), ()), ("app", B, ("2",), ())]


async def test_the_same_version_with_the_same_documents_changes_nothing(engine):
    await register(engine)
    await push(engine, [A, B], client="app", version="1")
    async with engine.transaction() as session:
        before = await list_versions(session)

    assert await push(engine, [B, A], client="app", version="1") == Pushed(kind=PushKind.UNCHANGED)
    async with engine.transaction() as session:
        assert await list_versions(session) == before


async def test_the_same_version_with_other_documents_is_refused(engine):
    await register(engine)
    await push(engine, [A], client="app", version="1")

    with pytest.raises(RefusedError, match="it had 1 that are missing now, and 1 are new"):
        await push(engine, [B], client="app", version="1")

    assert await kept(engine) == [("app", A, ("1",), ())]


async def test_an_id_stands_for_one_text_for_ever(engine):
    await register(engine)
    await push(engine, [Document(id="page", text=HELLO, name="Hello")], client="app", version="1")
    await retire(engine, client="app", version="1")

    with pytest.raises(RefusedError, match=r"Number \(page\): the client has another text under that id"):
        await push(engine, [A, Document(id="page", text=NUMBER, name="Number")], client="app", version="2")

    assert [each[1].id for each in await kept(engine)] == ["page"]


async def test_another_client_may_have_another_text_under_an_id(engine):
    for name, text in (("app", HELLO), ("site", NUMBER)):
        await register(engine, name)
        await push(engine, [Document(id="page", text=text)], client=name, version="1")

    assert [document.text for _, document, _, _ in await kept(engine, "site")] == [NUMBER]


async def test_a_version_that_is_retired_takes_with_it_what_no_other_has(engine):
    await register(engine)
    await push(engine, [A, B], client="app", version="1")
    await push(engine, [A], client="app", version="2")

    assert await retire(engine, client="app", version="1") == [B]
    assert await kept(engine) == [("app", A, ("2",), ("1",)), ("app", B, (), ("1",))]


async def test_a_version_that_is_retired_can_be_pushed_again(engine):
    await register(engine)
    await push(engine, [A], client="app", version="1")
    await retire(engine, client="app", version="1")

    assert await push(engine, [A], client="app", version="1") == Pushed(kind=PushKind.SERVED_AGAIN)
    assert await kept(engine) == [("app", A, ("1",), ())]


async def test_what_is_not_there_can_not_be_retired(engine):
    await register(engine)
    await push(engine, [A], client="app", version="1")
    await retire(engine, client="app", version="1")

    for client, version in (("app", "1"), ("app", "2"), ("site", "1")):
        with pytest.raises(NotFoundError):
            await retire(engine, client=client, version=version)


@pytest.mark.parametrize("version", ["", " ", " 1", "1\n", "1" * 101])
async def test_a_version_is_one_short_line(engine, version):
    await register(engine)

    with pytest.raises(RefusedError, match="a version is one line"):
        await push(engine, [A], client="app", version=version)


async def test_of_two_pushes_at_once_one_comes_first(engine):
    await register(engine)
    one, other = Document(id="page", text=HELLO), Document(id="page", text=NUMBER)

    outcomes = await asyncio.gather(
        push(engine, [one], client="app", version="1"),
        push(engine, [other], client="app", version="2"),
        return_exceptions=True,
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Pushed", "RefusedError"]
    assert len(await kept(engine)) == 1


async def test_every_change_is_told_with_its_commit(engine, database_url):
    await register(engine)
    heard = []
    async with Listener(database_url, {"caveat_access": heard.append}) as listener:
        await listener.connected()
        await push(engine, [A], client="app", version="1")
        await until(lambda: len(heard) == 1)
        await retire(engine, client="app", version="1")
        await until(lambda: len(heard) == 2)
        await push(engine, [A], client="app", version="1")
        await until(lambda: len(heard) == 3)

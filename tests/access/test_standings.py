import datetime

import pytest

from server.access.clients import ClientKind
from server.access.documents.keeping import push, retire
from server.access.documents.values import Document
from server.access.registration import change_rights, revoke_keys, rotate_key
from server.access.standings import standings
from tests.access.documents.manifests import HELLO, sha256
from tests.access.registering import register

DOCUMENT = Document(id=sha256(HELLO), text=HELLO)
WEEK = datetime.timedelta(days=7)


async def standing(engine):
    async with engine.transaction() as session:
        return list((await standings(session)).values())


async def narrow(engine):
    await change_rights(engine, "app", rights={"topics": ["leukemia"]})


async def rotate(engine):
    await rotate_key(engine, "app", overlap=WEEK, expires_at=None)


async def revoke(engine):
    await revoke_keys(engine, "app")


async def leave(engine):
    await retire(engine, client="app", version="1")


@pytest.mark.parametrize("change", [narrow, rotate, revoke, leave])
async def test_whatever_changes_what_an_app_is_served_changes_its_digest(engine, change):
    await register(engine, kind=ClientKind.WEB)
    await push(engine, [DOCUMENT], client="app", version="1")
    before = await standing(engine)
    assert await standing(engine) == before

    await change(engine)

    assert len(before) == 1
    assert await standing(engine) != before


async def test_clients_with_secret_keys_have_none(engine):
    await register(engine, kind=ClientKind.SERVER)

    assert await standing(engine) == []

"""Debian's Varnish in front of the server, by the VCL that is shipped: fast, and never behind what was purged."""

import asyncio
import shutil
import socket
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from server.access.registration import change_rights, revoke_keys
from server.app import create_app
from server.content.publishing import publish
from server.content.withdrawal import Named, retract
from server.events.purging import queue
from server.settings import Purging
from tests.access.registering import production
from tests.journeys.caching import BOTH, PAGE, app, asked
from tests.schema.drafts import answer
from tests.waiting import until
from tests.web.running import NO_CERTIFICATES, PATIENCE, running

pytestmark = pytest.mark.skipif(shutil.which("varnishd") is None, reason="there is no varnishd")
VCL = Path(__file__).parent / "varnish" / "caveat.vcl"
SLUG = "what-is-tea"


class Front:
    """A Varnish, and a way to ask through it."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}/"

    async def send(self, method="GET", **arguments):
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False, verify=NO_CERTIFICATES) as client:
            return await client.request(method, self.url + "graphql", **arguments)

    async def ask(self, headers, text=PAGE, **more):
        """What comes of a document, and whether it lay here."""
        variables = {"slug": SLUG} if text == PAGE else {}
        response = await self.send(params=asked(text, **variables), headers=headers | more)
        return response, " " in response.headers["x-varnish"]

    async def answers(self):
        try:
            return (await self.send("PURGE", headers={"surrogate-key": "nothing"})).status_code == 200
        except httpx.TransportError:
            return False


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@asynccontextmanager
async def varnish(folder, *, backend, port):
    configured = folder / "caveat.vcl"
    configured.write_text(VCL.read_text().replace('.port = "8000"', f'.port = "{backend}"'))
    # no jail: its users can not look into the folder of a test
    where = ("-F", "-a", f"127.0.0.1:{port}", "-n", folder / "run", "-T", "none", "-j", "none")
    process = await asyncio.create_subprocess_exec(
        *("varnishd", *where, "-f", configured, "-s", "malloc,16m"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    front = Front(port)
    try:
        await until(front.answers)
        yield front
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


@pytest.fixture
async def front(database_url, engine, tmp_path, monkeypatch):
    monkeypatch.setattr(queue, "DELAYS", (0.1, 0.2))
    await publish(engine, [answer(SLUG)])
    port = free_port()
    settings = production(purging=Purging(url=f"http://127.0.0.1:{port}/"))
    async with (
        running(create_app(settings, url=database_url)) as server,
        varnish(tmp_path, backend=server.port, port=port) as opened,
    ):
        await until(lambda: is_quiet(engine))
        yield opened


async def is_quiet(engine):
    """Whether nothing of what was published is still to be purged."""
    async with engine.transaction() as session:
        connection = await session.connection()
        return (await connection.exec_driver_sql("select count(*) from purge")).scalar_one() == 0


async def kept(front, headers, text=PAGE):
    """A response that lies there."""
    found = []

    async def lies():
        response, is_hit = await front.ask(headers, text)
        found[:] = [response]
        return is_hit

    await until(lies)
    return found[0]


async def test_what_was_asked_once_lies_there_and_says_nothing_of_how(front, engine):
    headers = await app(engine)
    response = await kept(front, headers)

    assert response.json()["data"]["answer"]["status"] == "PUBLISHED"
    assert response.headers["cache-control"] == "public, max-age=45, stale-while-revalidate=15, stale-if-error=255"
    assert not {"age", "surrogate-key", "cache-tag"} & set(response.headers)


async def test_what_lies_there_says_nothing_of_the_request_that_fetched_it(front, engine):
    headers = await app(engine)
    response = await kept(front, headers)
    known, is_hit = await front.ask(headers, **{"if-none-match": response.headers["etag"]})

    assert (known.status_code, is_hit) == (304, True)
    for each in (response, known):
        assert not {"ratelimit", "ratelimit-policy", "x-request-id", "cache-status"} & set(each.headers)


async def test_what_is_retracted_is_gone_and_does_not_come_back(front, engine):
    headers = await app(engine)
    before = await kept(front, headers)
    await retract(engine, Named(slug=SLUG), reason="Wrong.")

    async def is_told():
        response, _ = await front.ask(headers, **{"if-none-match": before.headers["etag"]})
        return response.status_code == 200 and response.json()["data"]["answer"]["status"] == "RETRACTED"

    await until(is_told)
    await until(lambda: is_quiet(engine))
    assert (await kept(front, headers)).json()["data"]["answer"]["status"] == "RETRACTED"


async def test_no_client_is_served_what_another_one_was(front, engine):
    one, other = await app(engine, "one"), await app(engine, "other", topics=["elsewhere"])
    await kept(front, one)
    for_other, _ = await front.ask(other)
    for_nobody, _ = await front.ask({})

    assert for_other.json() == {"data": {"answer": None}}
    assert "data" not in for_nobody.json()
    assert (await kept(front, one)).json()["data"]["answer"]["status"] == "PUBLISHED"


async def test_a_client_whose_bounds_changed_is_served_within_them(front, engine):
    headers = await app(engine)
    await kept(front, headers)
    await change_rights(engine, "app", rights={"topics": ["elsewhere"]})

    async def is_bounded():
        return (await front.ask(headers))[0].json() == {"data": {"answer": None}}

    await until(is_bounded)


async def test_a_key_that_was_revoked_opens_nothing_that_lies_there(front, engine):
    headers = await app(engine)
    await kept(front, headers)
    await revoke_keys(engine, "app")

    async def is_told():
        return (await front.ask(headers))[0].status_code == 401

    await until(is_told)


async def test_what_nobody_may_keep_does_not_lie_there(front, engine):
    headers = await app(engine)
    for _ in range(3):
        own, own_lay = await front.ask(headers, BOTH)
        wrong, wrong_lay = await front.ask(headers, "query Unknown { __typename }")

        assert (own.headers["cache-control"], own_lay) == ("no-store", False)
        assert (wrong.headers["cache-control"], wrong_lay) == ("no-store", False)


async def test_each_media_type_and_each_coding_lies_there_by_itself(front, engine):
    headers = await app(engine)
    plain = await kept(front, headers | {"accept": "application/json", "accept-encoding": "identity"})
    named = await kept(front, headers | {"accept": "application/graphql-response+json", "accept-encoding": "gzip"})

    assert plain.headers["content-type"] == "application/json; charset=utf-8"
    assert named.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
    assert plain.json() == named.json()


async def test_nothing_but_tags_is_purged(front):
    for said in ("", "a)(", "any|caveat", 'any" && obj.status == 200'):
        response = await front.send("PURGE", headers={"surrogate-key": said})

        assert response.status_code == 400

"""A key shows nowhere but where it was made: in no log, no metric, no span, no response and no output of a command."""

import asyncio
import base64
import hashlib
import json
from contextlib import suppress

import pytest
import websockets
from click.testing import CliRunner
from sqlalchemy import text

from server.access.keys import parse_key
from server.access.registration import revoke_keys
from server.app import create_app
from server.cli import main
from server.db.engine import Engine
from server.settings import Environment, LogLevel, Settings
from server.telemetry.exporting import ExportingTracer
from tests.access.registering import register
from tests.journeys.processes import serving
from tests.telemetry.exported import Exported
from tests.web.running import PATIENCE, running

ASKED = {"query": "{ __typename }"}
EVENTS = {"accept": "text/event-stream"}


def headers_with(key):
    """A key wherever a client may put it, rightly or not."""
    encoded = base64.b64encode(f"{key.text}:".encode()).decode()
    return [
        {"authorization": f"Bearer {key.text}"},
        {"authorization": f"Bearer {key.text}x"},
        {"authorization": f"Bearer {key.text[:-1]}é".encode()},
        {"authorization": key.text},
        {"authorization": f"Basic {encoded}"},
        {"x-api-key": key.text},
        {"cookie": f"key={key.text}"},
        {"authorization": f"Bearer {key.text}", "origin": "https://strange.example"},
        {"authorization": f"Bearer {key.text}", "accept": "image/png"},
    ]


async def send_everywhere(server, key):
    """Sends the key in every place of every kind of request; gives all that comes back."""
    written = []
    for headers in headers_with(key):
        for extra in ({}, EVENTS):
            response = await server.send(json=ASKED, headers={**extra, **headers})
            written += [response.text, str(response.headers)]
    response = await server.send("GET", params={"query": "{ __typename }", "apiKey": key.text})
    written += [response.text, str(response.headers)]
    for payload in ({"Authorization": f"Bearer {key.text}"}, {"apiKey": f"{key.text}x"}, {"apiKey": key.text, "a": 1}):
        written.append(await on_a_socket(server, payload))
    return "".join(written)


async def on_a_socket(server, payload):
    """All that a socket says that is initialised with the payload, and what it is closed with."""
    said = ""
    async with server.socket() as opened:
        await opened.send(json.dumps({"type": "connection_init", "payload": payload}))
        await opened.send(json.dumps({"type": "subscribe", "id": "1", "payload": ASKED}))
        await opened.send(json.dumps({"type": "nonsense"}))
        async with asyncio.timeout(PATIENCE):
            with suppress(websockets.ConnectionClosedError):
                async for message in opened:
                    said += message
    return said + opened.close_reason


def assert_kept(written, *keys):
    """Nothing of the secret of any key is in what was written, nor its digest."""
    for key in keys:
        digest = hashlib.sha256(key.secret.encode())
        forms = {key.secret, key.secret[:12], key.secret[-12:], key.secret.lower(), digest.hexdigest()}
        forms.add(base64.b64encode(digest.digest()).decode())
        assert [form for form in forms if form in written] == []


async def refused(server, key):
    """The refusal of a key, once it is no longer known from what was read before."""
    while (
        "errors"
        not in (response := await server.send(json=ASKED, headers={"authorization": f"Bearer {key.text}"})).text
    ):
        assert response.status_code == 200
    return response.text


async def test_no_key_is_in_what_a_server_says_or_writes(databases):
    url = await databases.create()
    engine = Engine(url)
    live, dead = await register(engine, "live"), await register(engine, "dead")
    await revoke_keys(engine, "dead")
    async with serving(DATABASE_URL=url, CAVEAT_LOG_LEVEL="debug") as (server, process):
        said = await send_everywhere(server, live) + await send_everywhere(server, dead)
        async with engine.transaction() as session:
            await session.execute(text("alter table client_key rename to gone"))
        said += await refused(server, live)
        process.terminate()
        written = b"".join(await asyncio.wait_for(process.communicate(), PATIENCE * 2)).decode()
    await engine.close()
    await databases.drop(url)

    assert "KEY_REVOKED" in said
    assert "INTERNAL_SERVER_ERROR" in said
    assert "unexpected error" in written
    assert_kept(said + written, live, dead)


async def test_no_key_is_in_metrics_or_spans(database_url, engine, data_dir):
    exported, key = Exported(), await register(engine)
    settings = Settings(data_dir=data_dir, environment=Environment.DEVELOPMENT, log_level=LogLevel.DEBUG)
    async with running(create_app(settings, url=database_url, tracer=ExportingTracer(exported.provider))) as server:
        await send_everywhere(server, key)
        metrics = await server.send("GET", url=server.url.replace("graphql", "metrics"))

    assert 'code="KEY_INVALID"' in metrics.text
    assert "SELECT client_key client" in {span.name for span in exported.spans()}
    assert_kept(metrics.text + exported.text(), key)


@pytest.mark.parametrize("after", [["show", "app"], ["list"], ["limit", "app", "--max-cost", "5"], ["revoke", "app"]])
def test_no_command_shows_a_key_a_second_time(database_url, monkeypatch, after):
    monkeypatch.setenv("DATABASE_URL", database_url)
    made = CliRunner().invoke(main, ["clients", "add", "app", "--kind", "web"], catch_exceptions=False)
    key = parse_key(made.stdout.strip())

    shown = CliRunner().invoke(main, ["clients", *after], catch_exceptions=False)

    assert shown.exit_code == 0
    assert_kept(made.stderr + shown.output, key)


@pytest.mark.parametrize(
    "words", [["show"], ["revoke"], ["revoke", "app", "--key"], ["rotate"], ["limit", "--no-calls"]]
)
def test_a_command_that_is_given_a_key_does_not_say_it(database_url, monkeypatch, words):
    monkeypatch.setenv("DATABASE_URL", database_url)
    made = CliRunner().invoke(main, ["clients", "add", "app", "--kind", "partner"], catch_exceptions=False)
    key = parse_key(made.stdout.strip())

    refused = CliRunner().invoke(main, ["clients", *words, key.text], catch_exceptions=False)

    assert (refused.exit_code, f"caveat_sk_{key.public}_…" in refused.output) == (1, True)
    assert_kept(refused.output, key)

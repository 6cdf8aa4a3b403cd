"""A server of the real application, and the clients that are registered with it."""

import json
from contextlib import asynccontextmanager

import httpx
import websockets

from server.app import create_app
from server.db.engine import Engine
from server.settings import Environment, Settings, read_settings
from tests.access.registering import register
from tests.web.running import PATIENCE, Running, hear, running, say

ASKED = {"json": {"query": "{ __typename }"}}
ANSWER = {"data": {"__typename": "Query"}}
FOLLOW = "subscription { contentChanged { kind } }"


class Registered(Running):
    """A server, and a way to register clients with it."""

    def __init__(self, server, *, engine):
        super().__init__(server.server, server.app, server.port)
        self.engine = engine

    async def register(self, name, **arguments):
        """Registers a client and gives its key."""
        return await register(self.engine, name, **arguments)

    async def ask(self, authorization=None, **headers):
        """Asks for nothing in particular, with headers."""
        if authorization is not None:
            headers["authorization"] = authorization
        return await self.send(**ASKED, headers=headers)

    async def code(self, authorization=None, **headers):
        """The status, and the code of a refusal."""
        response = await self.ask(authorization, **headers)
        return response.status_code, response.json().get("errors", [{}])[0].get("extensions", {}).get("code")

    @asynccontextmanager
    async def following(self, key, body=None):
        """A socket on which a client follows what is published; `body` may ask for more."""
        async with self.socket() as opened:
            await say(opened, type="connection_init", payload={"Authorization": f"Bearer {key.text}"})
            assert await hear(opened) == {"type": "connection_ack"}
            await say(opened, type="subscribe", id="1", payload=body or {"query": FOLLOW})
            yield opened

    @asynccontextmanager
    async def streaming(self, key, body=None):
        """The lines of an event stream that follows what is published, once it listens; `body` may ask for more."""
        headers = {"accept": "text/event-stream", "authorization": f"Bearer {key.text}"}
        async with (
            httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client,
            client.stream("POST", self.url, json=body or {"query": FOLLOW}, headers=headers) as response,
        ):
            lines = response.aiter_lines()
            assert await anext(lines) == ":"
            yield lines


@asynccontextmanager
async def serving(url, *, environment=Environment.PRODUCTION, **settings):
    """Runs the application on a database, in production unless said otherwise."""
    engine = Engine(url)
    settings = Settings(environment=environment, data_dir=read_settings().data_dir, **settings)
    async with running(create_app(settings, url=url)) as server:
        yield Registered(server, engine=engine)
    await engine.close()


async def initialised(opened, payload=None):
    """What comes of an initialisation: the type of a message, or the code and the reason of a close."""
    message = {"type": "connection_init"} if payload is None else {"type": "connection_init", "payload": payload}
    await opened.send(json.dumps(message))
    try:
        return (await hear(opened))["type"]
    except websockets.ConnectionClosed:
        return opened.close_code, opened.close_reason

"""A real server on a free port, over the shop's schema unless another application is given."""

import asyncio
import json
import socket
import ssl
from contextlib import asynccontextmanager, nullcontext

import httpx
import uvicorn
import websockets
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route, WebSocketRoute

from server.access.registry import Registry
from server.db.reads import Reads
from server.execution.callers import Rights
from server.limits import Limits
from server.settings import Environment
from server.web.callers import Callers
from server.web.door import Door, Places
from server.web.graphiql import graphiql
from server.web.graphql import GraphQLEndpoint
from server.web.origins import Origins
from server.web.serving import CLOSING, server_options
from server.web.sockets import Sockets
from server.web.streams import EventStreams
from tests.execution.shop import make_pipeline

PATIENCE = 10.0
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""To load them takes a client longer than any request of ours, and none of ours needs them."""


class Server(uvicorn.Server):
    """Leaves signals to pytest."""

    def capture_signals(self):
        return nullcontext()


def make_callers(origins=None):
    """Knows nobody but the anonymous client."""
    registry = Registry(Reads("postgresql://127.0.0.1:1/nothing"), anonymous=Rights())
    return Callers(registry, origins or make_origins())


def make_origins(environment=Environment.PRODUCTION):
    """Nobody named any."""
    return Origins(names=lambda _: False, is_development=environment is Environment.DEVELOPMENT)


def make_app(*, limits=None, environment=Environment.DEVELOPMENT, heartbeat_seconds=12.0, **pipeline):
    """The whole of `web` over the shop."""
    limits = limits or Limits()
    shop = make_pipeline(limits=limits, conceals_schema=environment is Environment.PRODUCTION, **pipeline)
    places, closing = Places(limits.max_streams_per_address), asyncio.Event()
    origins = make_origins(environment)
    callers = make_callers(origins)
    streams = EventStreams(shop, callers=callers, limits=limits, places=places, closing=closing)
    streams.heartbeat_seconds = heartbeat_seconds
    page = graphiql() if environment is Environment.DEVELOPMENT else None

    @asynccontextmanager
    async def lifespan(_app):
        yield {CLOSING: closing}

    app = Starlette(
        routes=[
            Route("/graphql", GraphQLEndpoint(shop, callers=callers, streams=streams, limits=limits, page=page)),
            WebSocketRoute("/graphql", Sockets(shop, callers=callers, limits=limits, places=places)),
        ],
        middleware=[Middleware(Door, origins=origins, limits=limits)],
        lifespan=lifespan,
    )
    app.state.places, app.state.closing = places, closing
    return app


class Running:
    """A server that runs, and ways to talk to it."""

    def __init__(self, server, app, port):
        self.server, self.app, self.port = server, app, port
        self.url = f"http://127.0.0.1:{port}/graphql"

    async def send(self, method="POST", *, url=None, **arguments):
        """One request, by a client of its own."""
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False, verify=NO_CERTIFICATES) as client:
            return await client.request(method, url or self.url, **arguments)

    async def post(self, query, *, accept="application/graphql-response+json", **parameters):
        """One operation."""
        return await self.send(json={"query": query, **parameters}, headers={"accept": accept})

    async def raw(self, data):
        """All that comes back for raw bytes until the server hangs up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(data)
        try:
            async with asyncio.timeout(PATIENCE):
                return await reader.read()
        finally:
            writer.transport.abort()

    def socket(self, **arguments):
        """A WebSocket; `send` and `receive` are JSON."""
        options = {"subprotocols": ["graphql-transport-ws"], "proxy": None} | arguments
        return websockets.connect(self.url.replace("http", "ws"), **options)

    @asynccontextmanager
    async def talk(self, **arguments):
        """A socket that is initialised."""
        async with self.socket(**arguments) as opened:
            await say(opened, type="connection_init")
            assert await hear(opened) == {"type": "connection_ack"}
            yield opened


@asynccontextmanager
async def running(app=None, *, limits=None, **arguments):
    """Runs a server for a while; at the end nothing of it is left."""
    app = app or make_app(limits=limits, **arguments)
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_config=None, lifespan="on", timeout_graceful_shutdown=5, **server_options(limits or Limits())
    )
    server = Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await until(lambda: server.started)
        yield Running(server, app, listener.getsockname()[1])
    finally:
        server.should_exit = True
        await serving
        listener.close()


async def say(opened, **message):
    """Sends a message."""
    await opened.send(json.dumps(message))


async def hear(opened):
    """The next message."""
    async with asyncio.timeout(PATIENCE):
        return json.loads(await opened.recv())


async def until(condition):
    """Waits until a condition holds, up to a generous bound."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0.01)

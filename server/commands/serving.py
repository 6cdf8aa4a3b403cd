"""`caveat serve`: a database that is ready, and a server on it."""

import asyncio
import gc
import signal
import socket
import tempfile
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import click
import structlog
import uvicorn

from schema.build import sdl
from server.access.served import record_served
from server.app import create_app
from server.commands.running import opened_engine, upgrade
from server.commands.workers import MOST_WORKERS, Workers
from server.content.filters import AnswerFilter
from server.content.library import Library
from server.db import local
from server.db.connections import check_room
from server.db.reads import Reads
from server.deferral import load
from server.errors.machine import SetupError
from server.parts import connections
from server.search.semantic.folder import check_model
from server.settings import Environment, Settings, read_settings
from server.telemetry import logs
from server.telemetry.spans import configured_tracer
from server.web.peers import Worker
from server.web.serving import server_options

READY = """
Caveat is ready. It runs until you press Ctrl-C.

  GraphQL endpoint   {address}/graphql
{page}
A query to paste there:

  query {{
    answer(slug: "how-does-car-t-cell-therapy-work-for-leukemia") {{
      title
      disclaimers {{ text }}
      sections {{ heading body {{ text }} }}
    }}
  }}
"""
PAGE = "  GraphiQL page      {address}/graphql (in a browser)\n"
log = structlog.get_logger()

COLLECTED_AFTER = (5_000, 10, 20)
"""How many new objects are collected together, and how many such collections the older ones wait for.

With Python's own numbers a third of a request with a new text was collecting: a document is many objects that stay.
"""

FINISHING_SECONDS = 5
"""How long requests under way may take at the end: with all else that has to end, the whole is over within ten."""


@click.command()
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    default=1,
    show_default=True,
    help="Processes that serve, one for each core.",
)
def serve(workers: int) -> None:
    """Serve GraphQL, on an embedded Postgres unless DATABASE_URL names another."""
    settings = read_settings()
    logs.configure(settings)
    if settings.semantic_model:
        check_model(settings.semantic_model)
    with bind(settings.host, settings.port) as listener, local.database(settings) as url:
        asyncio.run(_prepare(settings, url, workers=workers))
        host, port = listener.getsockname()[:2]
        ready = _ready(settings, f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")
        serving = partial(run, settings, url=url, listener=listener)
        if workers == 1:
            serving(when_ready=lambda: click.echo(ready))
        else:
            _run_workers(workers, serving, listener=listener, when_ready=lambda: click.echo(ready))
    click.echo("Caveat has stopped.")


def _run_workers(
    count: int, serving: Callable[..., None], *, listener: socket.socket, when_ready: Callable[[], None]
) -> None:
    """Serves with so many processes, each of which knows the others.

    The end begins with the supervisor's own hold on the socket: it would take connections that nobody answers any more.
    """
    with tempfile.TemporaryDirectory(prefix="caveat-") as folder:

        def serve_one(number: int, tell: Callable[[], None]) -> None:
            serving(worker=Worker(number=number, count=count, folder=Path(folder)), when_ready=tell)

        Workers(count, serve_one, when_ready=when_ready, when_stopping=listener.close).run()


def _ready(settings: Settings, address: str) -> str:
    is_development = settings.environment is Environment.DEVELOPMENT
    return READY.format(address=address, page=PAGE.format(address=address) if is_development else "")


async def _prepare(settings: Settings, url: str, *, workers: int) -> None:
    """Migrates the database, and notes which schema is served; a developer's gets the samples as well."""
    await upgrade(settings, url)
    await check_room(url, workers * connections(settings))
    if workers > 1 and settings.redis_url is None:
        log.warning("each worker counts requests and cost alone: set REDIS_URL for limits of all", workers=workers)
    async with opened_engine(url) as engine:
        await record_served(engine, sdl())
    if settings.environment is Environment.DEVELOPMENT and await _is_empty(url):
        seed: Callable[[str], Awaitable[None]] = load("server.commands.seeding:seed")
        await seed(url)


async def _is_empty(url: str) -> bool:
    """Whether the library has no answer."""
    async with Reads(url, size=1) as reads:
        return await Library(reads).count_answers(AnswerFilter()) == 0


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens, before anything else is done; raises SetupError where another program has the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise SetupError(
            f"Port {port} of {host} can't be used ({error.strerror}): stop the program that has it, "
            f"or choose another with CAVEAT_PORT, for example `CAVEAT_PORT={port % 65535 + 1} make serve`."
        ) from None


def run(
    settings: Settings,
    *,
    url: str,
    listener: socket.socket,
    when_ready: Callable[[], None],
    worker: Worker | None = None,
) -> None:
    """Serves until SIGINT or SIGTERM, then finishes what is under way.

    The event loop in C; no access log, since addresses are not for logs; no `Server` header; the peer's address is the
    socket's, since a proxy's word needs a proxy that is named.
    """
    config = uvicorn.Config(
        create_app(settings, url=url, tracer=configured_tracer(settings), worker=worker),
        loop="uvloop",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=FINISHING_SECONDS,
        **server_options(settings.limits),
    )
    # uvicorn raises the signal that ended it again: then it has done its work
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    _Server(config, when_ready).run(sockets=[listener])


class _Server(uvicorn.Server):
    """Says when it answers."""

    def __init__(self, config: uvicorn.Config, when_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_ready = when_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts to answer, then says so."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()  # what is there now stays, and to look at all of it stops everything
        gc.set_threshold(*COLLECTED_AFTER)
        if self.started:
            self._when_ready()

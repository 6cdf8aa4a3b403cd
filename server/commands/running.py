"""What the commands on content share: the database that the settings name, and connections to it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import click

from server.db import local, readiness
from server.db.engine import Engine
from server.db.reads import Reads
from server.deferral import load
from server.settings import Settings, read_settings

Parameters = ParamSpec("Parameters")


def on_database(
    function: Callable[Concatenate[str, Parameters], Coroutine[Any, Any, None]],
) -> Callable[Parameters, None]:
    """Runs a command with the URL of the migrated database that the settings name, embedded or not."""

    @wraps(function)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        settings = read_settings()
        with local.database(settings) as url:
            asyncio.run(_run(settings, url, work=lambda: function(url, *args, **kwargs)))

    return run


def on_database_as_it_is(
    function: Callable[Concatenate[str, Parameters], Coroutine[Any, Any, None]],
) -> Callable[Parameters, None]:
    """Runs a command that only looks, with the URL of the database as it is, migrated or not."""

    @wraps(function)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        with local.database(read_settings()) as url:
            asyncio.run(function(url, *args, **kwargs))

    return run


async def _run(settings: Settings, url: str, *, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    await upgrade(settings, url)
    await work()


async def upgrade(settings: Settings, url: str) -> None:
    """Brings the database to the newest migration, that of the extra `semantic` too where the settings name a model."""
    if not await readiness.is_ready(url):
        await _migrate("server.db.migrations:upgrade", url)
    if settings.semantic_model:
        await readiness.check_pgvector(url)
        if not await readiness.is_ready(url, readiness.SEMANTIC):
            await _migrate("server.db.migrations:upgrade_semantic", url)


async def _migrate(place: str, url: str) -> None:
    """Runs migrations: Alembic is loaded where there are some to run."""
    migrate: Callable[[str], Coroutine[Any, Any, None]] = load(place)
    await migrate(url)


@asynccontextmanager
async def opened_engine(url: str) -> AsyncIterator[Engine]:
    """An engine, closed at the end."""
    engine = Engine(url)
    try:
        yield engine
    finally:
        await engine.close()


@asynccontextmanager
async def opened_reads(url: str) -> AsyncIterator[Reads]:
    """Reads, closed at the end; an export may take longer than a reader waits."""
    async with Reads(url, deadline=60) as reads:
        yield reads


def print_row(*cells: str | None) -> None:
    """Prints a line with tabs between its cells, which neither a narrow terminal nor a script trips over."""
    click.echo("\t".join([" ".join((cell or "").split()) for cell in cells]))

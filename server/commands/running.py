"""What every command shares: the database that the settings name, and how an error ends."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, nullcontext
from functools import wraps
from typing import Any, ParamSpec

import click

from server.db import local, migrations
from server.db.engine import Engine
from server.db.reads import Reads
from server.errors import CaveatError
from server.settings import read_settings

Parameters = ParamSpec("Parameters")


def command(function: Callable[Parameters, Coroutine[Any, Any, None]]) -> Callable[Parameters, None]:
    """Runs an asynchronous command; an expected error is printed and ends with exit code 1."""

    @wraps(function)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        try:
            asyncio.run(function(*args, **kwargs))
        except CaveatError as error:
            click.echo(f"Error: {error.message}", err=True)
            raise SystemExit(1) from None

    return run


@asynccontextmanager
async def database_url() -> AsyncIterator[str]:
    """The migrated database that the settings name: that of DATABASE_URL, else the embedded one, running."""
    settings = read_settings()
    embedded = nullcontext(settings.database_url) if settings.database_url else local.running(settings.data_dir)
    with embedded as url:
        await migrations.upgrade(url)
        yield url


@asynccontextmanager
async def opened_engine() -> AsyncIterator[Engine]:
    """The engine of that database."""
    async with database_url() as url:
        engine = Engine(url)
        try:
            yield engine
        finally:
            await engine.close()


@asynccontextmanager
async def opened_reads() -> AsyncIterator[Reads]:
    """Reads of that database."""
    async with database_url() as url, Reads(url) as reads:
        yield reads

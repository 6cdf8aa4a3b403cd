"""The sample answers that a new library starts with, imported as any other files are."""

import functools
from pathlib import Path

import click

from server.commands.running import opened_engine
from server.content.filters import AnswerFilter
from server.content.library import Library
from server.content.publishing import publish
from server.db.reads import Reads
from server.importers.load import Loaded, find_files, load

SEEDS = Path(__file__).parents[2] / "seeds"


async def seed(url: str) -> None:
    """Imports the samples into a library that has no answer; leaves every other one as it is."""
    if not await _is_empty(url):
        return
    click.echo("Importing the sample answers …")
    async with opened_engine(url) as engine:
        await load(
            find_files(SEEDS), publish=functools.partial(publish, engine), locale="en", on_loaded=_tell_of_refused
        )


async def _is_empty(url: str) -> bool:
    async with Reads(url, size=1) as reads:
        return await Library(reads).count_answers(AnswerFilter()) == 0


def _tell_of_refused(loaded: Loaded) -> None:
    if loaded.error is not None:
        click.echo(f"{loaded.path.name}: {loaded.error}", err=True)

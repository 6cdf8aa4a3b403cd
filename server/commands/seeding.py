"""The sample answers that a new library starts with, imported as any other files are."""

from pathlib import Path

import click

from server.commands.running import opened_engine
from server.content.draft import Draft
from server.content.publishing import OutcomeKind, publish
from server.importers.files import Manner, find_files, read_files

SEEDS = Path(__file__).parents[2] / "seeds"


async def seed(url: str) -> None:
    """Imports the samples, all or none."""
    click.echo("Importing the sample answers …")
    read = [result for _, result in read_files(find_files(SEEDS), Manner())]
    drafts = [result for result in read if isinstance(result, Draft)]
    drafts.sort(key=lambda draft: (draft.retraction is not None, draft.translation_of is not None))
    async with opened_engine(url) as engine:
        outcomes = await publish(engine, drafts)
    refused = [outcome.reason for outcome in outcomes if outcome.kind is OutcomeKind.REFUSED]
    for reason in [*[result for result in read if isinstance(result, str)], *refused]:
        click.echo(reason, err=True)

"""`caveat migrate`: a database that is ready for this code."""

import asyncio

import click

from server.commands.running import upgrade
from server.db import local
from server.db.readiness import head
from server.settings import read_settings


@click.command()
def migrate() -> None:
    """Bring the database to the newest migration."""
    settings = read_settings()
    with local.database(settings) as url:
        asyncio.run(upgrade(settings, url))
    click.echo(f"The database is at migration {head()}.")

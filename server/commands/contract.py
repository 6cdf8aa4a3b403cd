"""The public schema as text: `caveat schema export`."""

import sys

import click

from schema.build import sdl


@click.group("schema")
def schema_() -> None:
    """See the schema that clients are built on."""


@schema_.command()
def export() -> None:
    """Write the served schema, in GraphQL's own language, to standard output."""
    sys.stdout.write(sdl())

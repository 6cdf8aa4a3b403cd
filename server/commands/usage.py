"""`caveat usage`: what was served to whom, out of the receipts."""

from collections.abc import Iterable

import click
from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

from schema.build import build_schema
from server.access import registration
from server.access.receipts.usage import (
    ANONYMOUS_NAME,
    Recipient,
    ids_at,
    recipients,
    top_answers,
    uses_of_fields,
)
from server.commands.options import Locale
from server.commands.running import on_database, opened_engine, opened_reads, print_row
from server.errors.content import NotFoundError, RefusedError

DEPRECATED, GONE = "deprecated", "not in this schema"

_days = click.option(
    "--days", type=click.IntRange(1, 36_500), default=30, show_default=True, help="The last so many days, with today."
)


@click.group()
def usage() -> None:
    """See what was served to whom: an answer counts when its disclaimers went out, which no content goes without."""


@usage.command()
@click.option("--client", metavar="NAME", help=f"One client; {ANONYMOUS_NAME} is the one without a key.")
@_days
@click.option("--first", type=click.IntRange(1, 1_000_000), default=20, show_default=True, help="Of each client.")
@on_database
async def answers(url: str, /, *, client: str | None, days: int, first: int) -> None:
    """List the answers that each client was served most often."""
    await _check_client(url, client)
    async with opened_reads(url) as reads:
        found = await top_answers(reads, client=client, days=days, first=first)
    print_row("client", "answer", "locale", "revision", "count", "last")
    for each in found:
        name = each.slug or str(each.answer_id)
        print_row(each.client, name, each.locale, str(each.revision), str(each.count), str(each.last_on))


@usage.command()
@click.argument("names", metavar="[TYPE.FIELD]...", nargs=-1)
@click.option("--deprecated", is_flag=True, help="Those that the schema of this checkout marks as deprecated.")
@_days
@on_database
async def fields(url: str, /, names: tuple[str, ...], *, deprecated: bool, days: int) -> None:
    """List who asked for fields, each as it is selected (`Answer.title`, `Node.id`); for all of them without a name."""
    states = states_of(build_schema())
    if unknown := [name for name in names if name.count(".") != 1]:
        raise RefusedError(f"`{unknown[0]}` names no field: write type and field, as in `Answer.title`.")
    marked = {name for name, state in states.items() if state == DEPRECATED} if deprecated else set()
    wanted = sorted({*names, *marked}) if names or deprecated else None
    async with opened_reads(url) as reads:
        found = await uses_of_fields(reads, wanted, days=days)
    print_row("field", "client", "count", "last", "state")
    for each in found:
        print_row(each.field, each.client, str(each.count), str(each.last_on), states.get(each.field, GONE))


@usage.command()
@click.argument("slug")
@click.option("--locale", type=Locale(), help="Which one, where the slug is there in several locales.")
@click.option("--revision", type=click.IntRange(min=1), help="One revision; without it, each is listed.")
@_days
@on_database
async def served(url: str, /, slug: str, *, locale: str | None, revision: int | None, days: int) -> None:
    """List who was served an answer, at which revision: whom to call when it is retracted."""
    async with opened_reads(url) as reads:
        found = await ids_at(reads, slug, locale=locale)
        if not found:
            raise NotFoundError(f"there is no answer `{slug}`.")
        if len(found) > 1:
            locales = ", ".join(each for _, each in found)
            raise RefusedError(f"`{slug}` is there in several locales ({locales}): say which one with --locale.")
        print_recipients(await recipients(reads, found[0][0], revision=revision, days=days))


def print_recipients(found: Iterable[Recipient]) -> None:
    """Prints who was served an answer, a line for each client, revision and document."""
    print_row("client", "revision", "document", "count", "first", "last")
    for each in found:
        span = str(each.first_on), str(each.last_on)
        print_row(each.client, str(each.revision), each.document or "ad hoc", str(each.count), *span)


async def _check_client(url: str, name: str | None) -> None:
    """Raises NotFoundError for a client that is not there."""
    if name in (None, ANONYMOUS_NAME):
        return
    async with opened_engine(url) as engine, engine.transaction() as session:
        await registration.find_client(session, str(name))


def states_of(schema: GraphQLSchema) -> dict[str, str]:
    """Every field of a schema by its name, with a word where it is not to be used any more."""
    return {
        f"{type_.name}.{name}": "" if field.deprecation_reason is None else DEPRECATED
        for type_ in schema.type_map.values()
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
        for name, field in type_.fields.items()
    }

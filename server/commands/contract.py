"""The public schema: `caveat schema export` writes it, `caveat schema check` says whom it would break."""

import sys
from collections.abc import Callable, Iterable, Sequence

import click

from schema.build import sdl
from schema.evolution.verdict import Broken, Verdict, judge
from server.access.documents.checking import Complaint
from server.access.documents.listing import list_documents
from server.access.documents.values import Registered
from server.access.receipts.usage import asked_ad_hoc
from server.access.served import last_served
from server.commands.running import on_database_as_it_is, opened_engine, opened_reads
from server.commands.vetting import document_check
from server.errors.content import RefusedError


@click.group("schema")
def schema_() -> None:
    """See the schema that clients are built on, and whom a change would break."""


@schema_.command()
def export() -> None:
    """Write the served schema, in GraphQL's own language, to standard output."""
    sys.stdout.write(sdl())


@schema_.command()
@click.option("--accept", "accepted", metavar="CHANGE", multiple=True, help="A change that its clients were told of.")
@click.option(
    "--days",
    type=click.IntRange(0, 36_500),
    default=30,
    show_default=True,
    help="For how many days to look back at what was asked ad hoc; 0 for documents alone.",
)
@on_database_as_it_is
async def check(url: str, *, accepted: tuple[str, ...], days: int) -> None:
    """Compare the schema of this checkout with the one served last, and with whoever is built on that.

    That are all registered documents, and the fields that other clients asked for in the last days. A change is
    accepted by its place in the schema, as it is printed: `Answer.title`, `Query.search(first:)`.
    """
    async with opened_engine(url) as engine, engine.transaction() as session:
        served = await last_served(session)
        documents = [each for each in await list_documents(session) if each.is_served]
    async with opened_reads(url) as reads:
        asked = await asked_ad_hoc(reads, days=days)
    verdict = judge(documents, asked, old=served.sdl if served else None, new=sdl(), check=_check(documents))
    since = f"the schema served since {served.served_at:%Y-%m-%d %H:%M} UTC" if served else "no schema: none was served"
    click.echo(f"Compared with {since}, and with {_counted(documents)}.")
    _print(verdict, accepted=accepted)
    if named := _named(verdict, accepted):
        raise RefusedError(f"the schema would break {named}.")
    click.echo("It breaks nobody.")


def _check(documents: Iterable[Registered]) -> Callable[[Registered], Sequence[Complaint]]:
    checks = {rights: document_check(rights) for rights in {each.rights for each in documents}}
    return lambda registered: checks[registered.rights](registered.document.text)


def _print(verdict: Verdict, *, accepted: Sequence[str]) -> None:
    for finding in verdict.findings:
        if finding.is_harmless:
            click.echo(f"{finding.difference}: nobody uses it.")
            continue
        is_accepted = finding.difference.coordinate in accepted
        click.echo(f"{finding.difference}: {'breaks, as accepted,' if is_accepted else 'breaks'}")
        for broken in finding.broken:
            click.echo(f"  {_described(broken)}")
        for use in finding.asked:
            click.echo(f"  {use.client}: asked for {use.field} {use.count} times, last on {use.last_on}")
    if verdict.refused:
        click.echo("These would be refused for another reason:")
    for broken in verdict.refused:
        click.echo(f"  {_described(broken)}")


def _described(broken: Broken) -> str:
    registered, line = broken.registered, f"line {broken.line}" if broken.line else None
    which = f"{registered.client} {', '.join(registered.versions)}"
    return ": ".join([part for part in (which, registered.document.label, line, broken.message) if part])


def _named(verdict: Verdict, accepted: Sequence[str]) -> str:
    """The clients and versions, each once."""
    documents = [each.registered for each in verdict.broken(accepted)]
    named = [f"{each.client} {version}" for each in documents for version in each.versions]
    return ", ".join(sorted({*named, *(use.client for use in verdict.asked(accepted))}))


def _counted(documents: Sequence[Registered]) -> str:
    clients = len({each.client for each in documents})
    return f"{len(documents)} document{'s' * (len(documents) != 1)} of {clients} client{'s' * (clients != 1)}"

"""What an editor must be able to do before there is an editor's interface: withdraw, bring back, erase."""

import datetime

import click

from server.access.audience import ANONYMOUS
from server.access.receipts.keeping import WRITING_SECONDS
from server.access.receipts.usage import recipients
from server.commands.options import Locale
from server.commands.running import on_database, opened_engine, opened_reads, print_row
from server.commands.usage import print_recipients
from server.content import evidence, turns, withdrawal
from server.content.reads.catalog import all_sources
from server.content.reads.sight import Sight
from server.content.withdrawal import Named

RECENT_DAYS = 30
"""How far back those are listed who were served an answer that is retracted."""

_locale_option = click.option("--locale", type=Locale(), help="Which one, where the slug is there in several locales.")


@click.command()
@click.argument("slug")
@click.option("--reason", required=True, help="Why; readers are told.")
@click.option("--replacement", metavar="SLUG", help="The answer to read instead.")
@_locale_option
@on_database
async def retract(url: str, slug: str, *, reason: str, replacement: str | None, locale: str | None) -> None:
    """Withdraw an answer: its content is gone from now on, its notice leads the disclaimers."""
    async with opened_engine(url) as engine:
        answer = Named(slug=slug, locale=locale)
        identity = await withdrawal.retract(engine, answer, reason=reason, replacement=replacement)
    click.echo(f"Retracted: {slug}")
    async with opened_reads(url) as reads:
        found = await recipients(reads, identity, revision=None, days=RECENT_DAYS)
    click.echo(f"Served in the last {RECENT_DAYS} days to {'these:' if found else 'nobody.'}")
    if found:
        print_recipients(found)
    click.echo(
        f"What went out just before is written within {WRITING_SECONDS:.0f} seconds: "
        f"`caveat usage served {slug}` lists that too.",
        err=True,
    )


@click.command()
@click.argument("slug")
@_locale_option
@on_database
async def reinstate(url: str, slug: str, *, locale: str | None) -> None:
    """Take a retraction back: the same revision is served again."""
    async with opened_engine(url) as engine:
        await withdrawal.reinstate(engine, Named(slug=slug, locale=locale))
    click.echo(f"Reinstated: {slug}")


@click.command()
@click.argument("slug")
@_locale_option
@click.option("--yes", is_flag=True, help="Do not ask: erased content can't be brought back.")
@on_database
async def erase(url: str, slug: str, *, locale: str | None, yes: bool) -> None:
    """Erase an answer for good, with every revision of it, as the law may ask."""
    if not yes:
        click.confirm(f"Erase every revision of {slug} for good?", abort=True, err=True)
    async with opened_engine(url) as engine:
        await withdrawal.erase(engine, Named(slug=slug, locale=locale))
    click.echo(f"Erased: {slug}")


@click.group()
def sources() -> None:
    """See sources, and say what became of them."""


@sources.command("list")
@on_database
async def list_sources(url: str) -> None:
    """List every source with its id and its status."""
    async with opened_reads(url) as reads:
        listed = await all_sources(Sight(reads, ANONYMOUS))
    print_row("id", "status", "title", "edition", "url")
    for source in listed:
        print_row(source.id, source.status, source.title, source.edition, source.url)


@sources.command()
@click.argument("source")
@click.option("--by", required=True, help="The newer edition.")
@on_database
async def supersede(url: str, source: str, *, by: str) -> None:
    """Say that a source has a newer edition. Both are named by id, DOI, URL or title."""
    async with opened_engine(url) as engine:
        await evidence.supersede(engine, source, by=by)
    click.echo(f"Superseded: {source}")


@sources.command()
@click.argument("source")
@on_database
async def withdraw(url: str, source: str) -> None:
    """Say that a source was withdrawn. It is named by id, DOI, URL or title."""
    async with opened_engine(url) as engine:
        await evidence.withdraw(engine, source)
    click.echo(f"Withdrawn: {source}")


@sources.command()
@click.argument("source")
@on_database
async def restore(url: str, source: str) -> None:
    """Say that a source is current after all. It is named by id, DOI, URL or title."""
    async with opened_engine(url) as engine:
        await evidence.restore(engine, source)
    click.echo(f"Current: {source}")


@click.group()
def changes() -> None:
    """Look after the outbox that clients follow."""


@changes.command()
@click.option("--days", type=click.IntRange(min=1), required=True, help="Entries older than this go.")
@on_database
async def prune(url: str, days: int) -> None:
    """Delete old entries: a client that comes back later than that starts again from the beginning."""
    before = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days)
    async with opened_engine(url) as engine:
        click.echo(f"Pruned: {await turns.prune(engine, before=before)}")

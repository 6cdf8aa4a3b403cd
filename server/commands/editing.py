"""What an editor must be able to do before there is an editor's interface: withdraw, bring back, erase, reword."""

import datetime
from uuid import UUID

import click

from server.access.audience import ANONYMOUS
from server.commands.options import Locale
from server.commands.running import on_database, opened_engine, opened_reads
from server.content import disclaimers, evidence, turns, withdrawal
from server.content.ids import NodeKind, decode_id, encode_id
from server.content.reads.catalog import all_sources
from server.content.reads.sight import Sight
from server.content.vocabulary import DisclaimerKind, DisclaimerPlacement
from server.content.withdrawal import Named
from server.db.uuids import new_uuid
from server.errors import RefusedError

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
        await withdrawal.retract(engine, Named(slug=slug, locale=locale), reason=reason, replacement=replacement)
    click.echo(f"Retracted: {slug}")


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
    _print_row("id", "status", "title", "edition", "url")
    for source in listed:
        _print_row(source.id, source.status, source.title, source.edition, source.url)


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


@click.group("disclaimers")
def disclaimers_() -> None:
    """See disclaimers, and change their wording."""


@disclaimers_.command("list")
@click.option("--standing", is_flag=True, help="Only those that apply by rule, not those of single pages.")
@on_database
async def list_disclaimers(url: str, *, standing: bool) -> None:
    """List every disclaimer with its id, rule, version and wording."""
    async with opened_engine(url) as engine, engine.transaction() as session:
        listed = await disclaimers.list_disclaimers(session)
    _print_row("id", "rule", "of", "kind", "placement", "locale", "version", "heading", "text")
    for each in listed:
        if standing and each.slug:
            continue
        identity, subject = encode_id(NodeKind.DISCLAIMER, each.id), each.slug or each.topic or each.name
        place = (each.kind, each.placement, each.locale, str(each.version))
        _print_row(identity, each.rule, subject, *place, each.heading, each.text)


@disclaimers_.command()
@click.argument("disclaimer_id")
@click.option("--text", "wording", required=True, help="The new wording.")
@click.option("--heading", help='The new heading, or "" for none; without it the present one stays.')
@on_database
async def reword(url: str, disclaimer_id: str, *, wording: str, heading: str | None) -> None:
    """Give a disclaimer new words: its next version, shown with every answer that bears it."""
    async with opened_engine(url) as engine:
        version = await disclaimers.reword(engine, _uuid(disclaimer_id), wording=wording, heading=heading)
    click.echo(f"Version {version}")


@disclaimers_.command()
@click.argument("name")
@click.option("--rule", type=click.Choice([rule.value for rule in disclaimers.Rule]), default="EVERY_ANSWER")
@click.option("--topic", metavar="SLUG", help="For the rule TOPIC: the topic whose answers bear it.")
@click.option("--kind", type=click.Choice(["INFORMATIONAL", "AI_GENERATED", "EDUCATIONAL"]), default="INFORMATIONAL")
@click.option("--placement", type=click.Choice(list(DisclaimerPlacement)), default="AFTER_CONTENT")
@click.option("--locale", type=Locale(), default="en", show_default=True)
@click.option("--heading")
@click.option("--text", required=True)
@on_database
async def add(url: str, /, name: str, *, rule: str, topic: str | None, **words: str) -> None:
    """Add a standing disclaimer, or the wording in one more locale of a standing one."""
    standing = disclaimers.Standing(
        id=new_uuid(),
        rule=disclaimers.Rule(rule),
        name=name,
        slug=None,
        topic=topic,
        kind=DisclaimerKind(words["kind"]),
        placement=DisclaimerPlacement(words["placement"]),
        locale=words["locale"],
        version=1,
        heading=words["heading"],
        text=words["text"],
    )
    async with opened_engine(url) as engine:
        identity = await disclaimers.add_standing(engine, standing)
    click.echo(f"Added: {encode_id(NodeKind.DISCLAIMER, identity)}")


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


def _uuid(text: str) -> UUID:
    node = decode_id(text)
    if node is not None and node.kind is NodeKind.DISCLAIMER:
        return node.uuid
    try:
        return UUID(text)
    except ValueError:
        raise RefusedError(f"`{text}` is not the id of a disclaimer: see `caveat disclaimers list`.") from None


def _print_row(*cells: str | None) -> None:
    """Prints a line with tabs between its cells, which neither a narrow terminal nor a script trips over."""
    click.echo("\t".join([" ".join((cell or "").split()) for cell in cells]))

"""`caveat clients`: who may call, with which keys, and what each of them may."""

import datetime

import click

from server.access import registration
from server.access.clients import ClientKind
from server.access.keys import Key
from server.access.registration import KeyState
from server.commands.options import Moment
from server.commands.rights import GRANTS, RELEASES, bounds, described, granted, options
from server.commands.running import on_database, opened_engine, opened_reads
from server.content.library import Library
from server.errors.content import RefusedError

_expires = click.option("--expires", type=Moment(), help="When the key expires: 2027-01-31, or a moment.")
_expires_in = click.option("--expires-in", type=click.IntRange(min=1), metavar="DAYS", help="In how many days.")


@click.group()
def clients() -> None:
    """Register the apps that call, give them keys, and say what they may."""


@clients.command()
@click.argument("name")
@click.option("--kind", type=click.Choice([kind.value for kind in ClientKind]), required=True)
@_expires
@_expires_in
@options(GRANTS)
@on_database
async def add(
    url: str,
    /,
    name: str,
    *,
    kind: str,
    expires: datetime.datetime | None,
    expires_in: int | None,
    **given: object,
) -> None:
    """Register a client; its key goes to standard output, this once."""
    rights, expires_at = granted(given), _expiry(expires, expires_in)
    await _check_topics(url, rights)
    async with opened_engine(url) as engine:
        key = await registration.add_client(engine, name, kind=ClientKind(kind), rights=rights, expires_at=expires_at)
    _show_key(key, name)
    if kind == ClientKind.WEB and "origins" not in rights:
        _say("No page may call with it yet: `caveat clients limit … --origin https://…` names one.")


@clients.command("list")
@on_database
async def list_(url: str) -> None:
    """List every client with its kind, its live keys and its bounds."""
    async with opened_engine(url) as engine, engine.transaction() as session:
        listed = await registration.list_clients(session)
        keys = {client.id: await registration.keys_of(session, client.id) for client in listed}
    _print_row("name", "kind", "live keys", "topics", "locales", "origins")
    for client in listed:
        live = ", ".join(key.public for key in keys[client.id] if key.is_live(_now()))
        _print_row(client.name, client.kind, live, *bounds(client), ", ".join(client.origins))


@clients.command()
@click.argument("name")
@on_database
async def show(url: str, name: str) -> None:
    """Show what a client may, and the public parts of its keys."""
    async with opened_engine(url) as engine, engine.transaction() as session:
        client = await registration.find_client(session, name)
        keys = await registration.keys_of(session, client.id)
    for label, value in described(client):
        _print_row(label, value)
    for key in keys:
        _print_row("key", key.public, _state_of(key))


@clients.command()
@click.argument("name")
@click.option(
    *("--overlap", "days"),
    type=click.IntRange(min=0, max=3650),
    default=7,
    show_default=True,
    metavar="DAYS",
    help="How long the key before it lives on.",
)
@_expires
@_expires_in
@on_database
async def rotate(url: str, name: str, *, days: int, expires: datetime.datetime | None, expires_in: int | None) -> None:
    """Give a client a new key, on standard output; the one that it has lives on for a while."""
    overlap, expires_at = datetime.timedelta(days=days), _expiry(expires, expires_in)
    async with opened_engine(url) as engine:
        key = await registration.rotate_key(engine, name, overlap=overlap, expires_at=expires_at)
    _show_key(key, name)
    _say(f"The key before it lives for {days} days at most." if days else "The key before it is dead.")


@clients.command()
@click.argument("name")
@click.option("--key", "public", metavar="PUBLIC", help="The public part of the one to revoke; without it, all are.")
@on_database
async def revoke(url: str, name: str, *, public: str | None) -> None:
    """Revoke the keys of a client: within a second they are dead on every server."""
    async with opened_engine(url) as engine:
        revoked = await registration.revoke_keys(engine, name, public=public)
    for each in revoked:
        click.echo(f"Revoked: {each}")


@clients.command()
@click.argument("name")
@options(GRANTS)
@options(RELEASES)
@on_database
async def limit(url: str, /, name: str, *, releases: tuple[str, ...], **given: object) -> None:
    """Change what a client may. What is not named stays; of a list, all that shall be in it is named."""
    rights = granted(given, releases)
    if not rights:
        raise click.UsageError("Say what is to change: see `caveat clients limit --help`.")
    await _check_topics(url, rights)
    async with opened_engine(url) as engine:
        client = await registration.change_rights(engine, name, rights=rights)
    for label, value in described(client):
        _print_row(label, value)


def _expiry(moment: datetime.datetime | None, days: int | None) -> datetime.datetime | None:
    if moment is not None and days is not None:
        raise click.UsageError("Say --expires or --expires-in, not both.")
    return moment if days is None else _now() + datetime.timedelta(days=days)


async def _check_topics(url: str, rights: dict[str, object]) -> None:
    slugs = rights.get("topics")
    if not isinstance(slugs, tuple):
        return
    async with opened_reads(url) as reads:
        library = Library(reads)
        for slug in slugs:
            if await library.topic_by_slug(slug) is None:
                raise RefusedError(f"there is no topic `{slug}`: name the slug of one that answers are about.")


def _show_key(key: Key, name: str) -> None:
    click.echo(key.text)
    _say(f"This is the key of `{name}`. It is shown this once: keep it now.")


def _state_of(key: KeyState) -> str:
    if key.revoked_at is not None:
        return f"revoked {key.revoked_at:%Y-%m-%d %H:%M} UTC"
    if key.expires_at is None:
        return "live"
    return f"{'live until' if key.is_live(_now()) else 'expired'} {key.expires_at:%Y-%m-%d %H:%M} UTC"


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _say(text: str) -> None:
    """Says what is for people, beside what is for a pipe."""
    click.echo(text, err=True)


def _print_row(*cells: str) -> None:
    click.echo("\t".join(cells))

"""`caveat disclaimers`: those that stand for all, and clients' own."""

from uuid import UUID

import click

from server.commands.options import Locale
from server.commands.running import on_database, opened_engine, print_row
from server.content import disclaimers, wording
from server.content.disclaimers import Rule, Standing
from server.content.ids import NodeKind, decode_id, encode_id
from server.content.vocabulary import DisclaimerKind, DisclaimerPlacement
from server.content.wording import Wording
from server.db.uuids import new_uuid
from server.errors.content import RefusedError

OFFERED = [rule.value for rule in Rule if rule not in (Rule.PAGE, Rule.REASON, Rule.CLIENT)]
"""The rules that a standing disclaimer may have."""

_OF_STANDING = {"rule": "EVERY_ANSWER", "kind": "INFORMATIONAL", "placement": "AFTER_CONTENT"}
"""What a standing disclaimer is where nothing else is said."""


@click.group("disclaimers")
def disclaimers_() -> None:
    """See disclaimers, change their wording, and give clients their own."""


@disclaimers_.command("list")
@click.option("--standing", is_flag=True, help="Only those that apply by rule, not those of pages and clients.")
@click.option("--client", metavar="NAME", help="Only the client's own.")
@on_database
async def list_disclaimers(url: str, *, standing: bool, client: str | None) -> None:
    """List every disclaimer with its id, rule, version and wording."""
    async with opened_engine(url) as engine, engine.transaction() as session:
        listed = await disclaimers.list_disclaimers(session)
    print_row("id", "rule", "of", "kind", "placement", "locale", "version", "heading", "text")
    for each in listed:
        if (standing and (each.slug or each.client)) or (client and each.client != client):
            continue
        identity, place = encode_id(NodeKind.DISCLAIMER, each.id), (each.kind, each.placement, each.locale)
        print_row(identity, each.rule, _subject(each), *place, str(each.version), each.heading, each.text)


@disclaimers_.command()
@click.argument("disclaimer_id")
@click.option("--text", required=True, help="The new wording.")
@click.option("--heading", help='The new heading, or "" for none; without it the present one stays.')
@on_database
async def reword(url: str, disclaimer_id: str, *, text: str, heading: str | None) -> None:
    """Give a disclaimer new words: its next version, shown with every answer that bears it."""
    async with opened_engine(url) as engine:
        version = await disclaimers.reword(engine, _uuid(disclaimer_id), wording=text, heading=heading)
    click.echo(f"Version {version}")


@disclaimers_.command()
@click.argument("name")
@click.option("--client", metavar="NAME", help="The client whose own it is; without it, it stands for all.")
@click.option("--replaces", metavar="NAME", help="With --client: the standing disclaimer that it stands in for.")
@click.option("--rule", type=click.Choice(OFFERED), help="Which answers bear it.  [default: EVERY_ANSWER]")
@click.option("--topic", metavar="SLUG", help="For the rule TOPIC: the topic whose answers bear it.")
@click.option(
    "--kind",
    type=click.Choice(["INFORMATIONAL", "AI_GENERATED", "EDUCATIONAL"]),
    help="What it tells the reader.  [default: INFORMATIONAL]",
)
@click.option(
    "--placement", type=click.Choice(list(DisclaimerPlacement)), help="Where it is shown.  [default: AFTER_CONTENT]"
)
@click.option("--locale", type=Locale(), default="en", show_default=True)
@click.option("--heading")
@click.option("--text", required=True)
@on_database
async def add(url: str, /, name: str, *, client: str | None, **words: str | None) -> None:
    """Add a disclaimer, or the wording of one in one more locale: for all, or a client's own."""
    async with opened_engine(url) as engine:
        if client is None:
            identity = await disclaimers.add_standing(engine, _standing(name, words))
        else:
            identity = await wording.add_wording(engine, _own(name, client, words=words))
    click.echo(f"Added: {encode_id(NodeKind.DISCLAIMER, identity)}")


@disclaimers_.command()
@click.argument("disclaimer_id")
@on_database
async def remove(url: str, disclaimer_id: str) -> None:
    """Take a client's own disclaimer away; what it stood in for is shown again."""
    async with opened_engine(url) as engine:
        await wording.remove_wording(engine, _uuid(disclaimer_id))
    click.echo(f"Removed: {disclaimer_id}")


@disclaimers_.command()
@click.argument("name")
@click.argument("allowed", type=click.Choice(["on", "off"]))
@on_database
async def replaceable(url: str, name: str, *, allowed: str) -> None:
    """Say whether clients may put their own wording in place of a standing disclaimer, in every locale."""
    async with opened_engine(url) as engine:
        await wording.set_replaceable(engine, name, is_replaceable=allowed == "on")
    click.echo(f"Replaceable: {name} {allowed}")


def _standing(name: str, words: dict[str, str | None]) -> Standing:
    if words["replaces"] is not None:
        raise click.UsageError("--replaces says what a client's own disclaimer stands in for: give --client.")
    given = {key: words[key] or default for key, default in _OF_STANDING.items()}
    return Standing(
        id=new_uuid(),
        rule=Rule(given["rule"]),
        name=name,
        slug=None,
        topic=words["topic"],
        kind=DisclaimerKind(given["kind"]),
        placement=DisclaimerPlacement(given["placement"]),
        locale=words["locale"] or "en",
        version=1,
        heading=words["heading"],
        text=words["text"] or "",
    )


def _own(name: str, client: str, *, words: dict[str, str | None]) -> Wording:
    for option in ("rule", "topic", "kind", *(["placement"] if words["replaces"] else [])):
        if words[option] is not None:
            raise click.UsageError(f"--{option} does not go with what a client says in its own words.")
    placement = None if words["replaces"] else DisclaimerPlacement(words["placement"] or _OF_STANDING["placement"])
    return Wording(
        client=client,
        name=name,
        replaces=words["replaces"],
        placement=placement,
        locale=words["locale"] or "en",
        heading=words["heading"],
        text=words["text"] or "",
    )


def _subject(standing: Standing) -> str:
    """Whose it is, or what it is about, else its name."""
    if standing.client is not None:
        stands_in = f" for {standing.replaces}" if standing.replaces else ""
        return f"{standing.client}: {standing.name}{stands_in}"
    return standing.slug or standing.topic or standing.name


def _uuid(text: str) -> UUID:
    node = decode_id(text)
    if node is not None and node.kind is NodeKind.DISCLAIMER:
        return node.uuid
    try:
        return UUID(text)
    except ValueError:
        raise RefusedError(f"`{text}` is not the id of a disclaimer: see `caveat disclaimers list`.") from None

"""Disclaimers as an operator looks after them: those that stand for all, and clients' own."""

from uuid import UUID

import click

from server.commands.options import Locale
from server.commands.running import on_database, opened_engine, print_row
from server.content import disclaimers
from server.content.ids import NodeKind, decode_id, encode_id
from server.content.vocabulary import DisclaimerKind, DisclaimerPlacement
from server.db.uuids import new_uuid
from server.errors import RefusedError


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
    print_row("id", "rule", "of", "kind", "placement", "locale", "version", "heading", "text")
    for each in listed:
        if standing and each.slug:
            continue
        identity, subject = encode_id(NodeKind.DISCLAIMER, each.id), each.slug or each.topic or each.name
        place = (each.kind, each.placement, each.locale, str(each.version))
        print_row(identity, each.rule, subject, *place, each.heading, each.text)


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


def _uuid(text: str) -> UUID:
    node = decode_id(text)
    if node is not None and node.kind is NodeKind.DISCLAIMER:
        return node.uuid
    try:
        return UUID(text)
    except ValueError:
        raise RefusedError(f"`{text}` is not the id of a disclaimer: see `caveat disclaimers list`.") from None

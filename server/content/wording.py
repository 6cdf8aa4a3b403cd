"""A client's own disclaimers: what it adds to those that stand for all, or puts in place of one that is replaceable.

What it adds is of the kind PARTNER, in the placement that it chooses, behind everything else that stands there: it
can't push down what is said of an answer. What it puts in place of a standing one has that one's kind, placement and
place in the order, and is borne by the same answers; where it speaks no language of an answer the standing one stays.
The standing one itself is as it was for everybody else, and comes back where the replacement is removed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text

from server.access.clients import Client
from server.access.registration import find_client, tell
from server.content.disclaimers import Rule, check_wording, keep_version, set_wording
from server.content.tables import DisclaimerRow
from server.content.vocabulary import DisclaimerKind, DisclaimerPlacement
from server.content.writes.transaction import Write, writing
from server.db.engine import Engine
from server.db.uuids import new_uuid
from server.errors.content import NotFoundError, RefusedError
from server.events.outbox import SetKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """What a client says in one locale; `placement` is None where it replaces a standing disclaimer."""

    client: str
    name: str
    """Shared by its wordings in several locales."""
    replaces: str | None
    """The name of the standing disclaimer that it stands in for."""
    placement: DisclaimerPlacement | None
    locale: str
    heading: str | None
    text: str


async def add_wording(engine: Engine, wording: Wording) -> UUID:
    """Gives a client a disclaimer of its own, or one of its own a wording in one more locale; gives the id.

    One that was removed comes back with the next version. Raises NotFoundError, RefusedError.
    """
    check_wording(wording.text, wording.heading)
    if not wording.name.strip() or not wording.name.isprintable():
        raise RefusedError("a disclaimer needs a name, in one line.")
    async with writing(engine) as write:
        client = await find_client(write.session, wording.client)
        form = await _form(write, wording)
        own = await _own(write, client)
        named = [row for row in own if row["name"] == wording.name]
        _check_names(wording, named, form=form)
        _check_replaced(wording, own)
        found = [row for row in named if row["locale"] == wording.locale]
        place = {"position": named[0]["position"] if named else max([row["position"] for row in own], default=0) + 1}
        identity = (
            await _revive(write, wording, found=found)
            if found
            else await _insert(write, wording, place={**form, **place, "client_id": client.id})
        )
        write.outbox.add_set(SetKind.DISCLAIMER, set_id=identity)
        if client.audience.wording is None:
            await write.session.execute(text("update client set has_wording = true where id = :id"), {"id": client.id})
            await tell(write.session)
    return identity


async def remove_wording(engine: Engine, disclaimer_id: UUID) -> None:
    """Takes a client's own disclaimer away; its versions are kept. Raises NotFoundError, RefusedError for any other."""
    async with writing(engine) as write:
        found = await write.session.execute(
            text("select client_id from disclaimer where id = :id and is_active"), {"id": disclaimer_id}
        )
        row = found.mappings().one_or_none()
        if row is None:
            raise NotFoundError(f"no disclaimer has the id `{disclaimer_id}`: see `caveat disclaimers list`.")
        if row["client_id"] is None:
            raise RefusedError("only a client's own disclaimer can be removed: reword this one.")
        await write.session.execute(
            text("update disclaimer set is_active = false where id = :id"), {"id": disclaimer_id}
        )
        write.outbox.add_set(SetKind.DISCLAIMER, set_id=disclaimer_id)


async def set_replaceable(engine: Engine, name: str, *, is_replaceable: bool) -> None:
    """Says whether clients may put their own wording in place of a standing disclaimer, in all locales.

    Where they may no longer, what they have put there is not shown until they may again. Raises NotFoundError.
    """
    async with writing(engine) as write:
        if not await _standing(write, name):
            raise NotFoundError(f"no standing disclaimer is named `{name}`: see `caveat disclaimers list --standing`.")
        changed = await write.session.execute(
            text(
                """update disclaimer set is_replaceable = :is_replaceable
                   where name = :name and answer_id is null and client_id is null
                       and is_replaceable <> :is_replaceable returning id"""
            ),
            {"name": name, "is_replaceable": is_replaceable},
        )
        if changed.first() is None:
            return
        replacing = await write.session.execute(
            text("select id from disclaimer where replaces = :name and is_active order by id"), {"name": name}
        )
        for identity in replacing.scalars().all():
            write.outbox.add_set(SetKind.DISCLAIMER, set_id=identity)


async def _form(write: Write, wording: Wording) -> dict[str, Any]:
    """Kind and placement: the client's own, or those of what it replaces."""
    if wording.replaces is None:
        if wording.placement is None:
            raise RefusedError("a disclaimer needs a placement, unless it replaces a standing one.")
        return {"kind": DisclaimerKind.PARTNER.value, "placement": wording.placement.value, "replaces": None}
    if wording.placement is not None:
        raise RefusedError("what replaces a standing disclaimer has the placement of that one: give none.")
    standing = await _standing(write, wording.replaces)
    if not standing:
        raise NotFoundError(
            f"no standing disclaimer is named `{wording.replaces}`: see `caveat disclaimers list --standing`."
        )
    if not standing[0]["is_replaceable"]:
        raise RefusedError(
            f"`{wording.replaces}` can't be replaced: `caveat disclaimers replaceable {wording.replaces} on` allows it."
        )
    return {key: standing[0][key] for key in ("kind", "placement")} | {"replaces": wording.replaces}


async def _standing(write: Write, name: str) -> list[dict[str, Any]]:
    found = await write.session.execute(
        text(
            """select kind, placement, is_replaceable from disclaimer
               where name = :name and answer_id is null and client_id is null order by locale"""
        ),
        {"name": name},
    )
    return [dict(row) for row in found.mappings()]


async def _own(write: Write, client: Client) -> list[dict[str, Any]]:
    """Every disclaimer that the client has or had."""
    found = await write.session.execute(
        text(
            """select id, name, locale, replaces, placement, position, version, is_active from disclaimer
               where client_id = :id order by id"""
        ),
        {"id": client.id},
    )
    return [dict(row) for row in found.mappings()]


def _check_names(wording: Wording, named: Sequence[dict[str, Any]], *, form: dict[str, Any]) -> None:
    for row in named:
        if row["locale"] == wording.locale and row["is_active"]:
            raise RefusedError(f"`{wording.name}` has a wording in {wording.locale} already: reword it.")
        if (row["replaces"], row["placement"]) != (form["replaces"], form["placement"]):
            raise RefusedError(f"`{wording.name}` is another disclaimer of `{wording.client}`: give this one a name.")


def _check_replaced(wording: Wording, own: Sequence[dict[str, Any]]) -> None:
    for row in own:
        place = (row["replaces"], row["locale"], row["is_active"])
        if wording.replaces is not None and place == (wording.replaces, wording.locale, True):
            raise RefusedError(f"`{row['name']}` replaces `{wording.replaces}` in {wording.locale} already: reword it.")


async def _revive(write: Write, wording: Wording, *, found: Sequence[dict[str, Any]]) -> UUID:
    identity: UUID = found[0]["id"]
    version = found[0]["version"] + 1
    await set_wording(write, identity, version=version, notice=(wording.heading, wording.text))
    return identity


async def _insert(write: Write, wording: Wording, *, place: dict[str, Any]) -> UUID:
    row = {
        **place,
        "id": new_uuid(),
        "rule": Rule.CLIENT.value,
        "name": wording.name,
        "locale": wording.locale,
        "version": 1,
        "heading": wording.heading,
        "text": wording.text,
    }
    await write.session.execute(insert(DisclaimerRow), [row])
    await keep_version(write, [row])
    identity: UUID = row["id"]
    return identity

"""A partner confined to one topic is attacked through every field that there is, over every transport.

It learns what it would learn if nothing lay beyond its topic: what a server tells it is compared with what a server
tells on whose database nothing else is.
"""

import re
from collections.abc import AsyncIterator
from difflib import unified_diff

import pytest
from graphql import is_object_type

from schema.build import build_schema
from server.content.evidence import withdraw
from server.content.publishing import publish
from server.content.withdrawal import Named, erase, retract
from server.db.engine import Engine
from tests.databases import Databases
from tests.journeys.attacks.following import Following, following
from tests.journeys.attacks.scenes import CLOSING, OPENING, Scene, mark, opened_scene
from tests.schema.confinement.partners import BEYOND, SKIN
from tests.schema.drafts import answer

ROOTS = list(build_schema().query_type.fields)
OF_VALUES = {"BAD_USER_INPUT", "CURSOR_EXPIRED", "CURSOR_INVALID"}
"""Codes of attacks that are run."""
HEAD = "{ changes(first: 1000) { cursor } }"
MARK = "zebra"
"""In whatever lies beyond."""


@pytest.fixture(scope="module")
async def scene(databases: Databases) -> AsyncIterator[Scene]:
    async with opened_scene(databases) as opened:
        yield opened


@pytest.mark.parametrize("root", ROOTS)
async def test_no_query_tells_of_what_lies_beyond(scene: Scene, root: str) -> None:
    leaks, codes, differ = {}, set(), 0
    for attack in scene.attacks:
        if attack.root != root:
            continue
        confined = await scene.confined.told(attack)
        codes.update(re.findall(r'"code": "([A-Z_]+_[A-Z_]+)"', confined))
        if confined != await scene.alone.told(attack) or MARK in confined.lower():
            leaks[attack.text] = confined
        if not differ:
            differ += confined != await scene.whole.told(attack)

    assert leaks == {}
    assert (differ, codes - OF_VALUES) == (1, set()), "it could have leaked"
    assert [held for held in scene.confined.cursors if any(each in held for each in scene.beyond)] == []


async def test_every_field_is_attacked(scene: Scene) -> None:
    attacked = {attack.coordinate for attack in scene.attacks}

    objects = [each for each in scene.schema.type_map.values() if is_object_type(each) and each.name[:2] != "__"]
    every = {f"{type_.name}.{name}" for type_ in objects for name in type_.fields}
    assert every - attacked == {f"Subscription.{name}" for name in scene.schema.subscription_type.fields}


async def change_beyond(engine: Engine) -> None:
    """Everything that can happen to answers beyond the partner's topic."""
    changed = answer("zebra-care", topics=(SKIN,), title="Zebra two")
    await publish(engine, [answer("zebra-new", topics=(SKIN,)), changed])
    await retract(engine, Named(slug="zebra-care", locale="en"), reason="Zebra.")
    await erase(engine, Named(slug="zebra-new"))
    await withdraw(engine, BEYOND.title)


async def test_no_subscription_tells_of_what_lies_beyond(scene: Scene) -> None:
    attacks = scene.subscriptions()
    partners = (scene.confined, scene.alone, scene.whole)
    cursors = [(await each.ask(HEAD))["data"]["changes"]["cursor"] for each in partners]
    await touch(scene, OPENING)
    async with (
        following(scene.confined, attacks, cursor=cursors[0]) as confined,
        following(scene.alone, attacks, cursor=cursors[1]) as alone,
        following(scene.whole, attacks[:1], cursor=cursors[2]) as whole,
    ):
        await change_beyond(scene.confined.server.engine)
        closing = await touch(scene, CLOSING)
        for each in (confined, alone, whole):
            await each.until_all(closing)

    assert differences(confined, alone) == []
    assert MARK not in str(list(confined.heard.values())).lower()
    assert len(whole.heard[attacks[0].text]) > len(confined.heard[attacks[0].text]) == 2, "it could have leaked"


def differences(confined: Following, alone: Following) -> list[str]:
    """What the one heard and the other did not, line by line."""
    both = [(text, ["\n".join(each.heard[text]).splitlines() for each in (alone, confined)]) for text in alone.heard]
    return [line for text, told in both for line in unified_diff(*told, fromfile=text, n=6)]


async def touch(scene: Scene, slug: str) -> str:
    """Changes an answer of which every subscription hears, and gives its id."""
    for partner in (scene.confined, scene.alone):
        await publish(partner.server.engine, [mark(slug, title="Changed")])
    found = await scene.alone.ask(f'{{ answer(slug: "{slug}") {{ id }} }}')
    return str(found["data"]["answer"]["id"])

"""Every way to write content, by the function that writes; each begins with the same two answers."""

import ast
import datetime
from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import uuid4

import msgspec

from server.content import disclaimers, evidence, publishing, turns, withdrawal, wording
from server.content.disclaimers import Rule, Standing
from server.content.draft import Draft
from server.content.publishing import OutcomeKind
from server.content.vocabulary import DisclaimerPlacement
from server.content.withdrawal import Named
from server.content.wording import Wording
from server.db.engine import Engine
from tests.access.registering import register
from tests.house.sources import ROOT
from tests.schema.drafts import CANCER, GUIDELINE, LEUKEMIA, TRIAL, answer, paragraph, rich, section

Step = Callable[[Engine], Awaitable[object]]

FIRST = rich("first", locale="en", external_id="page:first")
SECOND = answer("second", locale="en", topics=(CANCER,), sources=(TRIAL,), sections=(section(None, paragraph("So.")),))
HERE = Named(slug="first", locale="en")
IN_A_CENTURY = datetime.date(2100, 1, 1)


def change(value: Draft, **changes: object) -> Draft:
    """Another draft of the same answer."""
    return msgspec.structs.replace(value, **changes)


def writers() -> set[str]:
    """The functions of content that open its one transaction."""
    found = set()
    for file in (ROOT / "server" / "content").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.AsyncFunctionDef) and "writing(engine)" in ast.unparse(node):
                found.add(node.name)
    return found


def published(*drafts: Draft) -> Step:
    """Publishes drafts that all say something new."""

    async def step(engine: Engine) -> None:
        outcomes = await publishing.publish(engine, drafts)
        assert {each.kind for each in outcomes}.isdisjoint({OutcomeKind.REFUSED, OutcomeKind.UNCHANGED}), outcomes

    return step


async def _listed(engine: Engine, rule: Rule) -> Standing:
    async with engine.transaction() as session:
        listed = await disclaimers.list_disclaimers(session)
    return next(each for each in listed if each.rule is rule and each.locale == "en")


async def _reword(engine: Engine) -> None:
    await disclaimers.reword(engine, (await _listed(engine, Rule.EVERY_ANSWER)).id, wording="Ask a doctor.")


async def _reword_notice(engine: Engine) -> None:
    await disclaimers.reword(engine, (await _listed(engine, Rule.PAGE)).id, wording="By a machine.")


async def _add_standing(engine: Engine) -> None:
    standing = await _listed(engine, Rule.EVERY_ANSWER)
    added = replace(standing, id=uuid4(), rule=Rule.TOPIC, topic="cancer", name="of-cancer", text="On cancer.")
    await disclaimers.add_standing(engine, added)


def _own(replaces: str | None = None) -> Wording:
    return Wording(
        client="partner",
        name="own",
        replaces=replaces,
        placement=None if replaces else DisclaimerPlacement.AFTER_CONTENT,
        locale="en",
        heading=None,
        text="Ours.",
    )


async def _add_wording(engine: Engine) -> None:
    await wording.add_wording(engine, _own())


async def _remove_wording(engine: Engine) -> None:
    await wording.remove_wording(engine, await wording.add_wording(engine, _own()))


async def _set_replaceable(engine: Engine) -> None:
    name = (await _listed(engine, Rule.EVERY_ANSWER)).name
    await wording.set_replaceable(engine, name, is_replaceable=True)
    await wording.add_wording(engine, _own(name))
    await wording.set_replaceable(engine, name, is_replaceable=False)


async def _retract(engine: Engine) -> None:
    await withdrawal.retract(engine, HERE, reason="It was wrong.", replacement="second")


async def _reinstate(engine: Engine) -> None:
    await withdrawal.retract(engine, HERE, reason="It was wrong.")
    await withdrawal.reinstate(engine, HERE)


async def _restore(engine: Engine) -> None:
    await evidence.withdraw(engine, TRIAL.title)
    await evidence.restore(engine, TRIAL.title)


async def _prune(engine: Engine) -> None:
    await turns.prune(engine, before=datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1))


async def _join(engine: Engine) -> None:
    alone = answer("primera", locale="es")
    await published(alone)(engine)
    await published(change(alone, translation_of="first"))(engine)


async def prepare(engine: Engine) -> None:
    """What is there before anything is written: two answers, and a client with a wording."""
    await register(engine, "partner")
    await published(FIRST, SECOND)(engine)


_RENAMED = msgspec.structs.replace(CANCER, name="Cancers")
_ROOT = msgspec.structs.replace(CANCER, name="Disease", slug="disease")
_LICENSED = msgspec.structs.replace(TRIAL, license="CC-BY-4.0")
_AML = msgspec.structs.replace(LEUKEMIA, name="Aml", slug="aml", codes=())
_MOVED = msgspec.structs.replace(CANCER, parent="disease")

STEPS: dict[str, tuple[str, Step]] = {
    "a new answer": ("publish_prepared", published(answer("third", locale="en"))),
    "a new answer on a new topic": ("publish_prepared", published(answer("third", topics=(CANCER, _AML)))),
    "a translation": ("publish_prepared", published(answer("first", locale="es"))),
    "a translation at another slug": (
        "publish_prepared",
        published(answer("primera", locale="es", translation_of="first")),
    ),
    "an answer that joins a set": ("publish_prepared", _join),
    "a new revision": ("publish_prepared", published(change(FIRST, title="Another title"))),
    "other notices": ("publish_prepared", published(change(FIRST, notices=()))),
    "no review": ("publish_prepared", published(change(FIRST, review=None))),
    "a renamed topic": ("publish_prepared", published(change(SECOND, topics=(_RENAMED,)))),
    "a moved topic": ("publish_prepared", published(change(SECOND, topics=(_ROOT, _MOVED)))),
    "other topics": ("publish_prepared", published(change(FIRST, topics=(CANCER,)))),
    "a completed source": ("publish_prepared", published(change(FIRST, sources=(GUIDELINE, _LICENSED)))),
    "a retraction": ("retract", _retract),
    "a reinstatement": ("reinstate", _reinstate),
    "an erasure": ("erase", lambda engine: withdrawal.erase(engine, HERE)),
    "a supersession": ("supersede", lambda engine: evidence.supersede(engine, GUIDELINE.title, by=TRIAL.title)),
    "a withdrawn source": ("withdraw", lambda engine: evidence.withdraw(engine, TRIAL.title)),
    "a restored source": ("restore", _restore),
    "a reworded disclaimer": ("reword", _reword),
    "a reworded notice": ("reword", _reword_notice),
    "a new disclaimer": ("add_standing", _add_standing),
    "a client's wording": ("add_wording", _add_wording),
    "a client's wording that is removed": ("remove_wording", _remove_wording),
    "a disclaimer that is replaceable no more": ("set_replaceable", _set_replaceable),
    "reviews that are overdue": ("announce_overdue", lambda engine: turns.announce_overdue(engine, IN_A_CENTURY)),
    "a pruned outbox": ("prune", _prune),
}
"""Each with the function that it calls."""

"""Withdrawing answers and bringing them back: retraction, reinstatement, and the erasure that the law may ask."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from server.content.answer import ChangeKind
from server.content.disclaimers import Own, Rule, add_own, set_wording
from server.content.draft import Notice
from server.content.vocabulary import DisclaimerKind, DisclaimerPlacement
from server.content.writes.counting import counted
from server.content.writes.known import identity_digests
from server.content.writes.transaction import Write, note_change, writing
from server.db.engine import Engine
from server.db.uuids import new_uuid
from server.errors.content import NotFoundError, RefusedError

_REASON_HEADINGS = {"en": "Why it was withdrawn", "es": "Por qué se retiró"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """An answer by its slug; the locale may be left out where only one answer has the slug."""

    slug: str
    locale: str | None = None


async def retract(engine: Engine, answer: Named, *, reason: str, replacement: str | None = None) -> UUID:
    """Withdraws an answer from now on and gives its id; raises NotFoundError, or RefusedError where it is retracted."""
    if not reason.strip() or "\0" in reason:
        raise RefusedError("a retraction needs a reason, which readers are told.")
    async with writing(engine) as write:
        row = await _find(write, answer)
        if row["status"] == "RETRACTED":
            raise RefusedError(f"`{answer.slug}` is retracted already: reinstate it to retract it for another reason.")
        replacement_set = await _replacement_set(write, row, replacement=replacement)
        await retract_known(write, row["id"], reason=reason, replacement_set=replacement_set)
    identity: UUID = row["id"]
    return identity


async def retract_known(write: Write, answer_id: UUID, *, reason: str, replacement_set: UUID | None) -> None:
    """Withdraws an answer in an open transaction; of the set that replaces it, the one in its own locale if it can."""
    async with counted(write, [answer_id]):
        await write.session.execute(
            text(
                """update answer a set status = 'RETRACTED', retracted_at = :now, retraction_reason = :reason,
                       replacement_id = (select b.id from answer b where b.set_id = :set and b.status <> 'ERASED'
                                         order by b.locale = a.locale desc, b.id limit 1)
                   where a.id = :id"""
            ),
            {"id": answer_id, "now": write.now, "reason": reason, "set": replacement_set},
        )
    await _tell_reason(write, answer_id, reason=reason)
    await note_change(write, ChangeKind.RETRACTED, answer_id=answer_id)


async def reinstate(engine: Engine, answer: Named) -> UUID:
    """Takes a retraction back, the same revision, and gives the answer's id; raises RefusedError if it stands."""
    async with writing(engine) as write:
        row = await _find(write, answer)
        if row["status"] != "RETRACTED":
            raise RefusedError(f"`{answer.slug}` is not retracted.")
        async with counted(write, [row["id"]]):
            await write.session.execute(
                text(
                    """update answer set status = 'PUBLISHED', retracted_at = null, retraction_reason = null,
                           replacement_id = null where id = :id"""
                ),
                {"id": row["id"]},
            )
        await write.session.execute(
            text("update disclaimer set is_active = false where answer_id = :id and rule = 'REASON'"), {"id": row["id"]}
        )
        await note_change(write, ChangeKind.PUBLISHED, answer_id=row["id"])
    identity: UUID = row["id"]
    return identity


async def erase(engine: Engine, answer: Named) -> UUID:
    """Removes an answer's content for good and gives its id; what stays is a tombstone that says REMOVED to clients."""
    async with writing(engine) as write:
        row = await _find(write, answer)
        digests = identity_digests(row["slug"], row["locale"], external_id=row["external_id"])
        await note_change(write, ChangeKind.REMOVED, answer_id=row["id"])
        await _tell_replaced(write, row["id"])
        values = {"id": row["id"], "name": str(row["id"]), "digests": digests, "new_set": new_uuid()}
        async with counted(write, [row["id"]]):
            for statement in map(text, _ERASURE):
                needed = {name: value for name, value in values.items() if name in statement.compile().params}
                await write.session.execute(statement, needed)
    identity: UUID = row["id"]
    return identity


async def _tell_replaced(write: Write, answer_id: UUID) -> None:
    """Tells of the answers that lose their replacement with this one."""
    replaced = await write.session.execute(
        text("select id from answer where replacement_id = :id order by id"), {"id": answer_id}
    )
    for identity in replaced.scalars().all():
        await note_change(write, ChangeKind.RETRACTED, answer_id=identity)


# the topics are kept as former ones, so that filtered feeds learn of the removal
_ERASURE = (
    """with recursive lost as (
           select x.topic_id from answer_topic x where x.answer_id = :id
           union select t.parent_id from topic t join lost l on t.id = l.topic_id where t.parent_id is not null)
       insert into former_topic (answer_id, topic_id, position)
       select a.id, l.topic_id, a.change_position from lost l join answer a on a.id = :id
       on conflict (answer_id, topic_id) do update set position = excluded.position""",
    "update answer set replacement_id = null where replacement_id = :id",
    "select set_config('caveat.erasing', :name, true)",
    "delete from revision where answer_id = :id",
    "delete from disclaimer_version where disclaimer_id in (select id from disclaimer where answer_id = :id)",
    "select set_config('caveat.erasing', '', true)",
    "delete from disclaimer where answer_id = :id",
    "delete from answer_topic where answer_id = :id",
    "delete from answer_source where answer_id = :id",
    "delete from answer_file where answer_id = :id",
    """update answer set set_id = :new_set, slug = 'erased-' || :name, external_id = null, status = 'ERASED',
           digest = '', question = '', question_key = '', question_match = '', draft_caveats = '{}',
           reviewed_on = null, reviewer = null, next_review_on = null, retracted_at = null, retraction_reason = null,
           replacement_id = null,
           identity_digests = cast(:digests as text[]) where id = :id""",
)


async def _find(write: Write, answer: Named) -> dict[str, Any]:
    found = await write.session.execute(
        text(
            """select a.id, a.slug, a.locale, a.external_id, a.status, a.set_id
               from answer a join revision r on r.answer_id = a.id and r.number = a.revision
               where a.slug = :slug and (cast(:locale as text) is null or a.locale = :locale) order by a.locale"""
        ),
        {"slug": answer.slug, "locale": answer.locale},
    )
    rows = [dict(row) for row in found.mappings()]
    if not rows:
        where = f" in {answer.locale}" if answer.locale else ""
        raise NotFoundError(f"no answer has the slug `{answer.slug}`{where}.")
    if len(rows) > 1:
        locales = ", ".join(row["locale"] for row in rows)
        raise RefusedError(f"`{answer.slug}` is there in {locales}: say which with --locale.")
    return rows[0]


async def _replacement_set(write: Write, row: dict[str, Any], *, replacement: str | None) -> UUID | None:
    if replacement is None:
        return None
    found = await write.session.execute(
        text("select set_id from answer where slug = :slug order by id"), {"slug": replacement}
    )
    replacement_set: UUID | None = found.scalar()
    if replacement_set is None:
        raise NotFoundError(f"no answer has the slug `{replacement}`, which was to be the replacement.")
    if replacement_set == row["set_id"]:
        raise RefusedError("an answer can't be replaced by itself or by its own translation.")
    return replacement_set


async def _tell_reason(write: Write, answer_id: UUID, *, reason: str) -> None:
    found = await write.session.execute(
        text(
            """select a.locale, d.id as disclaimer_id, d.version, d.text from answer a
               left join disclaimer d on d.answer_id = a.id and d.rule = 'REASON' where a.id = :id"""
        ),
        {"id": answer_id},
    )
    row = found.mappings().one()
    heading = _REASON_HEADINGS.get(row["locale"].split("-")[0], _REASON_HEADINGS["en"])
    if row["disclaimer_id"] is not None and row["text"] == reason:
        await write.session.execute(
            text("update disclaimer set is_active = true where id = :id"), {"id": row["disclaimer_id"]}
        )
    elif row["disclaimer_id"] is not None:
        await set_wording(write, row["disclaimer_id"], version=row["version"] + 1, notice=(heading, reason))
    else:
        notice = Notice(
            kind=DisclaimerKind.RETRACTION,
            placement=DisclaimerPlacement.BEFORE_CONTENT,
            heading=heading,
            text=reason,
        )
        own = Own(answer_id=answer_id, locale=row["locale"], name=f"reason-{answer_id}", position=0, notice=notice)
        await add_own(write, [own], rule=Rule.REASON)

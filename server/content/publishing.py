"""The only writer of answers: drafts become revisions, whole or not at all, in one transaction with the outbox."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import text

from server.content.answer import ChangeKind
from server.content.draft import Cover, Draft
from server.content.files import note_files
from server.content.publication.preparation import DraftFile, Prepared, Unsound, prepare_or_refuse
from server.content.withdrawal import retract_known
from server.content.writes.known import Known, KnownAnswer, find_known, is_erased
from server.content.writes.revising import Plan, write_plans
from server.content.writes.transaction import Write, writing
from server.db.engine import Engine
from server.db.uuids import new_uuid
from server.errors.content import RefusedError


class OutcomeKind(StrEnum):
    """What became of a draft."""

    PUBLISHED = "published"
    UPDATED = "updated"
    CAVEATS_CHANGED = "caveats changed"
    RETRACTED = "retracted"
    UNCHANGED = "unchanged"
    KEPT_RETRACTED = "left retracted"
    KEPT_ERASED = "left erased"
    REFUSED = "refused"


_AS_IN_ITS_FILE = frozenset(
    [OutcomeKind.PUBLISHED, OutcomeKind.UPDATED, OutcomeKind.CAVEATS_CHANGED, OutcomeKind.UNCHANGED]
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one draft; `reason` says why it was refused or left alone."""

    kind: OutcomeKind
    slug: str
    locale: str
    revision: int | None = None
    reason: str | None = None


async def publish(engine: Engine, drafts: Sequence[Draft]) -> list[Outcome]:
    """Publishes drafts in one transaction and says, in their order, what became of each.

    A draft that equals what is there changes nothing; a retracted or erased answer is left as it is. A draft that can't
    be taken is refused and the others go in. Drafts may name each other as translation or replacement in any order but
    for those that name a later one, which are refused.
    """
    return await publish_prepared(engine, [prepare_or_refuse(draft) for draft in drafts])


async def publish_prepared(engine: Engine, prepared: Sequence[Prepared | Unsound]) -> list[Outcome]:
    """Publishes what was prepared, here or in another process, as `publish` does."""
    sound = [item.cover for item in prepared if isinstance(item, Prepared)]
    if not sound:
        return [_outcome_of(item) for item in prepared if isinstance(item, Unsound)]
    async with writing(engine) as write:
        # each statement takes a few rows by their names: of tables that are filled just now Postgres would expect more
        await write.session.execute(text("set local enable_seqscan = off"))
        known = await find_known(write.session, sound)
        planned = [
            _outcome_of(item) if isinstance(item, Unsound) else _plan(known, item, write=write) for item in prepared
        ]
        written = await write_plans(write, [item for item in planned if isinstance(item, Plan)])
        outcomes = [item if isinstance(item, Outcome) else _outcome(item, written) for item in planned]
        await _retract(write, known, planned=planned, refused=written)
        await note_files(write, _as_in_their_files(prepared, outcomes))
    return outcomes


def _as_in_their_files(
    prepared: Sequence[Prepared | Unsound], outcomes: Sequence[Outcome]
) -> list[tuple[DraftFile, str, str]]:
    """What its file would leave unchanged, whatever became of others: one that names a replacement might be refused."""
    return [
        (item.file, outcome.slug, outcome.locale)
        for item, outcome in zip(prepared, outcomes, strict=True)
        if isinstance(item, Prepared) and item.file and outcome.kind in _AS_IN_ITS_FILE and not item.cover.retraction
    ]


def _outcome_of(item: Unsound) -> Outcome:
    return Outcome(kind=OutcomeKind.REFUSED, slug=item.slug, locale=item.locale, reason=item.reason)


def _refused(draft: Cover, reason: str) -> Outcome:
    return Outcome(kind=OutcomeKind.REFUSED, slug=draft.slug, locale=draft.locale, reason=reason)


def _plan(known: Known, item: Prepared, *, write: Write) -> Plan | Outcome:
    draft = item.cover
    try:
        if is_erased(known, draft):
            reason = "the answer was erased; an import does not bring it back."
            return Outcome(kind=OutcomeKind.KEPT_ERASED, slug=draft.slug, locale=draft.locale, reason=reason)
        if draft.retraction and draft.retraction.replacement:
            _check_replacement(known, draft, replacement=draft.retraction.replacement)
        answer = known.answer_of(draft)
        return _plan_new(known, item, write=write) if answer is None else _plan_known(known, item, answer=answer)
    except RefusedError as error:
        return _refused(draft, error.message)


def _check_replacement(known: Known, draft: Cover, *, replacement: str) -> None:
    if replacement == draft.slug:
        raise RefusedError("an answer can't be its own replacement.")
    if replacement not in known.set_by_slug:
        raise RefusedError(f"the replacement is `{replacement}`: no answer has that slug.")


def _plan_new(known: Known, item: Prepared, *, write: Write) -> Plan:
    draft = item.cover
    published_at = datetime.datetime.combine(draft.published_on, datetime.time(), datetime.UTC)
    answer = KnownAnswer(
        id=item.built.answer_id if item.built else new_uuid(),
        set_id=known.set_of(draft) or new_uuid(),
        slug=draft.slug,
        locale=draft.locale,
        external_id=draft.external_id,
        status="PUBLISHED",
        revision=0,
        digest=item.digest,
        draft_caveats=item.caveats,
        updated_at=min(published_at, write.now),
    )
    known.add(answer)
    known.claimed.add(answer.id)
    return Plan(item=item, answer=answer, kind=ChangeKind.PUBLISHED)


def _plan_known(known: Known, item: Prepared, *, answer: KnownAnswer) -> Plan | Outcome:
    draft, place = item.cover, {"slug": answer.slug, "locale": answer.locale}
    if answer.id in known.claimed:
        raise RefusedError("the same answer (slug and locale, or external id) stands in this import twice.")
    known.claimed.add(answer.id)
    is_same = item.digest == answer.digest
    if answer.status == "RETRACTED":
        if is_same and draft.retraction:
            return Outcome(kind=OutcomeKind.UNCHANGED, revision=answer.revision, **place)
        reason = "the answer is retracted; an import does not revive it: reinstate it first."
        return Outcome(kind=OutcomeKind.KEPT_RETRACTED, revision=answer.revision, reason=reason, **place)
    has_same_caveats = item.caveats == answer.draft_caveats
    if is_same and has_same_caveats and not draft.retraction:
        return Outcome(kind=OutcomeKind.UNCHANGED, revision=answer.revision, **place)
    if not has_same_caveats and draft.translation_of:
        _move(known, draft, answer=answer)
    kind = ChangeKind.CAVEATS_CHANGED if is_same else ChangeKind.UPDATED
    return Plan(item=item, answer=answer, kind=kind)


def _move(known: Known, draft: Cover, *, answer: KnownAnswer) -> None:
    named = known.set_by_slug.get(draft.translation_of or "")
    if named is None:
        raise RefusedError(f"translationOf is `{draft.translation_of}`: no answer has that slug.")
    if named == answer.set_id:
        return
    if len(known.locales_by_set[answer.set_id]) > 1:
        raise RefusedError("translationOf names another set of translations, and this answer has translations already.")
    if draft.locale in known.locales_by_set[named]:
        raise RefusedError(f"its set of translations has an answer in {draft.locale} already.")
    del known.locales_by_set[answer.set_id]
    answer.set_id = named
    known.locales_by_set[named][draft.locale] = draft.slug


def _outcome(plan: Plan, refused: dict[UUID, str]) -> Outcome:
    if plan.answer.id in refused:
        return _refused(plan.cover, refused[plan.answer.id])
    kind = OutcomeKind.RETRACTED if plan.cover.retraction else OutcomeKind[plan.kind.name]
    return Outcome(kind=kind, slug=plan.answer.slug, locale=plan.answer.locale, revision=plan.answer.revision)


async def _retract(write: Write, known: Known, *, planned: Sequence[Plan | Outcome], refused: dict[UUID, str]) -> None:
    for plan in planned:
        if isinstance(plan, Plan) and plan.cover.retraction and plan.answer.id not in refused:
            replacement = plan.cover.retraction.replacement
            target = known.set_by_slug.get(replacement) if replacement else None
            await retract_known(write, plan.answer.id, reason=plan.cover.retraction.reason, replacement_set=target)

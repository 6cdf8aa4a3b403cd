"""What the database knows already of the answers that a batch of drafts names."""

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from server.content.draft import Cover
from server.errors.content import RefusedError

ERASED = "ERASED"


@dataclass(kw_only=True, slots=True)
class KnownAnswer:
    """An answer that is there already: its identity and its current state."""

    id: UUID
    set_id: UUID
    slug: str
    locale: str
    external_id: str | None
    status: str
    revision: int
    digest: str
    draft_caveats: bytes
    updated_at: datetime.datetime


def identity_digests(slug: str, locale: str, *, external_id: str | None) -> list[str]:
    """What remains of the identity of an erased answer: enough to know it again, not enough to read it."""
    names = [slug, f"{locale}\n{slug}", *([] if external_id is None else [f"external\n{external_id}"])]
    return [hashlib.sha256(name.encode()).hexdigest() for name in names]


@dataclass(kw_only=True, slots=True)
class Known:
    """The answers that a batch names, by every name that they have; grows as the batch is planned."""

    by_name: dict[tuple[str, str], KnownAnswer] = field(default_factory=dict)
    by_external_id: dict[str, KnownAnswer] = field(default_factory=dict)
    set_by_slug: dict[str, UUID] = field(default_factory=dict)
    locales_by_set: dict[UUID, dict[str, str]] = field(default_factory=dict)
    """For each set of translations the slug in each locale."""
    erased: set[str] = field(default_factory=set)
    claimed: set[UUID] = field(default_factory=set)
    """Answers that a draft of this batch has taken."""

    def add(self, answer: KnownAnswer) -> None:
        """Makes an answer known by all its names."""
        self.by_name[answer.locale, answer.slug] = answer
        if answer.external_id is not None:
            self.by_external_id[answer.external_id] = answer
        self.set_by_slug.setdefault(answer.slug, answer.set_id)
        self.locales_by_set.setdefault(answer.set_id, {})[answer.locale] = answer.slug

    def answer_of(self, draft: Cover) -> KnownAnswer | None:
        """The answer that a draft is a version of; raises RefusedError where its names point to two answers."""
        by_name = self.by_name.get((draft.locale, draft.slug))
        if draft.external_id is None:
            return by_name
        by_id = self.by_external_id.get(draft.external_id)
        if by_id is None and by_name is not None and by_name.external_id is None:
            return by_name
        if by_id is not by_name:
            self._refuse_names(draft, by_id, by_name=by_name)
        return by_id

    @staticmethod
    def _refuse_names(draft: Cover, by_id: KnownAnswer | None, *, by_name: KnownAnswer | None) -> None:
        if by_id is None and by_name is not None:
            raise RefusedError(
                f"the slug `{draft.slug}` is that of the answer with the external id `{by_name.external_id}`: "
                "give this one another slug."
            )
        if by_id is not None:
            raise RefusedError(
                f"the external id `{draft.external_id}` is that of the answer `{by_id.slug}` ({by_id.locale}): "
                "a slug and a locale never change, so keep them or give another id."
            )

    def set_of(self, draft: Cover) -> UUID | None:
        """The set of translations that a new answer joins, if any; raises RefusedError where it can't."""
        named = self.set_by_slug.get(draft.translation_of) if draft.translation_of else None
        if draft.translation_of and named is None:
            raise RefusedError(f"translationOf is `{draft.translation_of}`: no answer has that slug.")
        own = self.set_by_slug.get(draft.slug)
        if named and own and named != own:
            raise RefusedError(
                f"the slug `{draft.slug}` is that of another set of translations than `{draft.translation_of}`: "
                "the same slug in two locales is the same question, so give this one another slug."
            )
        chosen = named or own
        taken = self.locales_by_set.get(chosen, {}).get(draft.locale) if chosen else None
        if taken is not None:
            raise RefusedError(f"its set of translations has an answer in {draft.locale} already: `{taken}`.")
        return chosen


async def find_known(session: AsyncSession, drafts: Sequence[Cover]) -> Known:
    """Everything that is known of the answers that the drafts name, in two statements."""
    named = [(draft.slug, draft.translation_of, draft.retraction and draft.retraction.replacement) for draft in drafts]
    slugs = {slug for names in named for slug in names if slug}
    # every member of every set that one of the slugs or external ids belongs to
    rows = await session.execute(
        text(
            """select id, set_id, slug, locale, external_id, status, revision, digest, draft_caveats, updated_at
               from answer where status <> 'ERASED' and set_id in (
                   select set_id from answer where slug = any(:slugs) or external_id = any(:external_ids))
               order by id"""
        ),
        {"slugs": list(slugs), "external_ids": [draft.external_id for draft in drafts if draft.external_id]},
    )
    known = Known(erased=await _erased(session, drafts))
    for row in rows.mappings():
        known.add(KnownAnswer(**row))
    return known


async def _erased(session: AsyncSession, drafts: Iterable[Cover]) -> set[str]:
    digests = [identity_digests(draft.slug, draft.locale, external_id=draft.external_id)[1:] for draft in drafts]
    rows = await session.execute(
        text(
            """select distinct unnest(identity_digests) from answer
               where status = 'ERASED' and identity_digests && cast(:digests as text[])"""
        ),
        {"digests": [digest for group in digests for digest in group]},
    )
    return set(rows.scalars())


def is_erased(known: Known, draft: Cover) -> bool:
    """Whether the answer that the draft names was erased."""
    return bool(known.erased) and not known.erased.isdisjoint(
        identity_digests(draft.slug, draft.locale, external_id=draft.external_id)[1:]
    )

"""All of publishing that needs no database: a draft checked, told by its digest, and built as a first revision.

What is prepared can be made in another process and handed to `publishing`, which takes the built form if the answer and
its sources are as new as it assumes, and else builds it again.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from server.content.checks.drafts import check
from server.content.draft import Cover, Draft, Source
from server.content.packing import pack, unpack
from server.content.publication import canonical, caveats
from server.content.publication.revision import build, draft_questions, question_keys
from server.content.published import encode
from server.db.uuids import new_uuid
from server.errors.content import RefusedError

_decoder = msgspec.json.Decoder(Draft)
_cover_decoder = msgspec.json.Decoder(Cover)


@dataclass(frozen=True, kw_only=True, slots=True)
class Built:
    """A revision as it is written, of an answer and with sources of these ids."""

    answer_id: UUID
    source_ids: Mapping[str, UUID]
    """By the source's key in the draft."""
    published: bytes
    """The published form as its row keeps it."""
    cited: tuple[UUID, ...]
    """The sources cited, each once, in order of first citation."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles ids as their bytes, at a fraction of the cost."""
        ids = [self.answer_id, *self.source_ids.values(), *self.cited]
        return _rebuilt, ([each.bytes for each in ids], {"keys": tuple(self.source_ids), "published": self.published})


def _rebuilt(raw: Sequence[bytes], fields: dict[str, Any]) -> Built:
    ids = {each: UUID(bytes=each) for each in raw}
    answer_id, *others = [ids[each] for each in raw]
    return Built(
        answer_id=answer_id,
        source_ids=dict(zip(fields["keys"], others, strict=False)),
        published=fields["published"],
        cited=tuple(others[len(fields["keys"]) :]),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftFile:
    """The file that a draft stands in."""

    stamp: bytes
    """Another one for whatever might hold other drafts."""
    answers: int
    """How many answers it holds, and what was left out of it: one of which anything was is never as it should be."""
    without_text: int
    """How many questions it holds that have no answer in it."""
    form: str


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A sound draft with what is compared when it is published; `built` has it under ids that are free to take."""

    cover: Cover
    """The draft itself where it was prepared, all but its content after a journey."""
    encoded: bytes
    """The draft as its row keeps it."""
    used_keys: tuple[str, ...]
    """Of the sources that the content cites or is grounded in, in this order."""
    digest: str
    caveats: bytes
    file: DraftFile | None = None
    built: Built | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles the draft as its row keeps it anyway: the content is hardly ever read again."""
        fields = {name: getattr(self, name) for name in ("used_keys", "digest", "caveats", "file", "built")}
        return _restored, (self.encoded, fields)

    @property
    def used_sources(self) -> list[Source]:
        """The sources that the content cites or is grounded in."""
        return [source for source in self.cover.sources if source.key in self.used_keys]

    @property
    def draft(self) -> Draft:
        """The whole draft."""
        return self.cover if isinstance(self.cover, Draft) else _decoder.decode(unpack(self.encoded))


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsound:
    """A draft that can't be published, by its names, with the reason."""

    slug: str
    locale: str
    reason: str


def _restored(encoded: bytes, fields: dict[str, Any]) -> Prepared:
    return Prepared(cover=_cover_decoder.decode(unpack(encoded)), encoded=encoded, **fields)


def prepare(draft: Draft, file: DraftFile | None = None) -> Prepared:
    """A draft ready to be compared with what is there; raises RefusedError for one that can't be published."""
    draft = canonical.normalise(draft)
    encoded = pack(check(draft))
    said = caveats.encode(caveats.caveats_of(draft))
    return Prepared(
        cover=draft,
        encoded=encoded,
        used_keys=tuple(canonical.used_keys(draft)),
        digest=canonical.normal_digest(draft),
        caveats=said,
        file=file,
    )


class Builder:
    """Builds drafts of which nothing is known as the first revisions of new answers; equal sources share an id."""

    def __init__(self) -> None:
        self._ids: dict[Source, UUID] = {}

    def propose(self, prepared: Prepared) -> Prepared:
        """The same with its built form, under ids of its own."""
        ids = {source.key: self._id_of(source) for source in prepared.used_sources}
        return dataclasses.replace(prepared, built=build_revision(prepared.draft, answer_id=new_uuid(), source_ids=ids))

    def _id_of(self, source: Source) -> UUID:
        return self._ids.setdefault(replace(source, key=""), new_uuid())


def prepare_or_refuse(
    draft: Draft, *, file: DraftFile | None = None, builder: Builder | None = None
) -> Prepared | Unsound:
    """A draft ready to be published, built where there is a builder; or the reason why it can't be."""
    try:
        prepared = prepare(draft, file)
    except RefusedError as error:
        return Unsound(slug=draft.slug, locale=draft.locale, reason=error.message)
    return prepared if builder is None else builder.propose(prepared)


def build_revision(
    draft: Draft, *, answer_id: UUID, source_ids: Mapping[str, UUID], asked: tuple[tuple[str, str], ...] = ()
) -> Built:
    """The next revision of an answer; `asked` has text and key of the follow-up questions of the latest one."""
    keys = question_keys([question.text for question in draft_questions(draft)], asked)
    published = build(draft, answer_id=answer_id, source_ids=source_ids, question_keys=keys)
    return Built(
        answer_id=answer_id,
        source_ids=source_ids,
        published=pack(encode(published)),
        cited=tuple(dict.fromkeys([UUID(source_id) for source_id in published.source_ids])),
    )

"""Answers as they are read: the published form of a revision with the caveats that surround it now."""

import datetime
import hashlib
import time
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

import msgspec

from server.content.draft import Code, Contributor
from server.content.ids import NodeKind, encode_id
from server.content.published import Published
from server.content.touching import Tag
from server.content.vocabulary import DisclaimerKind, DisclaimerPlacement, ProductionMethod, SourceKind


class Value(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A frozen value that holds nothing which could hold it."""


class AnswerStatus(StrEnum):
    """Whether an answer stands."""

    PUBLISHED = "PUBLISHED"
    RETRACTED = "RETRACTED"


class EvidenceStatus(StrEnum):
    """What has become of the sources since the answer cited them."""

    CURRENT = "CURRENT"
    OUTDATED = "OUTDATED"
    WITHDRAWN = "WITHDRAWN"
    UNCITED = "UNCITED"


class SourceStatus(StrEnum):
    """Whether a source is still the one to lean on."""

    CURRENT = "CURRENT"
    SUPERSEDED = "SUPERSEDED"
    WITHDRAWN = "WITHDRAWN"


class Disclaimer(Value, frozen=True, kw_only=True):
    """One wording that a client must show."""

    uuid: UUID
    kind: DisclaimerKind
    placement: DisclaimerPlacement
    heading: str | None
    text: str
    locale: str
    version: int

    @property
    def id(self) -> str:
        """Its global id."""
        return encode_id(NodeKind.DISCLAIMER, self.uuid)


class Source(Value, frozen=True, kw_only=True):
    """A publication, with what has become of it."""

    uuid: UUID
    kind: SourceKind
    title: str
    publisher: str | None
    edition: str | None
    published_on: datetime.date | None
    url: str | None
    doi: str | None
    attribution: str | None
    license: str | None
    status: SourceStatus
    superseded_by_id: UUID | None

    @property
    def id(self) -> str:
        """Its global id."""
        return encode_id(NodeKind.SOURCE, self.uuid)


class TopicName(Value, frozen=True, kw_only=True):
    """What a topic is called in one locale."""

    locale: str
    name: str
    synonyms: tuple[str, ...]


class Topic(Value, frozen=True, kw_only=True):
    """What answers are about."""

    uuid: UUID
    slug: str
    parent_id: UUID | None
    names: tuple[TopicName, ...]
    """One for each locale, in order of the locale's tag."""
    codes: tuple[Code, ...]

    @property
    def id(self) -> str:
        """Its global id."""
        return encode_id(NodeKind.TOPIC, self.uuid)


class Review(Value, frozen=True, kw_only=True):
    """The latest medical review; `is_overdue` as of the day of the read, in UTC."""

    reviewed_on: datetime.date
    reviewer: Contributor
    next_review_on: datetime.date | None
    is_overdue: bool


class Retraction(Value, frozen=True, kw_only=True):
    """The withdrawal of an answer."""

    reason: str
    retracted_at: datetime.datetime
    replacement_id: UUID | None


class Caveats(Value, frozen=True, kw_only=True):
    """All that surrounds the content and can change without a new revision."""

    disclaimers: tuple[Disclaimer, ...]
    """In the order to show them; never empty."""
    sources: tuple[Source, ...]
    """The cited ones, each once, in order of first citation; empty for a retracted answer."""
    grounding: tuple[Source, ...] = ()
    """Those that the answer is grounded in without citing them."""
    topics: tuple[Topic, ...]
    """The main one first."""
    evidence: EvidenceStatus
    review: Review | None
    retraction: Retraction | None

    @property
    def digest(self) -> str:
        """SHA-256, in hex, of disclaimers, status of sources, review, topics and retraction."""
        sources = [(source.uuid, source.status, source.superseded_by_id) for source in self.sources]
        parts = (self.disclaimers, sources, self.topics, self.review, self.retraction)
        return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


class Answer(Value, frozen=True, kw_only=True):
    """An answer as one audience is served it; that of a retracted one holds no content."""

    uuid: UUID
    set_id: UUID
    slug: str
    locale: str
    external_id: str | None
    status: AnswerStatus
    question: str
    revision: int
    digest: str
    method: ProductionMethod
    published_at: datetime.datetime
    updated_at: datetime.datetime
    published: Published
    """The published form; of a retracted answer a withheld one, whose sections, questions and sources are empty."""
    withheld_anchors: tuple[str, ...] = ()
    """Of a retracted answer: the anchors that its sections had."""
    caveats: Caveats
    caveats_size: int = 0
    """Of its caveats as JSON, in bytes."""
    tags: frozenset[Tag] = frozenset()
    """What touches it, as `touching` has it."""

    @property
    def id(self) -> str:
        """Its global id."""
        return encode_id(NodeKind.ANSWER, self.uuid)


class ChangeKind(StrEnum):
    """What happened to an answer, as clients see it."""

    PUBLISHED = "PUBLISHED"
    UPDATED = "UPDATED"
    CAVEATS_CHANGED = "CAVEATS_CHANGED"
    RETRACTED = "RETRACTED"
    REMOVED = "REMOVED"


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """An entry of the outbox as a client sees it; `answer` as it stands now, None when REMOVED."""

    cursor: str
    kind: ChangeKind
    occurred_at: datetime.datetime
    answer_id: str
    """Global id of the answer."""
    answer: Answer | None
    read_at: float = field(default_factory=time.monotonic, compare=False)
    """When the answer was read, by the monotonic clock."""

    def with_answer(self, answer: Answer | None) -> "Change":
        """The same, once the answer that was published is read anew: it may be withdrawn by now, or gone."""
        kind = self.kind if answer else ChangeKind.REMOVED
        if answer is not None and answer.status is AnswerStatus.RETRACTED:
            kind = ChangeKind.RETRACTED
        return replace(self, answer=answer, kind=kind)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangePage:
    """Changes, oldest first, and the cursor to go on from."""

    nodes: tuple[Change, ...]
    cursor: str
    has_more: bool

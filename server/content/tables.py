"""The tables of content: what is filtered, joined or counted, beside the revisions that hold the content itself.

Rows skip validation: publishing checks a draft before it writes. Text that is compared or ordered bears the collation
`C`, which every Postgres has and which no upgrade changes.
"""

import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    inspect,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from server.access.tables import ClientRow
from server.db.metadata import Row

_IS_REVIEWED = text("next_review_on is not null")
_CLIENT_ID: Column[UUID] = inspect(ClientRow).columns["id"]


def _moment(*, nullable: bool = False) -> Column[datetime.datetime]:
    return Column(DateTime(timezone=True), nullable=nullable)


def _plain(*, nullable: bool = False) -> Column[str]:
    return Column(Text(collation="C"), nullable=nullable)


def _reference(target: str | Column[UUID], *, nullable: bool = False, ondelete: str | None = None) -> Column[UUID]:
    return Column(ForeignKey(target, ondelete=ondelete), nullable=nullable)


class AnswerRow(Row, table=True):
    """One health question answered, in one locale: the pointer to its current revision, and its caveats."""

    __tablename__: ClassVar[Any] = "answer"
    __table_args__ = (
        UniqueConstraint("locale", "slug"),
        UniqueConstraint("set_id", "locale"),
        CheckConstraint("status in ('PUBLISHED', 'RETRACTED', 'ERASED')", name="status"),
        CheckConstraint("(status = 'RETRACTED') = (retracted_at is not null)", name="retraction"),
        Index("ix_answer_slug", "slug"),
        Index("ix_answer_published_at_id", "published_at", "id"),
        Index("ix_answer_updated_at_id", "updated_at", "id"),
        Index("ix_answer_question_key_id", "question_key", "id"),
        Index("ix_answer_question_match_locale", "question_match", "locale"),
        Index("ix_answer_change_position_id", "change_position", "id"),
        Index("ix_answer_next_review_on_id", "next_review_on", "id", postgresql_where=_IS_REVIEWED),
        Index("ix_answer_erased", "id", postgresql_where=text("status = 'ERASED'")),
        Index("ix_answer_retracted", "id", postgresql_where=text("status = 'RETRACTED'")),
        Index("ix_answer_is_citing_id", "is_citing", "id"),
        Index("ix_answer_method_id", "method", "id"),
        Index("ix_answer_replacement_id", "replacement_id", postgresql_where=text("replacement_id is not null")),
    )

    id: UUID = Field(primary_key=True)
    set_id: UUID
    """Its set of translations: the same in every locale."""
    slug: str = Field(sa_column=_plain())
    locale: str = Field(sa_column=_plain())
    external_id: str | None = Field(default=None, sa_column=Column(Text(collation="C"), unique=True))
    status: str = Field(sa_column=_plain())
    """PUBLISHED, RETRACTED, or ERASED: a tombstone that keeps the id and digests of its identity, nothing else."""
    revision: int
    digest: str = Field(sa_column=_plain())
    question: str = Field(sa_column=_plain())
    question_key: str = Field(sa_column=_plain())
    """What lists are ordered by: the question, case and accents folded, without punctuation."""
    question_match: str = Field(sa_column=_plain())
    """What a follow-up question is compared with: its words alone, case and accents folded."""
    method: str = Field(sa_column=_plain())
    published_at: datetime.datetime = Field(sa_column=_moment())
    updated_at: datetime.datetime = Field(sa_column=_moment())
    reviewed_on: datetime.date | None = Field(default=None, sa_column=Column(Date))
    reviewer: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    next_review_on: datetime.date | None = Field(default=None, sa_column=Column(Date))
    retracted_at: datetime.datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    retraction_reason: str | None = Field(default=None, sa_column=_plain(nullable=True))
    replacement_id: UUID | None = Field(default=None, sa_column=_reference("answer.id", nullable=True))
    draft_caveats: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """Topics and review as its draft last gave them, as JSON: what an import is compared with."""
    change_position: int = Field(sa_column=Column(BigInteger, nullable=False))
    """The position of its own latest entry in the outbox."""
    change_kind: str = Field(sa_column=_plain())
    changed_at: datetime.datetime = Field(sa_column=_moment())
    identity_digests: list[str] | None = Field(default=None, sa_column=Column(ARRAY(Text(collation="C"))))
    """Of an erased answer only: SHA-256 of its slug, of locale and slug, and of its external id."""
    is_citing: bool = Field(default=True, sa_column=Column(Boolean, nullable=False, server_default=text("true")))
    """Whether its current revision cites a source."""


class RevisionRow(Row, table=True):
    """One immutable publication of an answer, whole; a trigger refuses every change but the erasure."""

    __tablename__: ClassVar[Any] = "revision"

    answer_id: UUID = Field(sa_column=Column(ForeignKey("answer.id"), primary_key=True))
    number: int = Field(primary_key=True)
    digest: str = Field(sa_column=_plain())
    question: str = Field(sa_column=_plain())
    published: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """The published form, as `published.encode` writes it and `packing` packs it."""
    draft: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """The draft that it was made from, as JSON, packed: an export is written from it."""
    published_at: datetime.datetime = Field(sa_column=_moment())
    created_at: datetime.datetime = Field(sa_column=_moment())


class TopicRow(Row, table=True):
    """What answers are about; topics form a tree."""

    __tablename__: ClassVar[Any] = "topic"

    id: UUID = Field(primary_key=True)
    slug: str = Field(sa_column=Column(Text(collation="C"), nullable=False, unique=True))
    parent_id: UUID | None = Field(default=None, sa_column=Column(ForeignKey("topic.id"), nullable=True, index=True))


class TopicNameRow(Row, table=True):
    """The name and the synonyms of a topic in one locale."""

    __tablename__: ClassVar[Any] = "topic_name"
    __table_args__ = (
        Index("ix_topic_name_name_match_locale", "name_match", "locale"),
        Index("ix_topic_name_synonym_matches", "synonym_matches", postgresql_using="gin"),
    )

    topic_id: UUID = Field(sa_column=Column(ForeignKey("topic.id"), primary_key=True))
    locale: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    name: str = Field(sa_column=_plain())
    name_match: str = Field(sa_column=_plain())
    synonyms: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    synonym_matches: list[str] = Field(
        default_factory=list,
        sa_column=Column(ARRAY(Text(collation="C")), nullable=False, server_default=text("'{}'")),
    )
    """The words of each synonym, as `name_match` has those of the name."""


class TopicCodeRow(Row, table=True):
    """A medical code of a topic."""

    __tablename__: ClassVar[Any] = "topic_code"
    __table_args__ = (Index("ix_topic_code_system_code", "system", "code"),)

    topic_id: UUID = Field(sa_column=Column(ForeignKey("topic.id"), primary_key=True))
    system: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    code: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    display: str | None = Field(default=None, sa_column=_plain(nullable=True))


class AnswerTopicRow(Row, table=True):
    """A topic of an answer; position 0 is the main one."""

    __tablename__: ClassVar[Any] = "answer_topic"
    __table_args__ = (Index("ix_answer_topic_topic_id_answer_id", "topic_id", "answer_id"),)

    answer_id: UUID = Field(sa_column=Column(ForeignKey("answer.id"), primary_key=True))
    topic_id: UUID = Field(sa_column=Column(ForeignKey("topic.id"), primary_key=True))
    position: int


class FormerTopicRow(Row, table=True):
    """A topic that an answer has left, and the outbox position of that change: for REMOVED in a filtered feed."""

    __tablename__: ClassVar[Any] = "former_topic"
    __table_args__ = (Index("ix_former_topic_topic_id_position", "topic_id", "position"),)

    answer_id: UUID = Field(sa_column=Column(ForeignKey("answer.id"), primary_key=True))
    topic_id: UUID = Field(sa_column=Column(ForeignKey("topic.id"), primary_key=True))
    position: int = Field(sa_column=Column(BigInteger, nullable=False))


class SourceRow(Row, table=True):
    """A guideline, article or site that answers cite."""

    __tablename__: ClassVar[Any] = "source"
    __table_args__ = (
        CheckConstraint("status in ('CURRENT', 'SUPERSEDED', 'WITHDRAWN')", name="status"),
        CheckConstraint("(status = 'SUPERSEDED') = (superseded_by_id is not null)", name="superseded"),
        Index("ix_source_title_match", "title_match"),
        Index("ix_source_status", "status", postgresql_where=text("status <> 'CURRENT'")),
    )

    id: UUID = Field(primary_key=True)
    kind: str = Field(sa_column=_plain())
    title: str = Field(sa_column=_plain())
    title_match: str = Field(sa_column=_plain())
    """Title, publisher and edition, case and accents folded: the identity of a source without URL and DOI."""
    publisher: str | None = Field(default=None, sa_column=_plain(nullable=True))
    edition: str | None = Field(default=None, sa_column=_plain(nullable=True))
    published_on: datetime.date | None = Field(default=None, sa_column=Column(Date))
    url: str | None = Field(default=None, sa_column=Column(Text(collation="C"), index=True))
    doi: str | None = Field(default=None, sa_column=Column(Text(collation="C"), unique=True))
    attribution: str | None = Field(default=None, sa_column=_plain(nullable=True))
    license: str | None = Field(default=None, sa_column=_plain(nullable=True))
    status: str = Field(default="CURRENT", sa_column=_plain())
    superseded_by_id: UUID | None = Field(default=None, sa_column=_reference("source.id", nullable=True))


class AnswerSourceRow(Row, table=True):
    """A source that the current revision of an answer cites, or is grounded in."""

    __tablename__: ClassVar[Any] = "answer_source"
    __table_args__ = (Index("ix_answer_source_source_id_answer_id", "source_id", "answer_id"),)

    answer_id: UUID = Field(sa_column=Column(ForeignKey("answer.id"), primary_key=True))
    source_id: UUID = Field(sa_column=Column(ForeignKey("source.id"), primary_key=True))
    position: int
    is_cited: bool = True
    """False for what the answer is grounded in without citing it: it does not count for `evidence`."""


class AnswerCountRow(Row, table=True):
    """How many answers of a locale and status are of a topic or below it, cite a source, or are there at all."""

    __tablename__: ClassVar[Any] = "answer_count"

    subject_id: UUID = Field(primary_key=True)
    """Of the topic or the source; nil for all answers."""
    locale: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    status: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    number: int = Field(sa_column=Column(BigInteger, nullable=False))


class DisclaimerRow(Row, table=True):
    """A disclaimer in its current wording: a standing one of a rule, a page's own, or a client's own."""

    __tablename__: ClassVar[Any] = "disclaimer"
    __table_args__ = (
        CheckConstraint("(rule in ('PAGE', 'REASON')) = (answer_id is not null)", name="page"),
        CheckConstraint("(rule = 'TOPIC') = (topic_id is not null)", name="topic"),
        CheckConstraint("(rule = 'CLIENT') = (client_id is not null)", name="client"),
        CheckConstraint("replaces is null or client_id is not null", name="replaces"),
        Index(
            "ix_disclaimer_name_locale_client_id",
            "name", "locale", "client_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_disclaimer_answer_id", "answer_id"),
        Index("ix_disclaimer_standing", "name", postgresql_where=text("answer_id is null and client_id is null")),
        Index(
            "ix_disclaimer_client_id_replaces_locale",
            "client_id", "replaces", "locale",
            unique=True,
            postgresql_where=text("client_id is not null and replaces is not null and is_active"),
        ),
    )  # fmt: skip

    id: UUID = Field(primary_key=True)
    rule: str = Field(sa_column=_plain())
    """Which answers bear it: a member of `disclaimers.Rule`."""
    name: str = Field(sa_column=_plain())
    """What the wordings of one disclaimer in several locales share; of an answer's own its identity."""
    answer_id: UUID | None = Field(default=None, sa_column=_reference("answer.id", nullable=True))
    topic_id: UUID | None = Field(default=None, sa_column=_reference("topic.id", nullable=True))
    kind: str = Field(sa_column=_plain())
    placement: str = Field(sa_column=_plain())
    position: int
    locale: str = Field(sa_column=_plain())
    version: int
    heading: str | None = Field(default=None, sa_column=_plain(nullable=True))
    text: str = Field(sa_column=_plain())
    is_active: bool = True
    """False for a page's own that its current revision no longer bears, and for a client's that was removed."""
    is_replaceable: bool = False
    """Whether a partner may put its own wording in place of this standing one."""
    client_id: UUID | None = Field(default=None, sa_column=_reference(_CLIENT_ID, nullable=True))
    """The client whose own it is, and who alone is served it."""
    replaces: str | None = Field(default=None, sa_column=_plain(nullable=True))
    """The name of the standing one that it stands in for, as long as that is replaceable."""


class DisclaimerVersionRow(Row, table=True):
    """Every wording that a disclaimer has had; a trigger refuses every change but the erasure."""

    __tablename__: ClassVar[Any] = "disclaimer_version"

    disclaimer_id: UUID = Field(sa_column=Column(ForeignKey("disclaimer.id"), primary_key=True))
    version: int = Field(primary_key=True)
    heading: str | None = Field(default=None, sa_column=_plain(nullable=True))
    text: str = Field(sa_column=_plain())
    created_at: datetime.datetime = Field(sa_column=_moment())

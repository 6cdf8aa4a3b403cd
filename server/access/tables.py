"""The tables of access: clients, their keys, their trusted documents, and what was served to them."""

import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    text,
)
from sqlmodel import Field

from server.db.metadata import Row


def _plain(*, nullable: bool = False) -> Column[str]:
    """Text that is compared byte by byte."""
    return Column(Text(collation="C"), nullable=nullable)


def _texts(*, nullable: bool = False) -> Column[list[str]]:
    return Column(ARRAY(Text(collation="C")), nullable=nullable)


def _moment(*, nullable: bool = False) -> Column[datetime.datetime]:
    return Column(DateTime(timezone=True), nullable=nullable)


class ClientRow(Row, table=True):
    """An app that calls."""

    __tablename__: ClassVar[Any] = "client"
    __table_args__ = (CheckConstraint("kind in ('web', 'mobile', 'partner', 'server')", name="kind"),)

    id: UUID = Field(primary_key=True)
    name: str = Field(sa_column=Column(Text(collation="C"), nullable=False, unique=True))
    kind: str = Field(sa_column=_plain())
    origins: list[str] = Field(default_factory=list, sa_column=_texts())
    topics: list[str] | None = Field(default=None, sa_column=_texts(nullable=True))
    """Slugs of the topics that it is confined to; null for none."""
    locales: list[str] | None = Field(default=None, sa_column=_texts(nullable=True))
    default_locale: str | None = Field(default=None, sa_column=_plain(nullable=True))
    shows_calls: bool = True
    has_wording: bool = False
    """Whether it has disclaimers of its own: what says so is written with them."""
    is_bound: bool = False
    registers_documents: bool = False
    introspects: bool = False
    requests_per_minute: int | None = None
    cost_per_minute: int | None = None
    max_cost: int | None = None
    max_subscriptions: int | None = None
    created_at: datetime.datetime = Field(sa_column=_moment())


class ClientKeyRow(Row, table=True):
    """A key of a client: its public part, and a digest of its secret."""

    __tablename__: ClassVar[Any] = "client_key"
    __table_args__ = (Index("ix_client_key_client_id", "client_id"),)

    public: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    client_id: UUID = Field(sa_column=Column(ForeignKey("client.id"), nullable=False))
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    created_at: datetime.datetime = Field(sa_column=_moment())
    expires_at: datetime.datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    revoked_at: datetime.datetime | None = Field(default=None, sa_column=_moment(nullable=True))


class ManifestRow(Row, table=True):
    """The trusted documents of one version of a client."""

    __tablename__: ClassVar[Any] = "manifest"
    __table_args__ = (CheckConstraint("version <> ''", name="version"),)

    client_id: UUID = Field(sa_column=Column(ForeignKey("client.id"), primary_key=True))
    version: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    pushed_at: datetime.datetime = Field(sa_column=_moment())
    retired_at: datetime.datetime | None = Field(default=None, sa_column=_moment(nullable=True))


class TrustedDocumentRow(Row, table=True):
    """A document that a client registered beforehand: one text, whatever versions name it."""

    __tablename__: ClassVar[Any] = "trusted_document"

    client_id: UUID = Field(sa_column=Column(ForeignKey("client.id"), primary_key=True))
    id: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    """As requests name it, without `sha256:`."""
    text: str = Field(sa_column=_plain())
    name: str | None = Field(default=None, sa_column=_plain(nullable=True))
    """Of its only operation, where it has one."""


class ManifestDocumentRow(Row, table=True):
    """That a version of a client has a document."""

    __tablename__: ClassVar[Any] = "manifest_document"
    __table_args__ = (
        ForeignKeyConstraint(["client_id", "version"], ["manifest.client_id", "manifest.version"]),
        ForeignKeyConstraint(["client_id", "document_id"], ["trusted_document.client_id", "trusted_document.id"]),
        Index("ix_manifest_document_client_id_document_id", "client_id", "document_id"),
    )

    client_id: UUID = Field(primary_key=True)
    version: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    document_id: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))


class ServedSchemaRow(Row, table=True):
    """A schema that was served, and since when: what clients were built against."""

    __tablename__: ClassVar[Any] = "served_schema"

    digest: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    sdl: str = Field(sa_column=_plain())
    served_at: datetime.datetime = Field(sa_column=_moment())
    """When a server that serves it started last."""


class ReceiptRow(Row, table=True):
    """What a client was served on a day: one answer at one revision, by one document, so many times."""

    __tablename__: ClassVar[Any] = "receipt"
    __table_args__ = (
        Index(
            "ix_receipt_day_client_id_document_answer_id_revision",
            "day", "client_id", "document", "answer_id", "revision",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_receipt_answer_id_revision_day", "answer_id", "revision", "day"),
    )  # fmt: skip

    id: int | None = Field(default=None, sa_column=Column(BigInteger, primary_key=True, autoincrement=True))
    day: datetime.date = Field(sa_column=Column(Date, nullable=False))
    client_id: UUID | None = Field(default=None, sa_column=Column(ForeignKey("client.id"), nullable=True))
    """Null for the anonymous client."""
    document: str = Field(default="", sa_column=Column(Text(collation="C"), nullable=False, server_default=text("''")))
    """The id of a trusted document; empty for ad hoc ones."""
    answer_id: UUID
    revision: int
    count: int = Field(sa_column=Column(BigInteger, nullable=False))


class ReceiptWriterRow(Row, table=True):
    """A process that wrote receipts, and the last batch that it wrote, so that none is counted twice."""

    __tablename__: ClassVar[Any] = "receipt_writer"

    id: UUID = Field(primary_key=True)
    batch: int = Field(sa_column=Column(BigInteger, nullable=False))
    written_at: datetime.datetime = Field(sa_column=_moment())


class FieldUseRow(Row, table=True):
    """That a client asked for a field on a day, so many times."""

    __tablename__: ClassVar[Any] = "field_use"
    __table_args__ = (
        Index(
            "ix_field_use_day_client_id_field",
            "day", "client_id", "field",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_field_use_field_day", "field", "day"),
    )  # fmt: skip

    id: int | None = Field(default=None, sa_column=Column(BigInteger, primary_key=True, autoincrement=True))
    day: datetime.date = Field(sa_column=Column(Date, nullable=False))
    client_id: UUID | None = Field(default=None, sa_column=Column(ForeignKey("client.id"), nullable=True))
    field: str = Field(sa_column=_plain())
    """`Type.field`."""
    count: int = Field(sa_column=Column(BigInteger, nullable=False))

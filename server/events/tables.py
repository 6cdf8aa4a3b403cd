"""The outbox's table."""

import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, DateTime, Index, LargeBinary, Text, text
from sqlmodel import Field

from server.db.metadata import Row


class OutboxRow(Row, table=True):
    """One change, numbered in the order of commits: of one answer, or of the caveats of a set of answers."""

    __tablename__: ClassVar[Any] = "outbox"
    __table_args__ = (
        CheckConstraint("(answer_id is null) <> (set_kind is null)", name="subject"),
        Index("ix_outbox_set", "position", postgresql_where=text("set_kind is not null")),
        Index(
            "ix_outbox_set_kind_set_id_position",
            "set_kind", "set_id", "position",
            postgresql_where=text("set_kind is not null"),
        ),
        Index("ix_outbox_answer_id", "answer_id", "position", postgresql_where=text("answer_id is not null")),
    )  # fmt: skip

    position: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    kind: str = Field(sa_column=Column(Text(collation="C"), nullable=False))
    """PUBLISHED, UPDATED, CAVEATS_CHANGED, RETRACTED or REMOVED."""
    answer_id: UUID | None = None
    set_kind: str | None = Field(default=None, sa_column=Column(Text(collation="C")))
    """What the set is named by: a member of `outbox.SetKind`; null for one answer."""
    set_id: UUID | None = None
    """The id of the source, disclaimer or topic that names the set."""
    set_day: datetime.date | None = Field(default=None, sa_column=Column(Date))
    """Of a set of reviews: the day that they were due."""
    occurred_at: datetime.datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class HorizonRow(Row, table=True):
    """One row: up to where the outbox has been pruned, before which no cursor is followed; and what it has one of."""

    __tablename__: ClassVar[Any] = "outbox_horizon"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: int = Field(primary_key=True)
    position: int = Field(sa_column=Column(BigInteger, nullable=False))
    reviews_until: datetime.date = Field(sa_column=Column(Date, nullable=False))
    """Reviews that were due up to this day have had their entry."""
    day_position: int = Field(sa_column=Column(BigInteger, nullable=False, server_default=text("0")))
    """The head of the outbox when they had."""
    cursor_key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """What the cursors of confined clients are sealed with: 32 random bytes."""


class PurgeRow(Row, table=True):
    """A name that caches outside are still to forget, and how often they were told to."""

    __tablename__: ClassVar[Any] = "purge"
    __table_args__ = (Index("ix_purge_due_at", "due_at"),)

    name: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    due_at: datetime.datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    """When they are told next."""
    sent: int


class PurgePositionRow(Row, table=True):
    """One row: up to where the outbox was read for them."""

    __tablename__: ClassVar[Any] = "purge_position"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: int = Field(primary_key=True)
    position: int = Field(sa_column=Column(BigInteger, nullable=False))


class PurgeDigestRow(Row, table=True):
    """How something was, that changes without an entry of the outbox, when they were told of it last."""

    __tablename__: ClassVar[Any] = "purge_digest"

    name: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    digest: str = Field(sa_column=Column(Text(collation="C"), nullable=False))

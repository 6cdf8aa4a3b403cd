"""The table of the files that answers came in: imports alone look at it."""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, Text, inspect
from sqlmodel import Field

from server.content.tables import AnswerRow
from server.db.metadata import Row

_ANSWER_ID: Column[UUID] = inspect(AnswerRow).columns["id"]


class AnswerFileRow(Row, table=True):
    """The file that an answer is as: written with the answer, void as soon as the answer has another change."""

    __tablename__: ClassVar[Any] = "answer_file"
    __table_args__ = (Index("ix_answer_file_stamp", "stamp"),)

    answer_id: UUID = Field(sa_column=Column(ForeignKey(_ANSWER_ID), primary_key=True))
    stamp: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """Of the file and of how it was read, as the importers make it."""
    change_position: int = Field(sa_column=Column(BigInteger, nullable=False))
    """That of the answer when this was written."""
    answers: int
    """How many the file holds."""
    without_text: int
    """How many questions it holds that have no answer in it."""
    form: str = Field(sa_column=Column(Text(collation="C"), nullable=False))

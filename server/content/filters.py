"""What a list is narrowed to and how it is ordered: checked values, free of GraphQL and of SQL.

In every filter None leaves a condition out, and an empty tuple matches nothing.
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from server.content.answer import EvidenceStatus, SourceStatus
from server.content.vocabulary import CodeSystem, ProductionMethod, SourceKind


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerFilter:
    """Conditions that an answer has to meet, all of them."""

    topics: tuple[str, ...] | None = None
    """Slugs; an answer in any of them, or below them, matches."""
    codes: tuple[tuple[CodeSystem, str], ...] | None = None
    """Of topics; an answer on a topic that bears any of them, or below one, matches."""
    sources: tuple[UUID, ...] | None = None
    slugs: tuple[str, ...] | None = None
    external_ids: tuple[str, ...] | None = None
    locales: tuple[str, ...] | None = None
    """BCP 47 tags; `es` also finds `es-MX`."""
    published_after: datetime.datetime | None = None
    published_before: datetime.datetime | None = None
    methods: tuple[ProductionMethod, ...] | None = None
    evidence: tuple[EvidenceStatus, ...] | None = None
    include_retracted: bool = False


class AnswerOrderField(StrEnum):
    """What answers are ordered by; equals are ordered by id."""

    PUBLISHED_AT = "PUBLISHED_AT"
    UPDATED_AT = "UPDATED_AT"
    QUESTION = "QUESTION"


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerOrder:
    """The order of a list of answers."""

    field: AnswerOrderField = AnswerOrderField.PUBLISHED_AT
    is_descending: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceFilter:
    """Conditions that a source has to meet, all of them."""

    kinds: tuple[SourceKind, ...] | None = None
    statuses: tuple[SourceStatus, ...] | None = None
    publishers: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeFilter:
    """Conditions that a changed answer has to meet, all of them; topics hold those below them, `es` holds `es-MX`."""

    topics: tuple[str, ...] | None = None
    slugs: tuple[str, ...] | None = None
    locales: tuple[str, ...] | None = None

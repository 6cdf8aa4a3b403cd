"""The input types, and the checked conditions of the domain that they stand for."""

import datetime
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import strawberry

from schema.arguments import entries, given, text
from schema.enums import OrderDirection
from schema.scalars import LanguageTag
from server.content import filters
from server.content.answer import EvidenceStatus, SourceStatus
from server.content.ids import NodeKind, decode_id
from server.content.vocabulary import CodeSystem, ProductionMethod, SourceKind
from server.errors.requests import BadUserInputError


def _optional(description: str) -> Any:  # noqa: ANN401 - the default of a field of any type
    return strawberry.field(description=description, default=strawberry.UNSET)


@strawberry.input(description="A code of a medical vocabulary.")
class MedicalCodeInput:
    """A code that a topic may bear."""

    system: CodeSystem = strawberry.field(description="The vocabulary that the code is of.")
    code: str = strawberry.field(description="The code as its vocabulary writes it, letter case included.")


@strawberry.input(
    description="Conditions that an answer has to meet, all of them. A list takes at most 100 entries, any of which "
    "may be met; an empty one matches nothing, null everything."
)
class AnswerFilter:
    """Stands for `filters.AnswerFilter`."""

    topics: list[str] | None = _optional("Slugs of topics; an answer in any of them, or below them, matches.")
    codes: list[MedicalCodeInput] | None = _optional(
        "Answers on a topic that bears any of the codes, or below such a topic: what a patient portal knows."
    )
    sources: list[strawberry.ID] | None = _optional("Ids of sources; an answer that cites any of them matches.")
    slugs: list[str] | None = _optional("Slugs of answers, in any locale.")
    external_ids: list[str] | None = _optional("Identities that the answers' origin gave them.")
    locales: list[LanguageTag] | None = _optional("Answers in any of them; `es` also finds `es-MX`.")
    published_after: datetime.datetime | None = _optional("First published later than this.")
    published_before: datetime.datetime | None = _optional("First published earlier than this.")
    methods: list[ProductionMethod] | None = _optional("Answers that were made in any of these ways.")
    evidence: list[EvidenceStatus] | None = _optional("Answers whose sources are in any of these states.")
    include_retracted: bool = strawberry.field(
        description="Whether retracted answers are listed too. They are left out otherwise.", default=False
    )


@strawberry.input(description="The order of a list of answers; equals are ordered by id.")
class AnswerOrder:
    """Stands for `filters.AnswerOrder`."""

    field: filters.AnswerOrderField = strawberry.field(description="What to order by.")
    direction: OrderDirection = strawberry.field(description="Which end comes first.", default=OrderDirection.ASC)


@strawberry.input(
    description="Conditions that a source has to meet, all of them. A list takes at most 100 entries, any of which may "
    "be met; an empty one matches nothing, null everything."
)
class SourceFilter:
    """Stands for `filters.SourceFilter`."""

    kinds: list[SourceKind] | None = _optional("Sources of any of these sorts.")
    statuses: list[SourceStatus] | None = _optional("Sources in any of these states.")
    publishers: list[str] | None = _optional("Sources of any of these publishers, named in full; letter case counts.")


@strawberry.input(
    description="Conditions that a changed answer has to meet, all of them; one that no longer meets them comes as "
    "REMOVED. A list takes at most 100 entries, any of which may be met; an empty one matches nothing, null everything."
)
class ChangeFilter:
    """Stands for `filters.ChangeFilter`."""

    topics: list[str] | None = _optional("Slugs of topics; an answer in any of them, or below them, matches.")
    slugs: list[str] | None = _optional("Slugs of answers, in any locale.")
    locales: list[LanguageTag] | None = _optional("Answers in any of them; `es` also finds `es-MX`.")


NEWEST_FIRST: Final = AnswerOrder(field=filters.AnswerOrderField.PUBLISHED_AT, direction=OrderDirection.DESC)
"""The order of every list of answers that asks for none."""


def answer_filter(conditions: AnswerFilter | None) -> filters.AnswerFilter:
    """The conditions, checked; none of them where the argument is absent."""
    asked = given(conditions)
    if asked is None:
        return filters.AnswerFilter()
    codes = entries("filter.codes", _codes(asked.codes))
    sources = entries("filter.sources", asked.sources)
    return filters.AnswerFilter(
        topics=_texts("filter.topics", asked.topics),
        codes=codes,
        sources=None if sources is None else _source_ids(sources),
        slugs=_texts("filter.slugs", asked.slugs),
        external_ids=_texts("filter.externalIds", asked.external_ids),
        locales=entries("filter.locales", asked.locales),
        published_after=given(asked.published_after),
        published_before=given(asked.published_before),
        methods=entries("filter.methods", asked.methods),
        evidence=entries("filter.evidence", asked.evidence),
        include_retracted=asked.include_retracted,
    )


def answer_order(order: AnswerOrder) -> filters.AnswerOrder:
    """The order of the domain."""
    return filters.AnswerOrder(field=order.field, is_descending=order.direction is OrderDirection.DESC)


def source_filter(conditions: SourceFilter | None) -> filters.SourceFilter:
    """The conditions, checked; none of them where the argument is absent."""
    asked = given(conditions)
    if asked is None:
        return filters.SourceFilter()
    return filters.SourceFilter(
        kinds=entries("filter.kinds", asked.kinds),
        statuses=entries("filter.statuses", asked.statuses),
        publishers=_texts("filter.publishers", asked.publishers),
    )


def change_filter(conditions: ChangeFilter | None) -> filters.ChangeFilter:
    """The conditions, checked; none of them where the argument is absent."""
    asked = given(conditions)
    if asked is None:
        return filters.ChangeFilter()
    return filters.ChangeFilter(
        topics=_texts("filter.topics", asked.topics),
        slugs=_texts("filter.slugs", asked.slugs),
        locales=entries("filter.locales", asked.locales),
    )


def _texts(name: str, values: Sequence[str] | None) -> tuple[str, ...] | None:
    checked = entries(name, values)
    return None if checked is None else tuple(text(name, value) for value in checked)


def _codes(codes: Sequence[MedicalCodeInput] | None) -> list[tuple[CodeSystem, str]] | None:
    asked = given(codes)
    return None if asked is None else [(code.system, text("filter.codes", code.code)) for code in asked]


def _source_ids(ids: Sequence[str]) -> tuple[UUID, ...]:
    nodes = {id_: decode_id(id_) for id_ in ids}
    for id_, node in nodes.items():
        if node is None:
            raise BadUserInputError(f"`filter.sources` holds `{id_[:80]}`, which is no id: take ids from `Source.id`.")
    return tuple(node.uuid for node in nodes.values() if node and node.kind is NodeKind.SOURCE)

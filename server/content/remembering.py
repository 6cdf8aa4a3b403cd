"""The library with a memory: what one process read for an audience serves the next who asks as that audience.

Answers are kept whole, with their caveats, once for each audience and day: a review is overdue from a day on. Lists and
names are kept as the ids that they gave, and a list is read anew where one of its answers is not kept any more.
"""

import datetime
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import asyncpg
import msgspec

from server.access.audience import ANONYMOUS, Audience
from server.content.answer import Answer, Source, Topic
from server.content.filters import AnswerFilter, AnswerOrder
from server.content.library import Library
from server.content.objects import Objects, Reading
from server.content.pages import Page, PageRequest
from server.content.published import FollowUpQuestion
from server.content.reads.answers import Held
from server.content.touching import ANY, Tag, answer_tag
from server.days import today
from server.db.wants import AnyReads

AskedT = TypeVar("AskedT", bound=Hashable)
ValueT = TypeVar("ValueT")

ID_BYTES = 100
"""What an id and its cursor take in a list that is kept."""

_ANSWER, _REVISION, _NAME = "answer", "revision", "name"
_OF_ANY = frozenset({ANY})
_OF_NOTHING = frozenset[Tag]()


class _Start(NamedTuple):
    """What holds from the beginning of a read to its end, if it is to be kept."""

    day: datetime.date
    is_current: bool
    """Whether what is kept may be served."""


class _Parts(NamedTuple):
    """Something taken apart: the answers in it, which are kept by themselves, and what makes it of them again."""

    answers: Sequence[Answer]
    make: Callable[[list[Answer]], Any]


class _Listed(NamedTuple):
    """The same, as it is kept."""

    ids: tuple[UUID, ...]
    make: Callable[[list[Answer]], Any]


class RememberingLibrary(Library):
    """A library that asks what the process keeps before it asks the database."""

    def __init__(self, reads: AnyReads, audience: Audience = ANONYMOUS, *, objects: Objects) -> None:
        super().__init__(reads, audience)
        self._objects = objects
        self._began = objects.moment
        """What is read is from later than this; so what the news touched since then is not kept."""

    # ------------------------------------------------------------ answers

    async def answers_by_id(self, ids: Sequence[UUID]) -> list[Answer | None]:
        """The answers with these ids, in their order; None for an id that names nothing."""
        start = self._start()
        found: dict[UUID, Answer | None] = {each: self._answer(each, start) for each in ids}
        missing = [each for each, answer in found.items() if answer is None]
        for answer in found.values():
            self.sight.note(answer.tags if answer is not None else ())
        self._objects.hits += len(found) - len(missing)
        if missing:
            answers = await super().answers_by_id(missing)
            self._objects.misses += len(missing)
            self._keep_answers(answers, start)
            found.update(zip(missing, answers, strict=True))
        return [found[each] for each in ids]

    async def answer_by_slug(self, slug: str, locale: str | None) -> Answer | None:
        """The answer of the set that a slug names, as the library gives it."""
        start, wanted = self._start(), locale or self.audience.default_locale
        key = (self.audience, _NAME, slug, wanted)
        named = self._objects.find(key) if start.is_current else None
        answer = self._answer(named, start) if isinstance(named, UUID) else None
        if answer is not None:
            self._objects.hits += 1
            self._note_named(answer, slug, locale=wanted)
            return answer
        answer = await super().answer_by_slug(slug, locale)
        self._objects.misses += 1
        if answer is not None:
            self._keep_answers([answer], start)
            # slug and locale of an answer never change; any other name may come to mean a nearer one
            is_its_own = (answer.slug, answer.locale) == (slug, wanted)
            tags = _OF_NOTHING if is_its_own else _OF_ANY
            self._objects.keep(key, Reading(answer.uuid, tags, self._began), size=2 * len(slug))
        return answer

    async def list_answers(self, wanted: AnswerFilter, order: AnswerOrder, *, page: PageRequest) -> Page[Answer]:
        """A page of the answers that meet the filter: they are kept, as a rule, when the list is not any more."""
        read = partial(self.list_by_ids, wanted, order, page=page)
        return await self._one(("list", wanted, order, page), read, apart=_page)

    async def count_answers(self, wanted: AnswerFilter) -> int:
        """How many answers meet the filter, on all pages."""
        return await self._one(("count", wanted), partial(super().count_answers, wanted), apart=_constant)

    async def answers_of_topics(
        self, ids: Sequence[UUID], order: AnswerOrder, *, page: PageRequest
    ) -> list[Page[Answer]]:
        """For each topic a page of the published answers in it or below it."""
        read = partial(super().answers_of_topics, order=order, page=page)
        return await self._each(("topics", order, page), ids, read=read, apart=_page)

    async def count_answers_of_topics(self, ids: Sequence[UUID]) -> list[int]:
        """For each topic how many published answers are in it or below it."""
        return await self._each("topic counts", ids, read=super().count_answers_of_topics, apart=_constant)

    async def answers_of_sources(self, ids: Sequence[UUID], page: PageRequest) -> list[Page[Answer]]:
        """For each source a page of the published answers that cite it, newest first."""
        read = partial(super().answers_of_sources, page=page)
        return await self._each(("sources", page), ids, read=read, apart=_page)

    async def count_answers_of_sources(self, ids: Sequence[UUID]) -> list[int]:
        """For each source how many published answers cite it."""
        return await self._each("source counts", ids, read=super().count_answers_of_sources, apart=_constant)

    async def translations(self, ids: Sequence[UUID]) -> list[list[Answer]]:
        """For each answer the others of its set, in order of their locales' tags."""
        return await self._each("translations", ids, read=super().translations, apart=_list)

    async def related_answers(self, ids: Sequence[UUID], first: int) -> list[list[Answer]]:
        """For each answer the published ones of its locale that share most topics, then sources; newest first."""
        read = partial(super().related_answers, first=first)
        return await self._each(("related", first), ids, read=read, apart=_list)

    async def answers_to(self, questions: Sequence[FollowUpQuestion]) -> list[Answer | None]:
        """For each follow-up question the published answer to it: one that it names, else one that asks the same."""
        return await self._each("answers to", questions, read=super().answers_to, apart=_single)

    async def topics_by_id(self, ids: Sequence[UUID]) -> list[Topic | None]:
        """The topics with these ids, in their order; None for an id that names nothing."""
        return await self._each("topic", ids, read=super().topics_by_id, apart=_constant)

    async def sources_by_id(self, ids: Sequence[UUID]) -> list[Source | None]:
        """The sources with these ids, in their order; None for an id that names nothing."""
        return await self._each("source", ids, read=super().sources_by_id, apart=_constant)

    async def texts(self, ids: Sequence[UUID]) -> list[list[str]]:
        """For each id the question of the published answer, or the names of the topic, that it names."""
        return await self._each("texts", ids, read=super().texts, apart=_constant)

    # ------------------------------------------------------------ the memory

    async def _one(
        self, asked: Hashable, read: Callable[[], Awaitable[ValueT]], *, apart: Callable[[ValueT], _Parts]
    ) -> ValueT:
        async def read_it(_: Sequence[None]) -> list[ValueT]:
            return [await read()]

        return (await self._each(asked, [None], read=read_it, apart=apart))[0]

    async def _each(
        self,
        asked: Hashable,
        parents: Sequence[AskedT],
        *,
        read: Callable[[Sequence[AskedT]], Awaitable[list[ValueT]]],
        apart: Callable[[ValueT], _Parts],
    ) -> list[ValueT]:
        """For each parent what is kept, else what is read, all in one statement."""
        start, found = self._start(), dict[AskedT, Any]()
        missing: list[AskedT] = []
        for parent in dict.fromkeys(parents):
            whole = self._whole_at((self.audience, start.day, asked, parent), start)
            if whole is None:
                missing.append(parent)
            else:
                found[parent] = whole[0]
        self._objects.hits += len(found)
        self.sight.note(_OF_ANY)
        if missing:
            size = len(msgspec.json.encode(asked))
            for parent, value in zip(missing, await read(missing), strict=True):
                found[parent] = value
                self._keep_parts((self.audience, start.day, asked, parent), apart(value), size=size, start=start)
            self._objects.misses += len(missing)
        return [found[parent] for parent in parents]

    def _start(self) -> _Start:
        return _Start(today(), self._objects.is_current())

    def _answer(self, answer_id: UUID, start: _Start) -> Answer | None:
        """An answer that is kept."""
        key = (self.audience, start.day, _ANSWER, answer_id)
        found = self._objects.find(key) if start.is_current else None
        return found if isinstance(found, Answer) else None

    def _whole_at(self, key: Hashable, start: _Start) -> tuple[Any] | None:
        """What is kept at a key, made whole again; null where it is not, or not with all its answers."""
        listed = self._objects.find(key) if start.is_current else None
        if not isinstance(listed, _Listed):
            return None
        answers = [answer for answer in [self._answer(each, start) for each in listed.ids] if answer is not None]
        return (listed.make(answers),) if len(answers) == len(listed.ids) else None

    def _held(self, ids: Iterable[UUID]) -> Mapping[UUID, Held]:
        found = {each: self._objects.find((_REVISION, each)) for each in ids}
        return {each: held for each, held in found.items() if isinstance(held, Held)}

    def _held_at(self, slug: str, locale: str | None) -> Mapping[UUID, Held]:
        named = self._objects.find((self.audience, _NAME, slug, locale))
        return self._held([named]) if isinstance(named, UUID) else {}

    def _published(self, row: asyncpg.Record, held: Mapping[UUID, Held]) -> Held:
        published = super()._published(row, held)
        if row["published"] is not None:
            reading = Reading(published, frozenset([answer_tag(row["id"])]), self._began)
            self._objects.keep((_REVISION, row["id"]), reading, size=published.size)
        return published

    def _keep_parts(self, key: Hashable, parts: _Parts, *, size: int, start: _Start) -> None:
        self._keep_answers(parts.answers, start)
        ids = tuple([answer.uuid for answer in parts.answers])
        size += ID_BYTES * len(ids)
        self._objects.keep(key, Reading(_Listed(ids, parts.make), _OF_ANY, self._began), size=size)

    def _keep_answers(self, answers: Iterable[Answer | None], start: _Start) -> None:
        if start.day != today():  # it may be as of the other day
            return
        for answer in answers:
            if answer is not None:
                key, part = (self.audience, start.day, _ANSWER, answer.uuid), (_REVISION, answer.uuid)
                reading = Reading(answer, answer.tags, self._began)
                self._objects.keep(key, reading, size=answer.caveats_size, part=part)


def _page(page: Page[Answer]) -> _Parts:
    frame = replace(page, nodes=())
    return _Parts(page.nodes, lambda answers: replace(frame, nodes=answers))


def _list(answers: Sequence[Answer]) -> _Parts:
    return _Parts(answers, list)


def _single(answer: Answer | None) -> _Parts:
    return _Parts([] if answer is None else [answer], lambda answers: answers[0] if answers else None)


def _constant(value: object) -> _Parts:
    return _Parts([], lambda _: value)

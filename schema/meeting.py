"""What one request, or one event of a subscription, has met: answers, and the sources and topics that came with them.

Nothing here is held by what it holds, so that all of it goes as soon as the request does, and leaves the garbage
collector nothing to find: what loads answers knows their surroundings alone, what loads by them is held by the context.
"""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from schema.loading import Loader
from server.content.answer import Answer, Source, Topic
from server.content.filters import AnswerOrder
from server.content.library import Library
from server.content.pages import Page, PageRequest
from server.content.published import FollowUpQuestion

ArgumentT = TypeVar("ArgumentT", bound=Hashable)
ValueT = TypeVar("ValueT")


class Surroundings:
    """The sources and topics of a request."""

    def __init__(self, library: Library, loader: type[Loader[Any, Any]]) -> None:
        self._library = library
        self.sources: Loader[UUID, Source | None] = loader(library.sources_by_id)
        self.topics: Loader[UUID, Topic | None] = loader(library.topics_by_id)

    async def answers(self, ids: Sequence[UUID]) -> list[Answer | None]:
        """Answers, of which the surroundings are remembered."""
        answers = await self._library.answers_by_id(ids)
        for answer in answers:
            if answer is not None:
                self.remember_of(answer)
        return answers

    def remember_of(self, answer: Answer) -> None:
        """Primes the loaders with what surrounds an answer."""
        self.remember_sources(answer.caveats.sources)
        self.remember_sources(answer.caveats.grounding)
        self.remember_topics(answer.caveats.topics)

    def remember_topics(self, topics: Iterable[Topic]) -> None:
        """Primes the loader of topics."""
        for topic in topics:
            self.topics.prime(topic.uuid, topic)

    def remember_sources(self, sources: Iterable[Source]) -> None:
        """Primes the loader of sources."""
        for source in sources:
            self.sources.prime(source.uuid, source)


class Met:
    """The answers of a request with their surroundings, and what is loaded by them."""

    def __init__(self, library: Library, loader: type[Loader[Any, Any]]) -> None:
        self._library = library
        self.surroundings = Surroundings(library, loader)
        self.answers: Loader[UUID, Answer | None] = loader(self.surroundings.answers)

    def remember(self, answers: Iterable[Answer | None]) -> None:
        """Primes the loaders with answers and with the sources and topics that surround them."""
        for answer in answers:
            if answer is not None:
                self.answers.prime(answer.uuid, answer)
                self.surroundings.remember_of(answer)

    async def children_of_topics(self, ids: Sequence[UUID]) -> list[list[Topic]]:
        """The topics right below topics."""
        children = await self._library.children_of_topics(ids)
        for topics in children:
            self.surroundings.remember_topics(topics)
        return children

    async def translations(self, ids: Sequence[UUID]) -> list[list[Answer]]:
        """The other answers of answers' sets."""
        translations = await self._library.translations(ids)
        for answers in translations:
            self.remember(answers)
        return translations

    async def answers_to(self, questions: Sequence[FollowUpQuestion]) -> list[Answer | None]:
        """The answers to follow-up questions."""
        answers = await self._library.answers_to(questions)
        self.remember(answers)
        return answers

    async def related_answers(self, keys: Sequence[tuple[UUID, int]]) -> list[list[Answer]]:
        """So many answers that are related to answers."""

        async def load(ids: Sequence[UUID], first: int) -> list[list[Answer]]:
            return await self._library.related_answers(ids, first)

        lists = await grouped(keys, load)
        for answers in lists:
            self.remember(answers)
        return lists

    async def answers_of_topics(
        self, keys: Sequence[tuple[UUID, tuple[AnswerOrder, PageRequest]]]
    ) -> list[Page[Answer]]:
        """Pages of the answers in topics, in an order."""

        async def load(ids: Sequence[UUID], arguments: tuple[AnswerOrder, PageRequest]) -> list[Page[Answer]]:
            return await self._library.answers_of_topics(ids, arguments[0], page=arguments[1])

        return self._remember_pages(await grouped(keys, load))

    async def answers_of_sources(self, keys: Sequence[tuple[UUID, PageRequest]]) -> list[Page[Answer]]:
        """Pages of the answers that cite sources."""

        async def load(ids: Sequence[UUID], page: PageRequest) -> list[Page[Answer]]:
            return await self._library.answers_of_sources(ids, page)

        return self._remember_pages(await grouped(keys, load))

    def _remember_pages(self, pages: list[Page[Answer]]) -> list[Page[Answer]]:
        for page in pages:
            self.remember(page.nodes)
        return pages


async def grouped(
    keys: Sequence[tuple[UUID, ArgumentT]],
    load: Callable[[Sequence[UUID], ArgumentT], Awaitable[Sequence[ValueT]]],
) -> list[ValueT]:
    """The values of keys that bear arguments, loaded with one call for each set of equal arguments."""
    groups: dict[ArgumentT, list[UUID]] = {}
    for uuid, arguments in keys:
        groups.setdefault(arguments, []).append(uuid)
    found: dict[tuple[UUID, ArgumentT], ValueT] = {}
    for arguments, ids in groups.items():
        for uuid, value in zip(ids, await load(ids, arguments), strict=True):
            found[uuid, arguments] = value
    return [found[key] for key in keys]

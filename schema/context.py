"""What one request, or one event of a subscription, reads through: the library, behind loaders that batch and remember.

An answer that was read once, alone or in a list, is the same object wherever the operation meets it again, and so are
the sources and topics that came with it: none of them costs a second statement.
"""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from functools import cached_property
from typing import Any, NoReturn, TypeAlias, TypeVar
from uuid import UUID

import strawberry

from schema.loading import Loader, PromptLoader, gathered, one_by_one
from schema.meeting import Met
from server.access.receipts.account import Account
from server.content.answer import Answer, AnswerStatus, Disclaimer, Source, Topic
from server.content.filters import AnswerOrder
from server.content.library import Library
from server.content.pages import Page, PageRequest
from server.content.publication.jsonld import json_ld
from server.content.published import FollowUpQuestion
from server.content.touching import ANY, Tag, index_tag
from server.db.wants import NotAtHandError
from server.events.stream import Wakes
from server.search.completing import Completion
from server.search.results import SearchPage, SearchRequest, SuggestRequest

ArgumentT = TypeVar("ArgumentT", bound=Hashable)
ValueT = TypeVar("ValueT")
Search: TypeAlias = Callable[[SearchRequest], Awaitable[SearchPage]]
Suggest: TypeAlias = Callable[[SuggestRequest], Awaitable[Sequence[Completion]]]


class Context:
    """The loaders of one request; every answer that passes through it primes them."""

    together = staticmethod(gathered)
    """Waits for several things."""
    _loader: type[Loader[Any, Any]] = Loader

    def __init__(
        self, *, library: Library, search: Search, suggest: Suggest, wakes: Wakes, account: Account | None = None
    ) -> None:
        self._account = account
        self.library = library
        self._search = search
        self._suggest = suggest
        self.wakes = wakes
        self._met: Met | None = None
        self._passed: list[Answer | None] = []
        """The answers that passed through it before anything was asked of those that it has met."""
        self._served: dict[tuple[UUID, int], None] = {}
        self._is_fleeting = False
        """Whether something was asked for that nobody else may be given, or not a moment later."""
        self._indexed: set[Tag] = set()
        """What touches what was found in an index, beside what touches what it was read as."""

    @property
    def _loaders(self) -> Met:
        """What it has met; made when it is asked first, as few operations ask."""
        if self._met is None:
            self._met = Met(self.library, self._loader)
            self._met.remember(self._passed)
        return self._met

    @property
    def answers(self) -> Loader[UUID, Answer | None]:
        """Answers by their ids."""
        return self._loaders.answers

    @property
    def sources(self) -> Loader[UUID, Source | None]:
        """Sources by their ids."""
        return self._loaders.surroundings.sources

    @property
    def topics(self) -> Loader[UUID, Topic | None]:
        """Topics by their ids."""
        return self._loaders.surroundings.topics

    # loaders that fewer operations ask

    @cached_property
    def disclaimers(self) -> Loader[UUID, Disclaimer | None]:
        """Disclaimers by their ids."""
        return self._loader(self.library.disclaimers_by_id)

    @cached_property
    def children_of_topics(self) -> Loader[UUID, list[Topic]]:
        """The topics right below a topic."""
        return self._loader(self._loaders.children_of_topics)

    @cached_property
    def translations(self) -> Loader[UUID, list[Answer]]:
        """The other answers of an answer's set."""
        return self._loader(self._loaders.translations)

    @cached_property
    def answers_to(self) -> Loader[FollowUpQuestion, Answer | None]:
        """The answers to follow-up questions."""
        return self._loader(self._loaders.answers_to)

    @cached_property
    def related_answers(self) -> Loader[tuple[UUID, int], list[Answer]]:
        """So many answers that are related to an answer."""
        return self._loader(self._loaders.related_answers)

    @cached_property
    def answers_of_topics(self) -> Loader[tuple[UUID, tuple[AnswerOrder, PageRequest]], Page[Answer]]:
        """A page of the answers in a topic, in an order."""
        return self._loader(self._loaders.answers_of_topics)

    @cached_property
    def answers_of_sources(self) -> Loader[tuple[UUID, PageRequest], Page[Answer]]:
        """A page of the answers that cite a source."""
        return self._loader(self._loaders.answers_of_sources)

    @cached_property
    def counts_of_topics(self) -> Loader[UUID, int]:
        """How many answers are in a topic."""
        return self._loader(self.library.count_answers_of_topics)

    @cached_property
    def counts_of_sources(self) -> Loader[UUID, int]:
        """How many answers cite a source."""
        return self._loader(self.library.count_answers_of_sources)

    @cached_property
    def _json_ld(self) -> dict[int, tuple[Answer, str]]:
        """The JSON-LD of answers by their identity, with the answers, so that nothing else takes their place."""
        return {}

    def json_ld(self, answer: Answer) -> str:
        """The JSON-LD of an answer, made once, however often the operation asks for it."""
        found = self._json_ld.get(id(answer))
        if found is None:
            found = self._json_ld[id(answer)] = (answer, json_ld(answer))
        return found[1]

    @property
    def account(self) -> Account | None:
        """The client that asks, for itself; None for the anonymous one."""
        self._is_fleeting = True
        return self._account

    async def search(self, request: SearchRequest) -> SearchPage:
        """Finds answers in an index that may lag behind what it indexes."""
        self._indexed.add(index_tag(self.library.sight.bounds))
        found = await self._search(request)
        self._is_fleeting |= not found.is_lasting
        return found

    async def suggest(self, request: SuggestRequest) -> Sequence[Completion]:
        """Completes what is typed, out of the same index."""
        self._indexed.add(index_tag(self.library.sight.bounds))
        return await self._suggest(request)

    @property
    def touched(self) -> frozenset[Tag] | None:
        """What touches all that was read so far; None where none of it may be kept."""
        return None if self._is_fleeting else self.library.touched | self._indexed

    @property
    def met(self) -> frozenset[Tag]:
        """What touches the answers that were met so far, wherever; not what touches the lists that they stand in."""
        tags = [answer.tags for answer in self.answers.known if answer is not None]
        return frozenset().union(*tags) - {ANY}

    @property
    def served(self) -> tuple[tuple[UUID, int], ...]:
        """The answers that were served so far, each once, with their revisions."""
        return tuple(self._served)

    def note_served(self, answer: Answer) -> None:
        """Notes that an answer's disclaimers go out, and so its content, unless it is retracted and has none."""
        if answer.status is AnswerStatus.PUBLISHED:
            self._served[answer.uuid, answer.revision] = None

    def remember(self, answers: Iterable[Answer | None]) -> None:
        """Prime the loaders with answers and with the sources and topics that surround them."""
        if self._met is None:
            self._passed.extend(answers)
        else:
            self._met.remember(answers)

    def remember_topics(self, topics: Iterable[Topic]) -> None:
        """Prime the loader of topics."""
        self._loaders.surroundings.remember_topics(topics)

    def remember_sources(self, sources: Iterable[Source]) -> None:
        """Prime the loader of sources."""
        self._loaders.surroundings.remember_sources(sources)


class PromptContext(Context):
    """One for a run that waits for nothing, of a library that raises NotAtHandError where it would have to."""

    together = staticmethod(one_by_one)
    _loader = PromptLoader

    def __init__(self, *, library: Library, wakes: Wakes) -> None:
        super().__init__(library=library, search=_not_at_hand, suggest=_not_at_hand, wakes=wakes)

    @property
    def account(self) -> NoReturn:
        """Whoever asks for itself is answered in full."""
        raise NotAtHandError


async def _not_at_hand(_: object) -> NoReturn:
    raise NotAtHandError


Info: TypeAlias = strawberry.Info[Context, None]
"""What a resolver is told of its request."""

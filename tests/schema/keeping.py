"""The served schema behind two pipelines on one database: one keeps what it served, the other runs everything."""

import asyncio
from dataclasses import dataclass, field
from functools import partial

from graphql import GraphQLSchema, specified_rules

from schema.context import Context, PromptContext
from server.access.audience import ANONYMOUS, Audience
from server.content.libraries import Libraries
from server.content.library import Library
from server.content.touching import index_tag, told_tags
from server.db.reads import Reads
from server.events.news import LEASE, News
from server.events.stream import Wakes
from server.execution.bringing import Bringing
from server.execution.callers import Rights
from server.execution.operation import Request, Result
from server.execution.pipeline import Pipeline
from server.execution.responses import Responses
from server.execution.serving import Serving
from tests.search.indexed import IndexedSearch


@dataclass(frozen=True)
class Somebody:
    """Whoever asks, of an audience."""

    audience: Audience = ANONYMOUS
    rights: Rights = field(default_factory=Rights)
    account: str = "somebody"


class Keeping:
    """Both pipelines, and the news of the one that keeps, whose clock is moved by hand."""

    def __init__(self, schema: GraphQLSchema, reads: Reads, *, indexed: IndexedSearch) -> None:
        self.now = 1000.0
        self.news = News(reads, clock=lambda: self.now)
        self.responses = Responses(most_bytes=10_000_000)
        self.news.tell(lambda told: self.responses.drop(None if told.is_everything else told_tags(told)))
        loop = asyncio.get_running_loop()
        indexed.renewals.append(lambda bounds: loop.call_soon_threadsafe(self._drop_found, bounds))
        self._reads = reads
        self._indexed = indexed
        self._libraries = Libraries(reads, self.news, most_bytes=10_000_000)
        self._keeping, self._plain = self._pipeline(schema), self._pipeline(schema)
        self.prompt = Pipeline(schema, rules=specified_rules, new_context=self._remembering)
        """One that keeps objects, so that some of its runs are no tasks."""
        self.prompt.new_prompt_context = self._prompt_context
        self._keeping.serving = Serving(self.responses, self.news, stale_limit=300)
        self._keeping.find_tags = lambda context: context.touched  # type: ignore[attr-defined]  # a context of ours

    def _drop_found(self, bounds: str) -> None:
        self.responses.drop(frozenset([index_tag(bounds)]))

    def _pipeline(self, schema: GraphQLSchema) -> Pipeline:
        return Pipeline(schema, rules=specified_rules, new_context=self._context)

    def _context(self, caller: Somebody) -> Context:
        return self._context_of(Library(self._reads, caller.audience))

    def _remembering(self, caller: Somebody) -> Context:
        return self._context_of(self._libraries.of(caller.audience))

    def _prompt_context(self, caller: Somebody) -> PromptContext:
        return PromptContext(library=self._libraries.prompt(caller.audience), wakes=Wakes())

    def _context_of(self, library: Library) -> Context:
        return Context(
            library=library,
            search=partial(self._indexed.search, library=library),
            suggest=partial(self._indexed.suggest, library=library),
            wakes=Wakes(),
        )

    async def hear(self) -> None:
        """Looks for what is new, and has the indexes follow it."""
        self.now += 2 * LEASE
        assert await self.news.confirm()
        await self._indexed.follow()

    async def index(self, *audiences: Audience) -> None:
        """Has an index for each audience."""
        for audience in audiences:
            await self._indexed.catch_up(audience)

    async def ask(self, query: str, audience: Audience = ANONYMOUS, /, **variables: object) -> Result:
        """The result of the one that keeps."""
        return await self._result(self._keeping, query, audience=audience, variables=variables)

    async def run(self, query: str, audience: Audience = ANONYMOUS, /, **variables: object) -> Result:
        """The result of the one that does not."""
        return await self._result(self._plain, query, audience=audience, variables=variables)

    async def make(self, query: str) -> Result | None:
        """The result that is made without waiting, of what is kept once it was asked for; None where it can't be."""
        operation = await self.prompt.prepare(Request(query=query), Somebody())
        await self.prompt.execute(operation)
        bound = self.prompt.bind(operation.program, operation.variables)
        ran = Bringing.at_once(self.prompt.steps(operation.program, bound, caller=operation.caller)) if bound else None
        return ran and Result(data=ran.data)

    async def _result(
        self, pipeline: Pipeline, query: str, *, audience: Audience, variables: dict[str, object]
    ) -> Result:
        operation = await pipeline.prepare(Request(query=query, variables=variables), Somebody(audience))
        return await pipeline.execute(operation)

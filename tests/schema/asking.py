"""Operations executed as the server executes them: graphql-core over the served schema, a context for each."""

from dataclasses import dataclass, field
from functools import partial
from inspect import isawaitable
from typing import Any

from graphql import ExecutionResult, GraphQLSchema, execute, parse, validate

from schema.context import Context
from server.access.audience import ANONYMOUS, Audience
from server.content.draft import Draft
from server.content.library import Library
from server.content.publishing import OutcomeKind, publish
from server.db.engine import Engine
from server.db.reads import Reads
from server.events.stream import Wakes
from server.search.query import search


@dataclass(kw_only=True)
class Asking:
    """One database, and the number of SQL statements that the latest operation took."""

    schema: GraphQLSchema
    reads: Reads
    engine: Engine
    audience: Audience = ANONYMOUS
    wakes: Wakes = field(default_factory=Wakes)
    statements: int = 0

    async def publish(self, *drafts: Draft) -> None:
        outcomes = await publish(self.engine, drafts)
        assert [outcome.kind for outcome in outcomes] == [OutcomeKind.PUBLISHED] * len(drafts), outcomes

    def context(self) -> Context:
        library = Library(self.reads, self.audience)
        return Context(library=library, search=partial(search, reads=self.reads, library=library), wakes=self.wakes)

    async def execute(self, text: str, /, **variables: object) -> ExecutionResult:
        document = parse(text)
        assert validate(self.schema, document) == []
        before = self.reads.statements
        outcome = execute(self.schema, document, context_value=self.context(), variable_values=variables)
        result = await outcome if isawaitable(outcome) else outcome  # an operation may wait for nothing
        self.statements = self.reads.statements - before
        return result

    async def ask(self, text: str, /, **variables: object) -> dict[str, Any]:
        """The data of an operation that raises no error."""
        result = await self.execute(text, **variables)
        assert result.errors is None, [error.original_error or error for error in result.errors]
        return result.data

    async def refusal(self, text: str, /, **variables: object) -> tuple[str, str]:
        """Code and message of the one error of an operation."""
        result = await self.execute(text, **variables)
        (error,) = result.errors
        return error.original_error.code, error.original_error.message

"""Operations executed over the served schema, by graphql-core and compiled, a context for each: both give the same."""

from dataclasses import dataclass, field
from functools import lru_cache, partial
from inspect import isawaitable
from typing import Any

from graphql import DocumentNode, ExecutionResult, GraphQLSchema, execute, parse, validate

from schema.context import Context
from server.access.audience import ANONYMOUS, Audience
from server.access.receipts.account import Account
from server.content.draft import Draft
from server.content.library import Library
from server.content.publishing import OutcomeKind, publish
from server.db.engine import Engine
from server.db.reads import Reads
from server.events.stream import Wakes
from server.execution.compiler.programs import By, Compiler, Program
from tests.execution.compiler.comparing import shown
from tests.search.indexed import IndexedSearch


@dataclass(frozen=True, kw_only=True)
class Operation:
    """A valid operation, with a program of its own."""

    text: str
    document: DocumentNode
    compiler: Compiler
    program: Program


@lru_cache(maxsize=8)
def checked(schema: GraphQLSchema, text: str) -> Operation:
    """The operation of a text; several who ask the same one after the other have it validated and compiled once."""
    document, compiler = parse(text), Compiler(schema)
    assert validate(schema, document) == []
    program = compiler.program(document, document.definitions[0])
    return Operation(text=text, document=document, compiler=compiler, program=program)


@dataclass(kw_only=True)
class Asking:
    """One database, and the numbers of SQL statements that the latest operation took, by graphql-core and compiled."""

    schema: GraphQLSchema
    reads: Reads
    engine: Engine
    indexed: IndexedSearch
    audience: Audience = ANONYMOUS
    account: Account | None = None
    wakes: Wakes = field(default_factory=Wakes)
    counts: tuple[int, int] = (0, 0)

    @property
    def statements(self) -> int | tuple[int, int]:
        """The number that it took both ways; both numbers where they differ."""
        counts = set(self.counts)
        return counts.pop() if len(counts) == 1 else self.counts

    async def publish(self, *drafts: Draft) -> None:
        outcomes = await publish(self.engine, drafts)
        assert [outcome.kind for outcome in outcomes] == [OutcomeKind.PUBLISHED] * len(drafts), outcomes

    def context(self) -> Context:
        library = Library(self.reads, self.audience)
        return Context(
            library=library,
            search=partial(self.indexed.search, library=library),
            suggest=partial(self.indexed.suggest, library=library),
            wakes=self.wakes,
            account=self.account,
        )

    async def execute(self, text: str, /, **variables: object) -> ExecutionResult:
        operation = checked(self.schema, text)
        before = self.reads.statements
        outcome = execute(self.schema, operation.document, context_value=self.context(), variable_values=variables)
        result = await outcome if isawaitable(outcome) else outcome  # an operation may wait for nothing
        took = self.reads.statements - before
        self.counts = (took, took if "__schema" in text else await self._compare(result, operation, variables))
        return result

    async def _compare(self, result: ExecutionResult, operation: Operation, variables: dict[str, object]) -> int:
        """Asserts that the compiled operation gives the same; gives the number of statements that it took."""
        runs = operation.compiler.runs
        ran = dict(runs)
        while runs[By.COMPILED] == ran[By.COMPILED]:  # a form is compiled when it is asked for again
            before = self.reads.statements
            compiled = operation.program.start(variables, self.context())
            if isawaitable(compiled):
                compiled = await compiled
            assert runs[By.HANDED_OVER] == 0, operation.text
            assert runs[By.NEW] - ran[By.NEW] <= 1, operation.text
        assert shown(compiled.errors) == shown(result.errors)
        assert repr(compiled.data) == repr(result.data)
        return self.reads.statements - before

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

"""Operations with the functions that they were compiled to, and when that is worth its while."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import count
from typing import Any, NamedTuple, TypeAlias

from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues

from server.execution.compiler.arguments import Making, size_of
from server.execution.compiler.leaves import Leaves
from server.execution.compiler.marks import UnknownOperationError
from server.execution.compiler.pieces import Pieces
from server.execution.compiler.prompt import PromptRun, Steps
from server.execution.compiler.running import Run
from server.execution.compiler.selections import Subject, Writer
from server.execution.compiler.spending import UNBOUNDED, Allowance, SpendingExecutor
from server.execution.compiler.variables import Conditions, Variables

_numbers = count()

MOST_ROUTINES = 32
"""Of one operation: it has one for each way in which its conditions were met."""

Outcome: TypeAlias = ExecutionResult | Awaitable[ExecutionResult]


@dataclass(frozen=True, kw_only=True, slots=True)
class Routine:
    """An operation, compiled for one way in which its conditions are met."""

    root: Callable[..., Any]
    makings: list[Making]


class By(StrEnum):
    """What an operation was run by."""

    COMPILED = "compiled"
    """The function that it was compiled to."""
    NEW = "new"
    """graphql-core, as nothing of its form had been asked before."""
    HANDED_OVER = "handed_over"
    """graphql-core, as it holds what the compiler does not know."""


class Compiler:
    """Compiles the operations of one schema."""

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        hides_suggestions: bool = False,
        executor: type[SpendingExecutor] = SpendingExecutor,
        most_cost: int = UNBOUNDED,
    ) -> None:
        self.schema = schema
        self.hides_suggestions = hides_suggestions
        self.executor = executor
        self.most_cost = most_cost
        """What a run may fetch."""
        self.runs = dict.fromkeys(By, 0)
        """How many operations were run by what."""
        self.pieces, self.leaves = Pieces(), Leaves()

    def program(self, document: DocumentNode, operation: OperationDefinitionNode) -> "Program":
        """The program of an operation; nothing is compiled before it is run."""
        return Program(self, document, operation=operation)


class Program:
    """One operation of one document."""

    def __init__(self, compiler: Compiler, document: DocumentNode, *, operation: OperationDefinitionNode) -> None:
        self.number = next(_numbers)
        """That no other one of this process has."""
        self._compiler = compiler
        self._document = document
        self._operation = operation
        self._variables = Variables(compiler.schema, document, operation=operation)
        fragments = [each for each in document.definitions if isinstance(each, FragmentDefinitionNode)]
        self._fragments = {each.name.value: FragmentDetails(each) for each in fragments}
        self._is_known = (
            operation.operation is not OperationType.MUTATION
            and not operation.directives
            and not any(each.variable_definitions for each in fragments)
        )
        self._routines: dict[Conditions, Routine] = {}
        self._unknown: set[Conditions] = set()
        """Those for which it holds what the compiler does not know."""

    @property
    def conceals_schema(self) -> bool:
        """Whether its results tell nothing of the schema."""
        return self._compiler.hides_suggestions

    def values(self, variables: Mapping[str, Any]) -> VariableValues | list[GraphQLError]:
        """The coerced variables of a run, or the errors of those that do not fit."""
        return self._variables.values(variables, hides_suggestions=self._compiler.hides_suggestions)

    def fit(self, variables: Mapping[str, Any]) -> "Fitted | list[GraphQLError]":
        """The operation with its variables, for all that is done with both; or the errors of those that do not fit."""
        values = self.values(variables)
        return values if isinstance(values, list) else Fitted(self, values)

    def start(
        self,
        variables: Mapping[str, Any],
        context: object,
        *,
        root: object = None,
        fitted: "Fitted | list[GraphQLError] | None" = None,
    ) -> Outcome | list[GraphQLError]:
        """The result of a run, to be awaited if it can be; or the errors of variables that do not fit.

        `fitted` is the operation with these variables, where it is there.
        """
        fitted = self.fit(variables) if fitted is None else fitted
        if isinstance(fitted, list):
            return fitted

        def new_executor() -> Executor[None]:
            executor = self.executor(variables, context, root=root)
            if isinstance(executor, list):
                raise executor[0]  # the variables fitted just now
            return executor

        runs, routine = self._compiler.runs, fitted.routine
        arguments = None if isinstance(routine, By) else _arguments(routine, fitted.values)
        if isinstance(routine, By) or arguments is None:
            runs[routine if isinstance(routine, By) else By.HANDED_OVER] += 1
            executor = self.executor(variables, context, root=root)
            if isinstance(executor, list):
                return executor
            return executor.execute_operation()  # type: ignore[return-value]  # nothing is incremental
        runs[By.COMPILED] += 1
        run = Run(context, arguments, most=self._compiler.most_cost, new_executor=new_executor)
        return run.start(routine.root, root)

    def bind(self, fitted: "Fitted") -> "Bound | None":
        """What its runs with these values take that are no tasks; None where something else has to run it."""
        conditions, routine = self._variables.decided(fitted.values), fitted.routine
        arguments = None if isinstance(routine, By) else _arguments(routine, fitted.values)
        return None if arguments is None or conditions is None else Bound(self.number, conditions, arguments)

    def steps(self, bound: "Bound", context: object) -> Steps:
        """A run of what was bound; gives the whole result where nothing goes wrong, and None otherwise."""
        routine = self._routines[bound.conditions]
        return PromptRun(context, bound.arguments, most=self._compiler.most_cost).steps(routine.root)

    def count(self) -> None:
        """Counts a run of what was bound that gave a result; any other is run in full, and counted then."""
        self._compiler.runs[By.COMPILED] += 1

    def routine(self, values: VariableValues) -> "Routine | By":
        """The routine for the conditions as they are now, or what runs the operation in its place."""
        conditions = self._variables.decided(values) if self._is_known else None
        if conditions is None:
            return By.HANDED_OVER
        found = self._routines.get(conditions)
        if found is not None or len(self._routines) + len(self._unknown) >= MOST_ROUTINES:
            return found or By.HANDED_OVER
        routine = By.HANDED_OVER if conditions in self._unknown else self._compiled(values)
        if isinstance(routine, Routine):
            self._routines[conditions] = routine
        elif routine is By.HANDED_OVER:
            self._unknown.add(conditions)
        return routine

    def _compiled(self, values: VariableValues) -> "Routine | By":
        subject = Subject(operation=self._operation, fragments=self._fragments, variables=values)
        compiler = self._compiler
        writer = Writer(compiler.schema, subject, pieces=compiler.pieces, leaves=compiler.leaves)
        try:
            root = writer.root()
        except (UnknownOperationError, GraphQLError):
            return By.HANDED_OVER
        return Routine(root=root, makings=writer.arguments.makings) if root else By.NEW

    def executor(
        self, variables: Mapping[str, Any], context: object, *, root: object
    ) -> Executor[None] | list[GraphQLError]:
        """What runs the operation as graphql-core does; or the errors of variables that do not fit."""
        name = self._operation.name
        executor = self._compiler.executor.build(
            self._compiler.schema,
            self._document,
            root,
            context,
            dict(variables),
            name.value if name else None,
            hide_suggestions=self._compiler.hides_suggestions,
        )
        if isinstance(executor, SpendingExecutor):
            executor.allowance = Allowance(self._compiler.most_cost)
        return executor


class Fitted:
    """An operation with the values of its variables, and what runs it with these: found once, when it is asked for.

    To look for it twice would take what is new for something that comes again.
    """

    def __init__(self, program: Program, values: VariableValues) -> None:
        self._program = program
        self.values = values

    @cached_property
    def routine(self) -> Routine | By:
        """The routine, or what runs the operation in its place."""
        return self._program.routine(self.values)


class Bound(NamedTuple):
    """What runs of one operation with the same variables have in common.

    It holds nothing of the operation, so that whoever keeps it does not keep that.
    """

    number: int
    """Of the program, which alone can run it."""
    conditions: Conditions
    arguments: list[dict[str, Any]]

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes, beside the texts and numbers that its variables hold."""
        return size_of(self.arguments)


def _arguments(routine: Routine, values: VariableValues) -> list[dict[str, Any]] | None:
    """What the fields take in this run; null where something does not fit, for graphql-core to say where."""
    try:
        return [make(values) for make in routine.makings]
    except Exception:  # noqa: BLE001 -- a converter may raise anything
        return None

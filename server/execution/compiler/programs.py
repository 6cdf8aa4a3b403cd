"""Operations with the functions that they were compiled to, and when that is worth its while."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
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

from server.execution.compiler.arguments import Making
from server.execution.compiler.leaves import Leaves
from server.execution.compiler.marks import UnknownOperationError
from server.execution.compiler.pieces import Pieces
from server.execution.compiler.prompt import PromptRun, Steps
from server.execution.compiler.running import Run
from server.execution.compiler.selections import Subject, Writer
from server.execution.compiler.spending import UNBOUNDED, Allowance, SpendingExecutor
from server.execution.compiler.variables import Conditions, Variables

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
        self._routines: dict[Conditions, Routine | By] = {}

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
        run = Run(context, arguments, allowance=Allowance(self._compiler.most_cost), new_executor=new_executor)
        return run.start(routine.root, root)

    def prompt(self, fitted: "Fitted") -> "Prompt | None":
        """What makes its runs with these values that are no tasks; None where something else has to run it."""
        routine = fitted.routine
        arguments = None if isinstance(routine, By) else _arguments(routine, fitted.values)
        if isinstance(routine, By) or arguments is None:
            return None
        return Prompt(self._compiler, routine.root, arguments)

    def routine(self, values: VariableValues) -> "Routine | By":
        """The routine for the conditions as they are now, or what runs the operation in its place."""
        conditions = self._variables.decided(values) if self._is_known else None
        if conditions is None:
            return By.HANDED_OVER
        routine = self._routines.get(conditions)
        if routine is None and len(self._routines) < MOST_ROUTINES:
            routine = self._compiled(values)
            if routine is not By.NEW:
                self._routines[conditions] = routine
        return routine or By.HANDED_OVER

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


class Prompt(NamedTuple):
    """Makes runs that are no tasks: of one operation with the same variables each time."""

    compiler: Compiler
    root: Callable[..., Any]
    arguments: list[dict[str, Any]]

    def steps(self, context: object) -> Steps:
        """One run: gives the data where it goes well, else None."""
        run = PromptRun(context, self.arguments, allowance=Allowance(self.compiler.most_cost))
        data = yield from run.steps(self.root, None)
        if data is not None:
            self.compiler.runs[By.COMPILED] += 1
        return data


def _arguments(routine: Routine, values: VariableValues) -> list[dict[str, Any]] | None:
    """What the fields take in this run; null where something does not fit, for graphql-core to say where."""
    try:
        return [make(values) for make in routine.makings]
    except Exception:  # noqa: BLE001 -- a converter may raise anything
        return None

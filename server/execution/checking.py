"""Says beforehand of a document whatever would be refused when it is asked, its lists at their longest."""

from collections.abc import Iterator, Sequence
from typing import Any

from graphql import (
    ASTValidationRule,
    GraphQLSchema,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    TypeNode,
)

from server.errors.limits import OperationTooCostlyError
from server.errors.root import CaveatError
from server.execution.compiler.programs import Compiler
from server.execution.cost import Costing
from server.execution.documents import Document, Documents
from server.execution.faults import OperationRefusedError, described, refusal
from server.limits import Limits


class Checker:
    """Checks documents against one schema, its rules and the limits of one caller."""

    def __init__(
        self, schema: GraphQLSchema, *, rules: Sequence[type[ASTValidationRule]], limits: Limits, longest_list: int
    ) -> None:
        self._schema = schema
        self._limits = limits
        self._longest_list = longest_list
        self._documents = Documents(Compiler(schema), rules, limits=limits)

    def errors(self, text: str) -> list[dict[str, Any]]:
        """The errors that the text would meet, as callers see them; none where it is served."""
        try:
            document = self._documents.find(text)
        except OperationRefusedError as refused:
            return list(refused.errors)
        except CaveatError as error:
            return list(refusal(error).errors)
        return [described(error) for error in self._too_costly(document)]

    def _too_costly(self, document: Document) -> Iterator[OperationTooCostlyError]:
        for name, operation in document.operations.items():
            variables = longest_values(operation, longest_list=self._longest_list)
            cost = Costing(self._schema, document.fragments, variables=variables).cost(operation)
            if cost > self._limits.max_cost:
                which = f"The operation `{name}`" if name else "The operation"
                yield OperationTooCostlyError(
                    f"{which} may give {cost} objects, with its variables at their largest, and has"
                    f" {self._limits.max_cost}: write the length of its lists into it, or ask for fewer lists in lists."
                )


def longest_values(operation: OperationDefinitionNode, *, longest_list: int) -> dict[str, Any]:
    """Values of the variables that make lists as long as they can be."""
    values: dict[str, Any] = {}
    for definition in operation.variable_definitions or ():
        type_ = _nullable(definition.type)
        if isinstance(type_, ListTypeNode):
            values[definition.variable.name.value] = [None] * longest_list
        elif isinstance(type_, NamedTypeNode) and type_.name.value == "Int":
            values[definition.variable.name.value] = longest_list
    return values


def _nullable(type_: TypeNode) -> TypeNode:
    return type_.type if isinstance(type_, NonNullTypeNode) else type_

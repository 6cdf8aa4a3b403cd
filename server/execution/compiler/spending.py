"""What a run has fetched: the most that an operation may cost holds for what it turns out to give, too.

The cost that is known beforehand takes lists whose length is the content's for short. Where they are not, and fetched
objects lead back to them, an operation of little cost would give more than anybody waits for.
"""

import sys
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    is_composite_type,
    located_error,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import AwaitableOrValue, Path

from server.errors.limits import OperationTooCostlyError
from server.execution.cost import WEIGHT

UNBOUNDED = sys.maxsize


class Allowance:
    """What one run may still fetch."""

    __slots__ = ("_left", "_most")

    def __init__(self, most: int) -> None:
        self._most = self._left = most

    def take(self, weight: int, value: Any = None) -> Any:  # noqa: ANN401 -- whatever a field gives
        """What a field gives, once it is taken from what is left; raises OperationTooCostlyError.

        A field counts once where it gives an object, or none, and as often as it gives one where it gives a list.
        """
        self._take(weight * (len(value) or 1) if _is_list(value) else weight)
        return value

    def take_rest(self, weight: int, value: Any) -> None:  # noqa: ANN401 -- as above
        """Takes what a field gave that was taken already when it was asked; raises OperationTooCostlyError."""
        if _is_list(value) and value:
            self._take(weight * (len(value) - 1))

    def _take(self, cost: int) -> None:
        self._left -= cost
        if self._left < 0:
            raise OperationTooCostlyError(
                f"The operation came to give more than {self._most} objects, and was ended: ask for less of what it"
                " holds, or in several operations."
            )


def _is_list(value: object) -> bool:
    return value.__class__ is tuple or value.__class__ is list


def fetched_weight(field: GraphQLField) -> int:
    """What each object of a field is counted as; 0 for what comes with another object, and for what is none."""
    weight: int = field.extensions.get(WEIGHT, 1)
    return weight if weight > 1 and is_composite_type(get_named_type(field.type)) else 0


class SpendingExecutor(Executor[None]):
    """Counts as compiled operations do: fields when they are asked, and what lists hold besides."""

    allowance = Allowance(UNBOUNDED)

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: object,
        field_details_list: FieldDetailsList,
        path: Path,
        position_context: None,
    ) -> Any:  # noqa: ANN401 -- the signature is graphql-core's
        """Resolves a field as ever, and counts it."""
        field = parent_type.fields.get(field_details_list[0].node.name.value)
        if field and (weight := fetched_weight(field)):
            try:
                self.allowance.take(weight)
            except OperationTooCostlyError as error:
                raise located_error(error, [each.node for each in field_details_list], path.as_list()) from error
        return super().execute_field(parent_type, source, field_details_list, path, position_context)

    def collect_and_execute_subfields(
        self,
        return_type: GraphQLObjectType,
        field_details_list: FieldDetailsList,
        path: Path,
        result: object,
        position_context: None,
    ) -> AwaitableOrValue[dict[str, Any]]:
        """Executes the fields of an object as ever, and counts it where it is one more of a list."""
        if isinstance(path.key, int) and path.key > 0:
            self.allowance.take(self._weight(field_details_list, path))
        return super().collect_and_execute_subfields(return_type, field_details_list, path, result, position_context)

    def _weight(self, details: FieldDetailsList, path: Path) -> int:
        while isinstance(path.key, int) and path.prev is not None:
            path = path.prev
        parent = self.schema.get_type(path.typename or "")
        field = parent.fields.get(details[0].node.name.value) if isinstance(parent, GraphQLObjectType) else None
        return fetched_weight(field) if field else 0

"""A field that waits: what a run must know of it once its call is made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, GraphQLField, GraphQLObjectType, GraphQLOutputType
from graphql.execution.collect_fields import FieldDetailsList


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """The field, as it is selected."""

    key: str
    """Its name in the result."""
    parent_type: GraphQLObjectType
    field: GraphQLField
    details: FieldDetailsList
    is_nullable: bool
    """Whether an error in it ends there."""
    value: Callable[..., Any]
    """Completes what was waited for: takes the run, the value, its place, the place that may be null, and the list."""

    @property
    def type(self) -> GraphQLOutputType:
        """The type that it gives."""
        return self.field.type

    @property
    def nodes(self) -> list[FieldNode]:
        """Where it stands in the document."""
        return [each.node for each in self.details]

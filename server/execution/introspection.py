"""Hides the schema from callers, where the server is told to: it shows to nobody which types and fields there are."""

from typing import Any

from graphql import FieldNode, GraphQLError, GraphQLObjectType, ValidationRule
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path

from server.execution.compiler.spending import SpendingExecutor


class NoSchemaRule(ValidationRule):
    """Refuses `__schema`; `__type` stays valid, as the specification of GraphQL over HTTP is audited with it."""

    def enter_field(self, node: FieldNode, *_args: object) -> None:
        """Reports a field that lists the schema."""
        if node.name.value == "__schema":
            message = "This server does not show its schema: see its documentation."
            self.report_error(GraphQLError(message, node, extensions={"code": "INTROSPECTION_DISABLED"}))


class ConcealingExecutor(SpendingExecutor):
    """Knows no type by name: `__type` is null, whatever it asks for."""

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: object,
        field_details_list: FieldDetailsList,
        path: Path,
        position_context: None,
    ) -> Any:  # noqa: ANN401 -- the signature is graphql-core's
        """Resolves a field as ever, unless it describes a type."""
        if field_details_list[0].node.name.value == "__type":
            return None
        return super().execute_field(parent_type, source, field_details_list, path, position_context)

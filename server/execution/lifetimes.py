"""How long the results of operations may be kept outside: as long as their shortest-lived field may.

What a field's mark says stands in its extensions, as its schema has it. A field without one lives as long as what it
stands in; at the root of a query that is no time at all, so that nothing is kept because nobody thought of it.
"""

from functools import lru_cache

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

from server.execution.freshness import Lifetime
from server.execution.keepable import MOST_MARKS, NOT_KEPT
from server.execution.operation import Operation
from server.execution.receipts import fields_of

MAX_AGE = "max_age"
"""The extension of a field that says for how many seconds its value may be kept without asking again."""

IS_PRIVATE = "is_private"
"""The extension that marks, with `True`, a field whose value is of its caller alone."""


def lifetime_of(schema: GraphQLSchema, operation: Operation) -> Lifetime:
    """The lifetime of an operation's results; found once for each operation of a document."""
    found, name = operation.document.lifetimes, operation.name
    if name not in found:
        fields = fields_of(schema, operation.document, name=name) if operation.is_query else ()
        each = [own for field in fields if (own := own_lifetime(schema, field)) is not None]
        found[name] = Lifetime(
            seconds=min((one.seconds for one in each), default=0), is_private=any(one.is_private for one in each)
        )
    return found[name]


@lru_cache(maxsize=MOST_MARKS)
def own_lifetime(schema: GraphQLSchema, coordinate: str) -> Lifetime | None:
    """That of a field of a schema, which does not change, if it has one of its own."""
    type_name, _, field_name = coordinate.partition(".")
    type_ = schema.get_type(type_name)
    known = type_.fields if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) else {}
    marks = known[field_name].extensions
    if type_ is not schema.query_type and marks.keys().isdisjoint((MAX_AGE, IS_PRIVATE, NOT_KEPT)):
        return None
    seconds = 0 if marks.get(NOT_KEPT) else marks.get(MAX_AGE, 0)
    return Lifetime(seconds=seconds, is_private=marks.get(IS_PRIVATE) is True)

"""The directives that fields of the schema bear."""

from enum import Enum

import strawberry
from strawberry.schema_directive import Location


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="requiresDisclaimer",
    description="""\
Health content, which must not travel without its disclaimers. For every concrete type that an object may have: where a
field marked so is selected on it, `disclaimers { text }` is selected on the same object or on the nearest enclosing
`Answer` or `AnswerSearchEdge`, whichever is nearer. The disclaimers of one answer never cover another.
Aliases do not matter; selections that merge into one response object count together. No `@skip`, `@include`, `@defer`
or `@stream` may stand on `disclaimers`, on its `text`, or on a fragment between them and that object; conditions
outside that object do not matter. An operation that falls short is refused with the code `DISCLAIMER_REQUIRED`.""",
)
class RequiresDisclaimer:
    """The mark of a field that holds health content."""


@strawberry.schema_directive(
    locations=[
        Location.ARGUMENT_DEFINITION,
        Location.ENUM,
        Location.FIELD_DEFINITION,
        Location.INPUT_FIELD_DEFINITION,
        Location.OBJECT,
        Location.SCALAR,
    ],
    name="cost",
    description="""\
What it adds to the cost of an operation for every time that it may appear, as a number: what has to be fetched counts
as 10 (https://ibm.github.io/graphql-specs/cost-spec.html#sec-The-Cost-Directive), a text by how long it is. Without it
an object counts as 1 and a scalar as 0, under an alias as 1.""",
)
class Cost:
    """The weight of a field."""

    weight: str


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="listSize",
    description="""\
How long a list is taken to be when an operation is weighed
(https://ibm.github.io/graphql-specs/cost-spec.html#sec-The-List-Size-Directive): as long as the largest of
`slicingArguments` says, else `assumedSize`. With `sizedFields` the lists of those names right below the field are
meant. Where content alone says how long a list is, `assumedSize` is a length that few exceed.""",
)
class ListSize:
    """The length of a list."""

    assumed_size: int | None = strawberry.UNSET
    slicing_arguments: list[str] | None = strawberry.UNSET
    sized_fields: list[str] | None = strawberry.UNSET
    require_one_slicing_argument: bool | None = strawberry.directive_field(
        name="requireOneSlicingArgument", default=True
    )


@strawberry.enum(description="Who may keep a response.")
class CacheControlScope(Enum):
    """Who may keep a response."""

    PUBLIC = strawberry.enum_value("PUBLIC", description="Whoever serves the same audience.")
    PRIVATE = strawberry.enum_value("PRIVATE", description="The caller alone.")


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="cacheControl",
    description="""\
How long, in seconds, a client or a cache may keep the field's value that can't be told when it changes. A response is
kept as long as the field of it that is kept for the shortest time, with `maxAge: 0` not without asking again; a field
without the directive is kept as long as what it stands in. Caches that are told of changes may keep it longer.""",
)
class CacheControl:
    """How long a field's value may be kept."""

    max_age: int
    scope: CacheControlScope | None = strawberry.UNSET

    @property
    def is_private(self) -> bool:
        """Whether it is the caller's alone."""
        return self.scope is CacheControlScope.PRIVATE


A_MINUTE = CacheControl(max_age=60)
"""For what news is of: clients that can't be told of news are at most so far behind."""

EACH_TIME = CacheControl(max_age=0)
"""For what changes without news of it."""

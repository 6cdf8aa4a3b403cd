"""The directives that fields of the schema bear."""

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
as 10 (https://ibm.github.io/graphql-specs/cost-spec.html#sec-The-Cost-Directive). Without it an object counts as 1 and
a scalar as 0.""",
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

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

"""What fields add to the cost of an operation, beside the objects that they give: what `@cost` says of them."""

from schema.directives import Cost

FETCHED = Cost(weight="10")
"""Of an object that is fetched, beside one that comes with another."""

LONG = Cost(weight="10")
"""Of a text as long as an answer: some kilobytes."""

COMPUTED = Cost(weight="20")
"""Of such a text that is made of its answer each time."""

SHORT = Cost(weight="1")
"""Of a text as long as a paragraph, in one of several forms."""

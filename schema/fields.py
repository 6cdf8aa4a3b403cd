"""How the fields of a type are declared: beside one another, each with its description, as attribute or function.

Types of the schema describe domain objects and are never made. A field is an *attribute* of the domain object (its own
name, or a dotted path), a *function* of it, or it *waits* for a loader of the request's context: `build` writes which
one into the extensions of the GraphQL field, for the executor to read.
"""

from collections.abc import Callable
from typing import Any

import strawberry

from schema.directives import RequiresDisclaimer


def attribute(description: str, *, path: str | None = None, requires_disclaimer: bool = False) -> Any:  # noqa: ANN401 - of any type
    """A field that reads an attribute of the domain object: that of its own name, or the one at a dotted path."""
    return strawberry.field(
        description=description,
        metadata={"path": path} if path else None,
        directives=[RequiresDisclaimer()] if requires_disclaimer else [],
    )


def resolved(resolver: Callable[..., object], description: str, *, requires_disclaimer: bool = False) -> Any:  # noqa: ANN401 - of any type
    """A field that calls a function with the domain object; one that waits where it says that it gives an awaitable."""
    return strawberry.field(
        resolver=resolver,
        description=description,
        directives=[RequiresDisclaimer()] if requires_disclaimer else [],
    )


def streamed(resolver: Callable[..., object], description: str) -> Any:  # noqa: ANN401 - of any type
    """A root field that goes on: the function gives an asynchronous iterator of its events."""
    return strawberry.subscription(resolver=resolver, description=description)


class Describes:
    """The test that graphql-core makes of an object's type: whether it is one of a domain class."""

    def __init__(self, *described: type) -> None:
        self.described = described

    def __call__(self, value: object, _info: object) -> bool:
        """Whether the type of the schema describes the object."""
        return isinstance(value, self.described)

"""How the fields of a type are declared: beside one another, each with its description, as attribute or function.

Types of the schema describe domain objects and are never made. A field is an *attribute* of the domain object (its own
name, or a dotted path), a *function* of it, or it *waits* for a loader of the request's context: `build` writes which
one into the extensions of the GraphQL field, for the executor to read, and what the field weighs.
"""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, get_args, get_origin

import strawberry

from schema.directives import CacheControl, Cost, ListSize, RequiresDisclaimer
from schema.weights import FETCHED
from server.execution.keepable import NOT_KEPT


def attribute(
    description: str,
    *,
    path: str | None = None,
    requires_disclaimer: bool = False,
    cost: Cost | None = None,
    length: ListSize | None = None,
) -> Any:  # noqa: ANN401 - of any type
    """A field that reads an attribute of the domain object: that of its own name, or the one at a dotted path."""
    return strawberry.field(
        description=description,
        metadata={"path": path} if path else None,
        directives=_directives(requires_disclaimer=requires_disclaimer, cost=cost, length=length),
    )


def resolved(
    resolver: Callable[..., object],
    description: str,
    *,
    requires_disclaimer: bool = False,
    cost: Cost | None = None,
    is_kept: bool = True,
    is_weighed: bool = True,
    lifetime: CacheControl | None = None,
    length: ListSize | None = None,
) -> Any:  # noqa: ANN401 - of any type
    """A field that calls a function with the domain object; one that fetches where that gives an awaitable.

    Not to be kept is what only its caller may be given, or what changes without news of it. Not weighed is what its
    parent's weight has in it.
    """
    if is_weighed and gives_awaitable(resolver):
        cost = FETCHED
    directives = _directives(requires_disclaimer=requires_disclaimer, cost=cost, length=length)
    return strawberry.field(
        resolver=resolver,
        description=description,
        metadata=None if is_kept else {NOT_KEPT: True},
        directives=[*directives, *([lifetime] if lifetime else [])],
    )


def gives_awaitable(resolver: Any) -> bool:  # noqa: ANN401 - a function, however it is wrapped
    """Whether a function waits: as a coroutine, or as its annotation says."""
    given = inspect.signature(resolver).return_annotation
    return inspect.iscoroutinefunction(resolver) or any(
        get_origin(each) is Awaitable for each in (given, *get_args(given))
    )


def streamed(resolver: Callable[..., object], description: str) -> Any:  # noqa: ANN401 - of any type
    """A root field that goes on: the function gives an asynchronous iterator of its events, each of them fetched."""
    return strawberry.subscription(resolver=resolver, description=description, directives=[FETCHED])


def _directives(*, requires_disclaimer: bool, cost: Cost | None, length: ListSize | None) -> list[object]:
    return [
        *([RequiresDisclaimer()] if requires_disclaimer else []),
        *([cost] if cost else []),
        *([length] if length else []),
    ]


class Describes:
    """The test that graphql-core makes of an object's type: whether it is one of a domain class."""

    def __init__(self, *described: type) -> None:
        self.described = described

    def __call__(self, value: object, _info: object) -> bool:
        """Whether the type of the schema describes the object."""
        return isinstance(value, self.described)

"""Lists as connections: pages between cursors, with a count that costs its own statement only when asked for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Generic, TypeAlias, TypeVar

import strawberry

from schema.fields import attribute, resolved
from schema.types.answers import Answer
from schema.types.sources import Source
from schema.types.topics import Topic
from schema.weights import FETCHED
from server.content.pages import Page

NodeT = TypeVar("NodeT")

First: TypeAlias = Annotated[
    int | None,
    strawberry.argument(description="How many from the start, or after `after`: 0 to 100; 20 without it."),
]
Last: TypeAlias = Annotated[
    int | None,
    strawberry.argument(description="How many from the end, or before `before`: 0 to 100; not together with `first`."),
]
After: TypeAlias = Annotated[
    str | None,
    strawberry.argument(description="Only what comes after this cursor of the same list in the same order."),
]
Before: TypeAlias = Annotated[
    str | None,
    strawberry.argument(description="Only what comes before this cursor of the same list in the same order."),
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Edge(Generic[NodeT]):
    """One node of a list and its place in it."""

    cursor: str
    node: NodeT


@dataclass(frozen=True, kw_only=True, slots=True)
class Connection(Generic[NodeT]):
    """A page of a list, and how to count the whole list."""

    page: Page[NodeT]
    count: Callable[[], Awaitable[int]]

    @property
    def edges(self) -> list[Edge[NodeT]]:
        """The nodes of the page with their cursors."""
        pairs = zip(self.page.cursors, self.page.nodes, strict=True)
        return [Edge(cursor=cursor, node=node) for cursor, node in pairs]


def _start_cursor(parent: strawberry.Parent[Page[object]]) -> str | None:
    return parent.cursors[0] if parent.cursors else None


def _end_cursor(parent: strawberry.Parent[Page[object]]) -> str | None:
    return parent.cursors[-1] if parent.cursors else None


async def _total_count(parent: strawberry.Parent[Connection[object]]) -> int:
    return await parent.count()


@strawberry.type(description="Where a page lies in its list (Relay's cursor connections).")
class PageInfo:
    """Describes `pages.Page`."""

    has_next_page: bool = attribute("Whether the list goes on after this page.", path="has_next")
    has_previous_page: bool = attribute("Whether the list has something before this page.", path="has_previous")
    start_cursor: str | None = resolved(_start_cursor, "The cursor of the first node; null for an empty page.")
    end_cursor: str | None = resolved(_end_cursor, "The cursor of the last node; null for an empty page.")


_EDGES = "The nodes of the page with their cursors, in the order of the list."
_NODES = "The nodes of the page, in the order of the list, whichever way the page was asked for."
_PAGE_INFO = "Where the page lies in the list."
_TOTAL_COUNT = (
    "How many nodes the whole list has, all pages together; counted only when asked for. Exact for all answers, for "
    "those of one topic or of one source, in some locales or in all, and for whatever else is found among 20,000 "
    "answers or in a library of 50,000; of a larger one it is estimated and rounded to two figures. Estimated for more "
    "than 10,000 topics or sources."
)
_CURSOR = "Its place in this list in this order: pass it as `after` or `before`."


@strawberry.type(description="An answer in a list.")
class AnswerEdge:
    """Describes `Edge` of an answer."""

    cursor: str = attribute(_CURSOR)
    node: Answer = attribute("The answer.", cost=FETCHED)


@strawberry.type(description="A page of a list of answers.")
class AnswerConnection:
    """Describes `Connection` of answers."""

    edges: list[AnswerEdge] = attribute(_EDGES)
    nodes: list[Answer] = attribute(_NODES, path="page.nodes", cost=FETCHED)
    page_info: PageInfo = attribute(_PAGE_INFO, path="page")
    total_count: int = resolved(_total_count, _TOTAL_COUNT)


@strawberry.type(description="A topic in a list.")
class TopicEdge:
    """Describes `Edge` of a topic."""

    cursor: str = attribute(_CURSOR)
    node: Topic = attribute("The topic.", cost=FETCHED)


@strawberry.type(description="A page of a list of topics.")
class TopicConnection:
    """Describes `Connection` of topics."""

    edges: list[TopicEdge] = attribute(_EDGES)
    nodes: list[Topic] = attribute(_NODES, path="page.nodes", cost=FETCHED)
    page_info: PageInfo = attribute(_PAGE_INFO, path="page")
    total_count: int = resolved(_total_count, _TOTAL_COUNT)


@strawberry.type(description="A source in a list.")
class SourceEdge:
    """Describes `Edge` of a source."""

    cursor: str = attribute(_CURSOR)
    node: Source = attribute("The source.", cost=FETCHED)


@strawberry.type(description="A page of a list of sources.")
class SourceConnection:
    """Describes `Connection` of sources."""

    edges: list[SourceEdge] = attribute(_EDGES)
    nodes: list[Source] = attribute(_NODES, path="page.nodes", cost=FETCHED)
    page_info: PageInfo = attribute(_PAGE_INFO, path="page")
    total_count: int = resolved(_total_count, _TOTAL_COUNT)

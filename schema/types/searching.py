"""What search finds."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

import strawberry

from schema.context import Info
from schema.fields import attribute, resolved
from schema.lengths import about
from schema.types.answers import Answer
from schema.types.disclaimers import Disclaimer
from schema.types.lists import PageInfo
from schema.types.sections import Section
from schema.types.text import RichText
from schema.types.topics import Topic
from schema.weights import FETCHED
from server.content import answer as domain
from server.content import published
from server.content.pages import Page
from server.content.parts import section_at
from server.search.results import Facet, Hit, SearchPage
from server.search.snippets import snippet


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A stretch of an answer that matched."""

    answer: domain.Answer
    section_anchor: str | None
    content: published.RichText


def _snippet(parent: strawberry.Parent[Hit]) -> Passage | None:
    found = snippet(parent.answer, parent.looked)
    if found is None:
        return None
    content = published.RichText(spans=found.spans)
    return Passage(answer=parent.answer, section_anchor=found.section_anchor, content=content)


def _disclaimers(parent: strawberry.Parent[Hit], info: Info) -> Sequence[domain.Disclaimer]:
    info.context.note_served(parent.answer)
    return parent.answer.caveats.disclaimers


def _section(parent: strawberry.Parent[Passage]) -> published.Section | None:
    return None if parent.section_anchor is None else section_at(parent.answer, parent.section_anchor)


def _nodes(parent: strawberry.Parent[SearchPage]) -> Sequence[domain.Answer]:
    return [hit.answer for hit in parent.hits]


def _topic_facets(parent: strawberry.Parent[SearchPage]) -> Awaitable[Sequence[Facet]]:
    return parent.facets()


def _page_info(parent: strawberry.Parent[SearchPage]) -> Page[Hit]:
    cursors = [hit.cursor for hit in parent.hits]
    return Page(nodes=parent.hits, cursors=cursors, has_next=parent.has_next, has_previous=parent.has_previous)


@strawberry.type(description="The passage of an answer that matches best.")
class Snippet:
    """Describes `Passage`."""

    section: Section | None = resolved(
        _section, "The section that it stands in; null where the question or the title matched."
    )
    content: RichText = attribute("The passage. Spans that matched are STRONG.")


@strawberry.type(description="An answer that was found.")
class AnswerSearchEdge:
    """Describes `results.Hit`."""

    cursor: str = attribute("Its place in this result: pass it as `after`.")
    node: Answer = attribute("The answer.", path="answer", cost=FETCHED)
    score: float = attribute("Higher is better; comparable within one result only.")
    snippet: Snippet | None = resolved(
        _snippet, "The best passage; null where none stands out.", requires_disclaimer=True
    )
    disclaimers: list[Disclaimer] = resolved(
        _disclaimers, "Those of its answer, in the order to show them.", length=about(4)
    )


@strawberry.type(description="How many of the answers found are on a topic.")
class TopicFacet:
    """Describes `results.Facet`."""

    topic: Topic = attribute("The topic.")
    count: int = attribute("How many of all that were found, on every page, are on it.")


@strawberry.type(description="A page of what search found, best match first.")
class AnswerSearchConnection:
    """Describes `results.SearchPage`."""

    edges: list[AnswerSearchEdge] = attribute("What was found, with score and passage.", path="hits")
    nodes: list[Answer] = resolved(_nodes, "The answers found, without score and passage.", cost=FETCHED)
    page_info: PageInfo = resolved(_page_info, "Where the page lies in the result.")
    total_count: int = attribute("How many answers were found, all pages together.", path="total")
    topic_facets: list[TopicFacet] = resolved(
        _topic_facets,
        "The topics of all that were found, the most frequent first.",
        is_weighed=False,
        length=about(10),
    )
    corrected_query: str | None = attribute(
        "The query that was searched with misspelt words put right; null where the query was searched as it was typed."
    )

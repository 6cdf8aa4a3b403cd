"""What search is asked and what it finds: checked values, free of GraphQL and of SQL."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from server.content.answer import Answer, Topic
from server.content.filters import AnswerFilter
from server.content.published import Span


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchRequest:
    """A reader's question, and the page of its result that is wanted."""

    query: str
    locale: str | None = None
    """The one locale searched; None for the audience's default, else English."""
    filter: AnswerFilter
    first: int
    after: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SuggestRequest:
    """What a reader has typed so far, and how many completions are wanted."""

    prefix: str
    locale: str | None = None
    """None for the audience's default, else English."""
    first: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Snippet:
    """The passage of an answer that matches best; spans that matched are STRONG."""

    section_anchor: str | None
    """The section that it stands in; None where question, title or topics matched."""
    spans: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """What was looked for, as far as a snippet has to know it."""

    spoken: str
    weights: Mapping[str, float]
    """What each term is worth."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """An answer that was found."""

    cursor: str
    answer: Answer
    score: float
    looked: Looked


@dataclass(frozen=True, kw_only=True, slots=True)
class Facet:
    """How many of all that were found are on a topic."""

    topic: Topic
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchPage:
    """A page of what was found, best match first."""

    hits: tuple[Hit, ...]
    has_next: bool
    has_previous: bool
    total: int
    facets: Callable[[], Awaitable[tuple[Facet, ...]]]
    """Counts the topics of all that was found, where they are asked for: the most frequent first."""
    corrected_query: str | None = None
    is_lasting: bool = True
    """Whether it is the same until the index is of a newer state, or an answer in it is."""

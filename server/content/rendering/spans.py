"""Inline text as the renderers see it: the spans of a draft, of a published revision, or made on the way."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from server.content.vocabulary import Mark


class Inline(Protocol):
    """A stretch of text of one formatting: a draft's span, a published one, or a `Run`."""

    @property
    def text(self) -> str:
        """The text as its author wrote it."""

    @property
    def marks(self) -> tuple[Mark, ...]:
        """How it is set off from the text around it."""

    @property
    def url(self) -> str | None:
        """What it links to."""

    @property
    def citation(self) -> object | None:
        """The source that it leans on."""


class Rich(Protocol):
    """Inline text in one piece, as a published block holds it."""

    @property
    def spans(self) -> Sequence[Inline]:
        """The stretches, in order."""

    @property
    def text(self) -> str:
        """The stretches, joined."""


class ListItem(Protocol):
    """An item of a list, with what is nested in it."""

    @property
    def lead(self) -> Rich | None:
        """The term that opens it, without the colon after it."""

    @property
    def content(self) -> Rich:
        """The rest."""

    @property
    def items(self) -> Sequence["ListItem"]:
        """What is nested in it."""


class Run(NamedTuple):
    """A stretch of text that a renderer adds or changes."""

    text: str
    marks: tuple[Mark, ...] = ()
    url: str | None = None
    citation: object | None = None


def strong(text: str) -> list[Inline]:
    """Text that is strong all through."""
    return [Run(text, (Mark.STRONG,))]


def item_spans(item: ListItem) -> Sequence[Inline]:
    """An item's own text in one line: the lead strong, with its colon, before the rest."""
    if item.lead is None:
        return item.content.spans
    lead: list[Inline] = [_strengthened(span) for span in item.lead.spans]
    last = lead[-1] if lead else None
    if last is not None and last.marks == (Mark.STRONG,) and last.url is None and last.citation is None:
        lead[-1] = Run(last.text + ":", last.marks)
    else:
        lead.append(Run(":", (Mark.STRONG,)))
    if item.content.spans:
        lead.append(Run(" "))
    return [*lead, *item.content.spans]


def _strengthened(span: Inline) -> Run:
    marks = span.marks if Mark.STRONG in span.marks else (Mark.STRONG, *span.marks)
    return Run(span.text, marks, span.url, span.citation)

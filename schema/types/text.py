"""Inline text, the citations in it, and content in one piece."""

from collections.abc import Awaitable
from uuid import UUID

import strawberry

from schema.context import Info
from schema.fields import attribute, resolved
from schema.lengths import about
from schema.scalars import WebURL
from schema.types.sources import Source
from schema.weights import LONG, SHORT
from server.content import published
from server.content.answer import Source as CitedSource
from server.content.rendering import html, markdown
from server.content.vocabulary import Mark


def _source(parent: strawberry.Parent[published.Citation], info: Info) -> Awaitable[CitedSource | None]:
    return info.context.sources.load(UUID(parent.source_id))


def _html(parent: strawberry.Parent[published.RichText]) -> str:
    return html.inline(parent.spans)


def _markdown(parent: strawberry.Parent[published.RichText]) -> str:
    return markdown.line(parent.spans)


@strawberry.type(description="A place in the text of an answer that leans on a source.")
class Citation:
    """Describes `published.Citation`."""

    number: int = attribute("1-based in order of appearance in the answer: the [1] that a client prints.")
    source: Source = resolved(_source, "What is cited, with what has become of it.")
    locator: str | None = attribute("Page, chapter or section of the source; null where the text names none.")


@strawberry.type(description="A stretch of inline text of one formatting.")
class Span:
    """Describes `published.Span`."""

    text: str = attribute("The text itself, never empty, without line breaks and without marks of any markup.")
    marks: list[Mark] = attribute("How it is set off; empty for plain text.")
    url: WebURL | None = attribute("What the stretch links to; null where it is no link.")
    citation: Citation | None = attribute("The citation that the stretch names; null where it names none.")


@strawberry.type(description="Inline text. `spans` joined give `text`.")
class RichText:
    """Describes `published.RichText`."""

    text: str = attribute("Plain text, as its author wrote it.")
    html: str = resolved(
        _html, "Inline HTML without a block around it: escaped, without styles, scripts, ids or classes.", cost=SHORT
    )
    markdown: str = resolved(_markdown, "Inline CommonMark, one line.", cost=SHORT)
    spans: list[Span] = attribute("For native apps that lay text out themselves.", length=about(3))


@strawberry.type(description="Content in one piece, in three forms that say the same.")
class Body:
    """Describes `published.Body`."""

    id: strawberry.ID = attribute(
        "Changes whenever the content does, so that client caches merge no old text into new."
    )
    html: str = attribute(
        "Sanitised, semantic HTML without styles, scripts, ids or classes; empty when retracted.", cost=LONG
    )
    markdown: str = attribute("CommonMark, with the tables of GFM; empty when retracted.", cost=LONG)
    text: str = attribute("Plain text: blocks parted by an empty line; empty when retracted.", cost=LONG)

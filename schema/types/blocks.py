"""The blocks that sections and steps are made of."""

import strawberry

from schema.fields import Describes, attribute, resolved
from schema.lengths import about
from schema.types.questions import FollowUpQuestion
from schema.types.text import RichText
from schema.weights import SHORT
from server.content import published
from server.content.rendering import html, text
from server.content.vocabulary import CalloutTone

_HTML = "Sanitised, semantic HTML without styles, scripts, ids or classes."
_MARKDOWN = "CommonMark, with the tables of GFM."
_TEXT = "Plain text; items and rows on lines of their own."


@strawberry.interface(
    description="A block of content. New types of block may be added: render `html` or `text` of one that you don't "
    "know."
)
class Block:
    """Describes `published.Rendered`."""

    id: strawberry.ID = attribute("Changes whenever the content does.")
    position: int = attribute("0-based within its section or step.")
    html: str = attribute(_HTML)
    markdown: str = attribute(_MARKDOWN)
    text: str = attribute(_TEXT)


@strawberry.type
class _Weighed(Block):
    """What every type of block begins with: its forms cost something, and a field of an interface can't say so."""

    html: str = attribute(_HTML, cost=SHORT)
    markdown: str = attribute(_MARKDOWN, cost=SHORT)
    text: str = attribute(_TEXT, cost=SHORT)


@strawberry.type(description="A paragraph.")
class ParagraphBlock(_Weighed):
    """Describes `published.Paragraph`."""

    is_type_of = Describes(published.Paragraph)

    content: RichText = attribute("Its text.")


def _item_html(parent: strawberry.Parent[published.Item]) -> str:
    return html.item(parent)


def _item_text(parent: strawberry.Parent[published.Item]) -> str:
    return text.item(parent)


@strawberry.type(description="An item of a list. Lists nest at most 3 levels deep.")
class ListItem:
    """Describes `published.Item`."""

    lead: RichText | None = attribute(
        "The term that opens the item (`Precision targeting`), without the colon after it; null where none does."
    )
    content: RichText = attribute("The rest of the item, without lead and colon.")
    html: str = resolved(
        _item_html, "The whole item with its lead and what is nested in it, without `li` around it.", cost=SHORT
    )
    text: str = resolved(
        _item_text, "The whole item as plain text, with its lead and what is nested in it.", cost=SHORT
    )
    items: list["ListItem"] = attribute("What is nested in it, in reading order; empty most often.", length=about(1))


@strawberry.type(description="A list.")
class ListBlock(_Weighed):
    """Describes `published.List`."""

    is_type_of = Describes(published.List)

    ordered: bool = attribute("Whether the order matters: numbers rather than bullets.")
    items: list[ListItem] = attribute("Its items, in reading order.", length=about(4))


@strawberry.type(description="One step of a process.")
class Step:
    """Describes `published.Step`."""

    number: int = attribute('1-based; the client writes "Step 1" in its own language.')
    title: str | None = attribute(
        "As the page has it, but for capitals throughout, which become a capital at the start; null where it has none."
    )
    blocks: list[Block] = attribute("What the step says, in reading order. Never StepsBlock.", length=about(2))


@strawberry.type(description="A process told step by step.")
class StepsBlock(_Weighed):
    """Describes `published.Steps`."""

    is_type_of = Describes(published.Steps)

    steps: list[Step] = attribute("The steps, in order.", length=about(4))


@strawberry.type(description="A cell of a table.")
class TableCell:
    """Describes `published.Cell`."""

    content: RichText = attribute("Its text; empty for an empty cell.")
    is_header: bool = attribute("Whether it names its row or column.")


@strawberry.type(description="A row of a table.")
class TableRow:
    """Describes `published.Row`."""

    cells: list[TableCell] = attribute("One cell for each column.", length=about(3))


@strawberry.type(description="A table; every row has a cell for each column.")
class TableBlock(_Weighed):
    """Describes `published.Table`."""

    is_type_of = Describes(published.Table)

    caption: str | None = attribute("What the table shows; null where the page does not say.")
    columns: list[TableCell] = attribute("The cells that head the columns.", length=about(3))
    rows: list[TableRow] = attribute("The rows below them, in order.", length=about(4))


@strawberry.type(description="A passage set off from the text.")
class CalloutBlock(_Weighed):
    """Describes `published.Callout`."""

    is_type_of = Describes(published.Callout)

    tone: CalloutTone = attribute("How urgent it is.")
    title: str | None = attribute("Its title; null where it has none.")
    content: RichText = attribute("Its text.")


@strawberry.type(description="A list of follow-up questions where the page has it.")
class QuestionListBlock(_Weighed):
    """Describes `published.Questions`."""

    is_type_of = Describes(published.Questions)

    questions: list[FollowUpQuestion] = attribute("The questions, in order.", length=about(4))


BLOCKS = (ParagraphBlock, ListBlock, StepsBlock, TableBlock, CalloutBlock, QuestionListBlock)
"""Every type of block: the schema names them, for nothing else refers to them."""

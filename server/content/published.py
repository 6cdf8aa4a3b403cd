"""The published form of a revision: frozen, decoded from its row in one go, with nothing in it that can change.

Whatever can change without a new revision (status of sources, disclaimers, review, topics, the answers to follow-up
questions) is named here by id only and joined at read. Blocks hold their renderings, which are made once; bodies are
these in one piece, put together when they are asked for, and parts of blocks are rendered on demand by `rendering`.
"""

from __future__ import annotations

import datetime
from itertools import chain
from typing import TypeAlias

import msgspec

from server.content.draft import CallToAction, Contributor
from server.content.rendering import html, markdown, text
from server.content.vocabulary import CalloutTone, Mark, ProductionMethod, QuestionAudience


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A frozen value that a later version may add fields to."""


class Citation(Value, frozen=True, kw_only=True):
    """A place in the answer that leans on a source, numbered from 1 in order of appearance."""

    number: int
    source_id: str
    """UUID of the source, in hex with dashes."""
    locator: str | None = None
    section_id: str | None = None
    """Global id of the section that it stands in."""


class Span(Value, frozen=True, kw_only=True):
    """A stretch of inline text; spans joined give the text."""

    text: str
    marks: tuple[Mark, ...] = ()
    url: str | None = None
    citation: Citation | None = None


class RichText(Value, frozen=True, kw_only=True):
    """Inline text."""

    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The spans, joined."""
        return "".join([span.text for span in self.spans])


class FollowUpQuestion(Value, frozen=True, kw_only=True):
    """A question that a reader asks next."""

    id: str
    """Global id; stays with the question across revisions."""
    number: int
    text: str
    audience: QuestionAudience
    locale: str
    answer_slug: str | None = None


class Rendered(Value, frozen=True, kw_only=True):
    """What all blocks share: an id of the content, the place within section or step, and three renderings."""

    id: str
    position: int
    html: str
    markdown: str
    text: str


class Paragraph(Rendered, frozen=True, kw_only=True, tag="paragraph", tag_field="kind"):
    """A paragraph."""

    content: RichText


class Item(Value, frozen=True, kw_only=True):
    """One item of a list."""

    lead: RichText | None = None
    content: RichText
    items: tuple[Item, ...] = ()


class List(Rendered, frozen=True, kw_only=True, tag="list", tag_field="kind"):
    """A list."""

    ordered: bool
    items: tuple[Item, ...]


class Step(Value, frozen=True, kw_only=True):
    """One step of a process."""

    number: int
    title: str | None = None
    blocks: tuple[StepBlock, ...] = ()


class Steps(Rendered, frozen=True, kw_only=True, tag="steps", tag_field="kind"):
    """A process told step by step."""

    steps: tuple[Step, ...]


class Cell(Value, frozen=True, kw_only=True):
    """A cell of a table."""

    content: RichText
    is_header: bool = False


class Row(Value, frozen=True, kw_only=True):
    """A row of a table."""

    cells: tuple[Cell, ...]


class Table(Rendered, frozen=True, kw_only=True, tag="table", tag_field="kind"):
    """A table."""

    caption: str | None = None
    columns: tuple[Cell, ...]
    rows: tuple[Row, ...]


class Callout(Rendered, frozen=True, kw_only=True, tag="callout", tag_field="kind"):
    """A passage set off from the text."""

    tone: CalloutTone
    title: str | None = None
    content: RichText


class Questions(Rendered, frozen=True, kw_only=True, tag="questions", tag_field="kind"):
    """A list of follow-up questions that stands in the content."""

    questions: tuple[FollowUpQuestion, ...]


StepBlock: TypeAlias = Paragraph | List | Table | Callout | Questions
Block: TypeAlias = StepBlock | Steps


class Heading(msgspec.Struct, frozen=True, gc=False):
    """The heading of a section among the pieces of a body."""

    text: str
    level: int

    @property
    def html(self) -> str:
        """`h2` for level 1."""
        return html.heading(self.text, self.level)

    @property
    def markdown(self) -> str:
        """`##` for level 1."""
        return markdown.heading(self.text, self.level)


class Body(msgspec.Struct, frozen=True, gc=False):
    """Content in one piece, in three forms that say the same; the id changes whenever they do.

    It is of when they were published: so whatever `join` and `heading` of a form write, they write for good.
    """

    id: str
    pieces: tuple[Block | Heading, ...] = ()

    @property
    def html(self) -> str:
        """As HTML."""
        pieces = self.pieces
        return pieces[0].html if len(pieces) == 1 else html.join([piece.html for piece in pieces])

    @property
    def markdown(self) -> str:
        """As CommonMark."""
        return markdown.join([piece.markdown for piece in self.pieces])

    @property
    def text(self) -> str:
        """As plain text."""
        return text.join([piece.text for piece in self.pieces])


class FormerBody(Value, frozen=True, kw_only=True):
    """What rows of former versions keep of a body: its three forms beside the id, which are left unread."""

    id: str


BodyName: TypeAlias = str | FormerBody
"""What is kept of a body, its id. A former version that met one would fail, and not take the body for an empty one."""


def _id(named: BodyName) -> str:
    return named if isinstance(named, str) else named.id


class Section(Value, frozen=True, kw_only=True):
    """A headed part of an answer."""

    id: str
    answer_id: str
    """UUID of the answer, in hex with dashes."""
    anchor: str
    heading: str | None = None
    level: int = 1
    position: int
    blocks: tuple[Block, ...] = ()
    named: BodyName = msgspec.field(name="body")
    citations: tuple[Citation, ...] = ()

    @property
    def body(self) -> Body:
        """Its blocks in one piece, without its heading."""
        return Body(_id(self.named), self.blocks)


class Provenance(Value, frozen=True, kw_only=True):
    """How the content was made."""

    method: ProductionMethod
    generator: str | None = None
    grounded_in: tuple[str, ...] = ()
    """UUIDs of sources."""
    human_reviewed: bool = False
    editor: Contributor | None = None


class Readability(Value, frozen=True, kw_only=True):
    """How long and how hard to read the content is."""

    word_count: int
    minutes: int
    grade_level: float | None = None


class Published(Value, frozen=True, kw_only=True):
    """The whole published form of one revision of an answer."""

    title: str
    author: Contributor
    published_on: datetime.date
    provenance: Provenance
    summary: RichText | None = None
    sections: tuple[Section, ...] = ()
    named: BodyName = msgspec.field(name="body")
    follow_up_questions: tuple[FollowUpQuestion, ...] = ()
    source_ids: tuple[str, ...] = ()
    """UUIDs of the cited sources, each once, in order of first citation."""
    citations: tuple[Citation, ...] = ()
    calls_to_action: tuple[CallToAction, ...] = ()
    readability: Readability

    @property
    def body(self) -> Body:
        """The sections in one piece, headings included."""
        return Body(_id(self.named), pieces(self.sections))


def pieces(sections: tuple[Section, ...]) -> tuple[Block | Heading, ...]:
    """The headings and blocks of sections, in reading order."""
    return tuple(chain.from_iterable([(*_heading(section), *section.blocks) for section in sections]))


def _heading(section: Section) -> tuple[Heading, ...]:
    return () if section.heading is None else (Heading(section.heading, section.level),)


def encode(published: Published) -> bytes:
    """The published form as JSON."""
    return msgspec.json.encode(published)


_decoder = msgspec.json.Decoder(Published)


def decode(data: bytes | str) -> Published:
    """The published form that `encode` wrote."""
    return _decoder.decode(data)

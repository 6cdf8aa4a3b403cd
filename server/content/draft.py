"""Content on its way in: the one shape that every importer yields and that publishing takes.

Text stands as its author wrote it; marks of layout (bullets, numbers, `STEP 1:`, the colon after a lead) are gone,
for the structure says them. Importers are pure functions from bytes to drafts.
"""

from __future__ import annotations

import datetime
from typing import TypeAlias

import msgspec

from server.content.vocabulary import (
    CalloutTone,
    CodeSystem,
    ContributorKind,
    DisclaimerKind,
    DisclaimerPlacement,
    Mark,
    ProductionMethod,
    QuestionAudience,
    SourceKind,
)


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A frozen value, compared by its parts.

    Defaults are written out: msgspec would leave them out by identity, and equal values would differ as JSON.
    """


class Cite(Value, frozen=True, kw_only=True):
    """The place in the text that leans on a source: the span that bears it names the source."""

    source: str
    """The `key` of one of the draft's sources."""
    locator: str | None = None


class Span(Value, frozen=True, kw_only=True):
    """A stretch of inline text of one formatting; spans joined give the text. Never empty, never with a line break."""

    text: str
    marks: tuple[Mark, ...] = ()
    url: str | None = None
    citation: Cite | None = None


Spans: TypeAlias = tuple[Span, ...]


class Paragraph(Value, frozen=True, kw_only=True, tag="paragraph", tag_field="kind"):
    """A paragraph."""

    content: Spans


class Item(Value, frozen=True, kw_only=True):
    """One item of a list; `lead` is the term that opens it, without the colon after it."""

    lead: Spans | None = None
    content: Spans
    items: tuple[Item, ...] = ()


class List(Value, frozen=True, kw_only=True, tag="list", tag_field="kind"):
    """A list; items nest at most three levels deep, this one included."""

    ordered: bool = False
    items: tuple[Item, ...]


class Step(Value, frozen=True, kw_only=True):
    """One step of a process; its number is its place."""

    title: str | None = None
    blocks: tuple[StepBlock, ...] = ()


class Steps(Value, frozen=True, kw_only=True, tag="steps", tag_field="kind"):
    """A process told step by step."""

    steps: tuple[Step, ...]


class Cell(Value, frozen=True, kw_only=True):
    """A cell of a table."""

    content: Spans
    is_header: bool = False


class Table(Value, frozen=True, kw_only=True, tag="table", tag_field="kind"):
    """A table; every row has a cell for each column."""

    caption: str | None = None
    columns: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Callout(Value, frozen=True, kw_only=True, tag="callout", tag_field="kind"):
    """A passage set off from the text."""

    tone: CalloutTone
    title: str | None = None
    content: Spans


class Question(Value, frozen=True, kw_only=True):
    """A question that a reader asks next; `answer` is the slug of the answer to it, where the author names one."""

    text: str
    audience: QuestionAudience = QuestionAudience.CARE_TEAM
    answer: str | None = None


class Questions(Value, frozen=True, kw_only=True, tag="questions", tag_field="kind"):
    """A list of follow-up questions that stands in the content."""

    questions: tuple[Question, ...]


StepBlock: TypeAlias = Paragraph | List | Table | Callout | Questions
Block: TypeAlias = StepBlock | Steps


class Section(Value, frozen=True, kw_only=True):
    """A headed part; the opening part may have no heading. `level` 1 is a top-level section, 5 the deepest."""

    heading: str | None = None
    level: int = 1
    blocks: tuple[Block, ...] = ()


class Contributor(Value, frozen=True, kw_only=True):
    """An author, editor or reviewer."""

    name: str
    kind: ContributorKind
    url: str | None = None


class Source(Value, frozen=True, kw_only=True):
    """A publication that the content leans on; `key` names it within this draft only."""

    key: str
    kind: SourceKind = SourceKind.OTHER
    title: str
    publisher: str | None = None
    edition: str | None = None
    published_on: datetime.date | None = None
    url: str | None = None
    doi: str | None = None
    attribution: str | None = None
    license: str | None = None
    superseded_by: str | None = None
    """The key of its newer edition, which need not be cited. Without it, what is known of the source stays."""
    is_withdrawn: bool = False


class Code(Value, frozen=True, kw_only=True):
    """A medical code."""

    system: CodeSystem
    code: str
    display: str | None = None


class Topic(Value, frozen=True, kw_only=True):
    """What the answer is about. A known topic is found by `slug`, else by `name` in the draft's locale."""

    name: str
    slug: str | None = None
    synonyms: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()
    parent: str | None = None
    """The slug of a topic that is there already or stands in the same draft."""


class Notice(Value, frozen=True, kw_only=True):
    """A disclaimer that the page itself bears, in its own words."""

    kind: DisclaimerKind
    placement: DisclaimerPlacement
    heading: str | None = None
    text: str


class Provenance(Value, frozen=True, kw_only=True):
    """How the content was made; `grounded_in` holds keys of sources."""

    method: ProductionMethod
    generator: str | None = None
    grounded_in: tuple[str, ...] = ()
    human_reviewed: bool = False
    editor: Contributor | None = None


class Review(Value, frozen=True, kw_only=True):
    """The latest medical review."""

    reviewed_on: datetime.date
    reviewer: Contributor
    next_review_on: datetime.date | None = None


class Retraction(Value, frozen=True, kw_only=True):
    """A withdrawal that the author's file states; `replacement` is a slug in the same locale, else in any."""

    reason: str
    replacement: str | None = None


class CallToAction(Value, frozen=True, kw_only=True):
    """What the reader is invited to do after reading."""

    heading: str | None = None
    text: str
    label: str | None = None
    url: str | None = None


class Cover(Value, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """All of a draft but its content: what tells which answer it is, and what is compared, counted and filtered."""

    locale: str = "en"
    """A BCP 47 tag in canonical form."""
    slug: str
    external_id: str | None = None
    translation_of: str | None = None
    """The slug of any other member of its set of translations; the same slug in another locale needs no telling."""
    question: str
    topics: tuple[Topic, ...] = ()
    published_on: datetime.date
    provenance: Provenance
    review: Review | None = None
    notices: tuple[Notice, ...] = ()
    sources: tuple[Source, ...] = ()
    retraction: Retraction | None = None


class Draft(Cover, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer as its author wrote it, in one locale."""

    title: str
    author: Contributor
    sections: tuple[Section, ...] = ()
    questions: tuple[Question, ...] = ()
    """Follow-up questions besides those that stand in the content; those come first, in reading order."""
    calls_to_action: tuple[CallToAction, ...] = ()

"""The sections and blocks of a draft on their way to the published form: one reading from the first to the last.

A reading numbers citations and questions as it comes to them, so a draft is read once, in order.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from server.content import draft as drafts
from server.content import published
from server.content.ids import NodeKind, content_id, encode_id
from server.content.publication.anchors import anchors
from server.content.published import RichText
from server.content.rendering import html, markdown, text


class Forms(NamedTuple):
    """The renderings of one block."""

    html: str
    markdown: str
    text: str


class Reading:
    """One pass over a draft; what it has numbered so far is in `citations` and `questions`."""

    def __init__(
        self,
        draft: drafts.Draft,
        *,
        answer_id: UUID,
        source_ids: Mapping[str, UUID],
        question_keys: Sequence[str],
    ) -> None:
        self.citations: list[published.Citation] = []
        self.questions: list[published.FollowUpQuestion] = []
        self._answer_id = answer_id
        self._answer = str(answer_id)
        self._locale = draft.locale
        self._source_ids = {key: str(uuid) for key, uuid in source_ids.items()}
        self._question_keys = question_keys
        self._anchors = iter(enumerate(anchors([section.heading for section in draft.sections])))
        self._anchor = ""
        self._section_id = ""

    def section(self, section: drafts.Section) -> published.Section:
        """The next section."""
        position, self._anchor = next(self._anchors)
        self._section_id = encode_id(NodeKind.SECTION, self._answer_id, key=self._anchor)
        cited_before = len(self.citations)
        blocks = tuple([self._block(block, place, path=str(place)) for place, block in enumerate(section.blocks)])
        return published.Section(
            id=self._section_id,
            answer_id=self._answer,
            anchor=self._anchor,
            heading=section.heading,
            level=section.level,
            position=position,
            blocks=blocks,
            named=self._named(blocks),
            citations=tuple(self.citations[cited_before:]),
        )

    def question(self, question: drafts.Question) -> published.FollowUpQuestion:
        """The next question."""
        place = len(self.questions)
        found = published.FollowUpQuestion(
            id=encode_id(NodeKind.QUESTION, self._answer_id, key=self._question_keys[place]),
            number=place + 1,
            text=question.text,
            audience=question.audience,
            locale=self._locale,
            answer_slug=question.answer,
        )
        self.questions.append(found)
        return found

    def _named(self, blocks: Sequence[published.Block]) -> str:
        return content_id(self._answer, self._anchor, "body", *[block.id for block in blocks])

    def _block(self, block: drafts.Block, position: int, *, path: str) -> published.Block:
        if isinstance(block, drafts.Steps):
            return self._steps(block, position, path=path)
        return self._step_block(block, position, path=path)

    def _step_block(self, block: drafts.StepBlock, position: int, *, path: str) -> published.StepBlock:
        match block:
            case drafts.Paragraph():
                return self._paragraph(block, position, path=path)
            case drafts.List():
                return self._list(block, position, path=path)
            case drafts.Table():
                return self._table(block, position, path=path)
            case drafts.Callout():
                return self._callout(block, position, path=path)
            case drafts.Questions():
                return self._question_list(block, position, path=path)

    def _paragraph(self, block: drafts.Paragraph, position: int, *, path: str) -> published.Paragraph:
        content = self._rich(block.content)
        forms = Forms(html.paragraph(content.spans), markdown.line(content.spans), content.text)
        return published.Paragraph(
            id=self._id(path, forms, parts=content), position=position, **forms._asdict(), content=content
        )

    def _list(self, block: drafts.List, position: int, *, path: str) -> published.List:
        items = self._items(block.items)
        forms = Forms(
            html.items(items, ordered=block.ordered), markdown.items(items, ordered=block.ordered), text.items(items)
        )
        return published.List(
            id=self._id(path, forms, parts=items),
            position=position,
            **forms._asdict(),
            ordered=block.ordered,
            items=items,
        )

    def _steps(self, block: drafts.Steps, position: int, *, path: str) -> published.Steps:
        steps = tuple([self._step(step, number, path=f"{path}.{number}") for number, step in enumerate(block.steps, 1)])
        forms = Forms(
            html.steps([(step.title, [each.html for each in step.blocks]) for step in steps]),
            markdown.steps([(step.title, [each.markdown for each in step.blocks]) for step in steps]),
            text.steps([(step.title, [each.text for each in step.blocks]) for step in steps]),
        )
        parts = [(step.title, [each.id for each in step.blocks]) for step in steps]
        return published.Steps(id=self._id(path, forms, parts=parts), position=position, **forms._asdict(), steps=steps)

    def _step(self, step: drafts.Step, number: int, *, path: str) -> published.Step:
        blocks = [self._step_block(block, place, path=f"{path}.{place}") for place, block in enumerate(step.blocks)]
        return published.Step(number=number, title=step.title, blocks=tuple(blocks))

    def _table(self, block: drafts.Table, position: int, *, path: str) -> published.Table:
        columns = self._cells(block.columns)
        rows = tuple([published.Row(cells=self._cells(row)) for row in block.rows])
        heads = [cell.content.spans for cell in columns]
        cells = [[(cell.content.spans, cell.is_header) for cell in row.cells] for row in rows]
        forms = Forms(
            *[
                form.table(block.caption, heads, rows=[form.row(row) for row in cells])
                for form in (html, markdown, text)
            ]
        )
        return published.Table(
            id=self._id(path, forms, parts=(columns, rows)),
            position=position,
            **forms._asdict(),
            caption=block.caption,
            columns=columns,
            rows=rows,
        )

    def _callout(self, block: drafts.Callout, position: int, *, path: str) -> published.Callout:
        content = self._rich(block.content)
        forms = Forms(*[form.callout(block.title, content.spans) for form in (html, markdown, text)])
        return published.Callout(
            id=self._id(path, forms, parts=(block.tone, content)),
            position=position,
            **forms._asdict(),
            tone=block.tone,
            title=block.title,
            content=content,
        )

    def _question_list(self, block: drafts.Questions, position: int, *, path: str) -> published.Questions:
        questions = tuple([self.question(question) for question in block.questions])
        texts = [question.text for question in questions]
        forms = Forms(html.questions(texts), markdown.questions(texts), text.questions(texts))
        return published.Questions(
            id=self._id(path, forms, parts=questions), position=position, **forms._asdict(), questions=questions
        )

    def _items(self, items: Sequence[drafts.Item]) -> tuple[published.Item, ...]:
        return tuple([self._item(item) for item in items])

    def _item(self, item: drafts.Item) -> published.Item:
        return published.Item(
            lead=None if item.lead is None else self._rich(item.lead),
            content=self._rich(item.content),
            items=self._items(item.items) if item.items else (),
        )

    def _cells(self, cells: Sequence[drafts.Cell]) -> tuple[published.Cell, ...]:
        return tuple([published.Cell(content=self._rich(cell.content), is_header=cell.is_header) for cell in cells])

    def _rich(self, spans: drafts.Spans) -> RichText:
        """Neighbours that lean on the same place of the same source are one citation, however they are formatted."""
        found: list[published.Span] = []
        cite, citation = None, None
        for span in spans:
            if span.citation != cite:
                cite = span.citation
                citation = None if cite is None else self._citation(cite)
            found.append(published.Span(text=span.text, marks=span.marks, url=span.url, citation=citation))
        return RichText(spans=tuple(found))

    def _citation(self, cite: drafts.Cite) -> published.Citation:
        citation = published.Citation(
            number=len(self.citations) + 1,
            source_id=self._source_ids[cite.source],
            locator=cite.locator,
            section_id=self._section_id,
        )
        self.citations.append(citation)
        return citation

    def _id(self, path: str, forms: Forms, *, parts: object) -> str:
        """Of what a block says and how it is said, so that neither is ever kept under the id of another."""
        return content_id(self._answer, self._anchor, path, *forms, msgspec.json.encode(parts).decode())

"""What a draft holds, in the form in which an author checks it: plain text, no ids, no keys."""

from collections.abc import Iterator, Sequence
from typing import Any

from server.content.draft import (
    Block,
    Callout,
    CallToAction,
    Cell,
    Draft,
    Item,
    List,
    Notice,
    Paragraph,
    Question,
    Questions,
    Section,
    Source,
    Spans,
    Step,
    Steps,
    Table,
)
from server.content.walk import block_texts
from server.importers.page.authors import UNNAMED, UNNAMED_AI

Outline = dict[str, Any]


def outline(draft: Draft) -> Outline:
    """The outline of a draft, fit for JSON; what the author did not name is None, what is rare is left out."""
    titles = {source.key: source.title for source in draft.sources}
    is_named = draft.author not in (UNNAMED, UNNAMED_AI)
    return {
        "slug": draft.slug,
        "question": draft.question,
        "title": draft.title,
        "topic": draft.topics[0].name if draft.topics else None,
        "publishedOn": draft.published_on.isoformat(),
        "author": {"name": draft.author.name, "kind": draft.author.kind.value} if is_named else None,
        "provenance": _provenance(draft, titles),
        "disclaimers": [_notice(notice) for notice in draft.notices],
        "sections": [_section(section) for section in draft.sections],
        "followUpQuestions": [{"text": each.text, "audience": each.audience.value} for each in _questions(draft)],
        "sources": [_source(source) for source in draft.sources],
        "citations": _citations(draft, titles),
        "callsToAction": [_call(call) for call in draft.calls_to_action],
    }


def _given(**parts: str | None) -> Outline:
    return {name: part for name, part in parts.items() if part is not None}


def _provenance(draft: Draft, titles: dict[str, str]) -> Outline:
    grounds = [titles[key] for key in draft.provenance.grounded_in]
    return {
        "method": draft.provenance.method.value,
        "generator": draft.provenance.generator,
        "groundedIn": "the sources below" if grounds and grounds == list(titles.values()) else grounds,
        "humanReviewed": draft.provenance.human_reviewed,
    }


def _notice(notice: Notice) -> Outline:
    head = {"kind": notice.kind.value, "placement": notice.placement.value}
    return {**head, **_given(heading=notice.heading), "text": notice.text}


def _section(section: Section) -> Outline:
    depth = {} if section.level == 1 else {"level": section.level}
    return {"heading": section.heading, **depth, "blocks": [_block(block) for block in section.blocks]}


def _block(block: Block) -> Outline:
    match block:
        case Paragraph():
            return {"kind": "paragraph", "text": _text(block.content)}
        case List():
            return {"kind": "list", "ordered": block.ordered, "items": [_item(item) for item in block.items]}
        case Steps():
            return {"kind": "steps", "steps": [_step(number, step) for number, step in enumerate(block.steps, 1)]}
        case Questions():
            return {"kind": "questions", "questions": [question.text for question in block.questions]}
        case Callout():
            return {"kind": "callout", "tone": block.tone.value, "title": block.title, "text": _text(block.content)}
        case Table():
            rows = [_cells(row) for row in block.rows]
            return {"kind": "table", "caption": block.caption, "columns": _cells(block.columns), "rows": rows}


def _cells(cells: Sequence[Cell]) -> list[str]:
    return [_text(cell.content) for cell in cells]


def _item(item: Item) -> Outline:
    inner = {"items": [_item(each) for each in item.items]} if item.items else {}
    return {"lead": None if item.lead is None else _text(item.lead), "text": _text(item.content), **inner}


def _step(number: int, step: Step) -> Outline:
    return {"number": number, "title": step.title, "blocks": [_block(block) for block in step.blocks]}


def _text(spans: Spans) -> str:
    return "".join([span.text for span in spans])


def _questions(draft: Draft) -> Iterator[Question]:
    """The follow-up questions: those that stand in the content, in reading order, then the others."""
    for section in draft.sections:
        for block in section.blocks:
            inner = [each for step in block.steps for each in step.blocks] if isinstance(block, Steps) else [block]
            yield from [question for each in inner if isinstance(each, Questions) for question in each.questions]
    yield from draft.questions


def _source(source: Source) -> Outline:
    details = _given(
        publisher=source.publisher,
        edition=source.edition,
        publishedOn=source.published_on.isoformat() if source.published_on else None,
        url=source.url,
        doi=source.doi,
    )
    return {"title": source.title, **details, "kind": source.kind.value}


def _citations(draft: Draft, titles: dict[str, str]) -> list[Outline]:
    places = [
        (titles[span.citation.source], section.heading)
        for section in draft.sections
        for block in section.blocks
        for spans in block_texts(block)
        for span in spans
        if span.citation is not None
    ]
    return [
        {"number": number, "source": title, "sectionHeading": heading}
        for number, (title, heading) in enumerate(places, 1)
    ]


def _call(call: CallToAction) -> Outline:
    return {**_given(heading=call.heading), "text": call.text, **_given(label=call.label, url=call.url)}

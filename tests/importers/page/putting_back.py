"""Puts a draft back together in page order, and strips a page of its marks of layout: the two must say the same."""

import re
from collections.abc import Iterator, Sequence
from itertools import product

from server.content.draft import Block, CallToAction, Draft, Item, List, Notice, Paragraph, Questions, Spans, Steps
from server.content.vocabulary import DisclaimerPlacement
from server.importers.page.authors import UNNAMED, UNNAMED_AI
from server.importers.page.header import read_header
from server.importers.page.lines import read_lines

_UNSEEN = "\ufeff\u200b\u200e\u200f\u00ad"
_LINE = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_RULE = re.compile(r"(?:[-_*=~─━–—·•]\s*){3,}")
_STEP = re.compile(r"(?:step|paso|étape|schritt|passo)\s+\d+\s*(?::|[-–—](?=\s)|\.(?=\s|$)|$)", re.IGNORECASE)
_BULLET = re.compile(r"[•◦▪‣●○■→✓]\s*|[-–*+·](?:\s+|$)|o\t")
_NUMBER = re.compile(r"(?:[(\[]\d{1,3}[)\]]\s*|\d{1,3}[.)]\s+|\(?[a-eivx]{1,3}[.)]\s+)(?=.)")


def bare(text: str) -> str:
    """The text without white space, invisible characters at the edges of lines, case, and colons."""
    return re.sub(rf"[\s:：{_UNSEEN}]+", "", text).casefold()


def page_text(page: str) -> str:
    """What the lines of a page below its header say, without the marks that open them."""
    lines = [line.strip().strip(_UNSEEN) for line in _LINE.split(page)]
    lines = [line for line in lines if line.strip(_UNSEEN) and not _RULE.fullmatch(line)]
    head = read_header(read_lines(page.encode())).length
    return bare("".join([_unmarked(line) for line in lines[head:]]))


def _unmarked(line: str) -> str:
    for mark in (_STEP, _BULLET, _NUMBER):
        if found := mark.match(line):
            return line[found.end() :]
    return line


def draft_texts(draft: Draft) -> Iterator[str]:
    """What a draft says below its header: with and without a title, before and after the notices."""
    before = "".join(_notices(draft.notices, DisclaimerPlacement.BEFORE_CONTENT))
    rest = "".join(
        [*_content(draft), *_notices(draft.notices, DisclaimerPlacement.AFTER_CONTENT), *_calls(draft.calls_to_action)]
    )
    for title, is_first in product(("", draft.title), (False, True)):
        head = title + before if is_first else before + title
        yield bare(head + rest)


def header_texts(draft: Draft) -> tuple[str, ...]:
    """What a draft says of the header: question, topics, author."""
    author = () if draft.author in (UNNAMED, UNNAMED_AI) else (draft.author.name,)
    return (draft.question, *[topic.name for topic in draft.topics], *author)


def _notices(notices: Sequence[Notice], placement: DisclaimerPlacement) -> Iterator[str]:
    for notice in notices:
        if notice.placement is placement:
            yield f"{notice.heading or ''}{notice.text}"


def _calls(calls: Sequence[CallToAction]) -> Iterator[str]:
    for call in calls:
        words = f"{call.heading or ''}{call.text}{call.label or ''}"
        yield words if call.url is None or call.url in words else f"{words}{call.url}"


def _content(draft: Draft) -> Iterator[str]:
    for section in draft.sections:
        yield section.heading or ""
        for block in section.blocks:
            yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield _text(block.content)
        case List():
            yield from _items(block.items)
        case Questions():
            yield from [question.text for question in block.questions]
        case Steps():
            for step in block.steps:
                yield step.title or ""
                for inner in step.blocks:
                    yield from _block(inner)
        case _:
            raise AssertionError(block)


def _items(items: Sequence[Item]) -> Iterator[str]:
    for item in items:
        yield _text(item.lead or ())
        yield _text(item.content)
        yield from _items(item.items)


def _text(spans: Spans) -> str:
    return "".join([span.text for span in spans])

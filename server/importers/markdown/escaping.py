"""Spans as an author would write them: what `phrases` reads back as the same spans, whatever the text holds."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias
from urllib.parse import quote

from server.content.draft import Cite, Span
from server.content.rendering.emphasis import can_close, can_open
from server.content.vocabulary import Mark
from server.importers.markdown.phrases import ELEMENTS

SIGNS = {Mark.STRONG: "**", Mark.EMPHASIS: "_"}
NO_STRONG = {Mark.EMPHASIS: "_"}
"""For a place where `**` has a meaning of its own: strong text is `<strong>` there."""

_SPECIAL = re.compile(
    r"[\\`*\[\]]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # an underscore within a word is only that
    r"|<(?![ \t])"
    r"|&(?=#?[0-9A-Za-z]+;)"
    r"|~(?=~)|(?<=~)~"
)
_OPENING = re.compile(r"([0-9]{1,9}(?=[.)](?:\s|$))|)((?<=[0-9])[.)]|[#>=~|]|[-+](?=[\s-]|$)|:(?=[:-]))")
"""What would start a block at the start of a line: the number of an item, and the sign to escape."""
_EDGE = re.compile(r"^\s|\s$")
_PLAIN_CODE = re.compile(r"(?!.*\]:)[^\s`](?:[^`]*[^\s`])?")
"""What stands between backticks; `]:` there would end the label of a link definition, were the code in a link."""
_ADDRESS = re.compile(r"[\\()<>]|&(?=#?[0-9A-Za-z]+;)")
_TITLE = re.compile(r"[\\\"]|&(?=#?[0-9A-Za-z]+;)")
_BARE_ADDRESS = re.compile(r"https?://[^\s<>\\&\x00-\x20]+")


class Link(NamedTuple):
    """What a stretch of text links to, or cites, or both."""

    url: str | None
    citation: Cite | None


Form: TypeAlias = Mark | Link
Signs: TypeAlias = Mapping[Mark, str]


def write_plain(text: str) -> str:
    """Text without formatting, where no block can start: a heading, a title."""
    return _EDGE.sub(_entity, _escaped(text))


def write_phrase(spans: Sequence[Span], signs: Signs = SIGNS) -> str:
    """Inline text where no block can start."""
    return _EDGE.sub(_entity, _written(spans, signs, before="", after=""))


def write_line(spans: Sequence[Span], signs: Signs = SIGNS) -> str:
    """Inline text on a line of its own, where a number, a dash or the like would start a block."""
    line = write_phrase(spans, signs)
    opening = _OPENING.match(line)
    return f"{opening[1]}\\{line[opening.end(1) :]}" if opening else line


def write_address(scheme: str, name: str) -> str:
    """An address of the format's own, such as `cite:nccn`."""
    return f"{scheme}:{quote(name, safe='')}"


def _escaped(text: str) -> str:
    return _backslashed(_SPECIAL, text)


def _backslashed(special: re.Pattern[str], text: str) -> str:
    return special.sub(r"\\\g<0>", text)


def _entity(edge: re.Match[str]) -> str:
    return f"&#{ord(edge[0])};"


def _written(spans: Sequence[Span], signs: Signs, *, before: str, after: str) -> str:
    """The spans, between two characters of the source; what all of a run has in common is written around it."""
    out = ""
    runs = list(_runs(spans))
    for place, (form, run) in enumerate(runs, 1):
        follows = _first(*runs[place]) if place < len(runs) else after
        if isinstance(form, Link):
            piece = _link(form, run, signs=signs)
            out = re.sub(r"!$", r"\\!", out) if piece.startswith("[") else out
        else:
            piece = (
                _escaped(run[0].text)
                if form is None
                else _marked(form, run, signs=signs, before=out[-1:] or before, after=follows)
            )
        out += piece
    return out


def _runs(spans: Sequence[Span]) -> Iterator[tuple[Form | None, Sequence[Span]]]:
    """The spans in runs that share a form, without it: of the forms of its first span the one that reaches furthest."""
    start = 0
    while start < len(spans):
        lengths = {form: _length(spans[start:], form) for form in _forms(spans[start])}
        form = max(lengths, key=lengths.__getitem__, default=None)
        end = start + (lengths[form] if form is not None else 1)
        yield form, [_without(span, form) for span in spans[start:end]]
        start = end


def _length(spans: Sequence[Span], form: Form) -> int:
    return next((place for place, span in enumerate(spans) if form not in _forms(span)), len(spans))


def _forms(span: Span) -> Sequence[Form]:
    is_linked = span.url is not None or span.citation is not None
    return (*([Link(span.url, span.citation)] if is_linked else []), *span.marks)


def _without(span: Span, form: Form | None) -> Span:
    if isinstance(form, Link):
        return Span(text=span.text, marks=span.marks)
    marks = tuple([mark for mark in span.marks if mark is not form])
    return Span(text=span.text, marks=marks, url=span.url, citation=span.citation)


def _first(form: Form | None, run: Sequence[Span]) -> str:
    """The character that a run opens with; for one with a form, any punctuation will do."""
    return _escaped(run[0].text)[0] if form is None else "("


def _marked(mark: Mark, run: Sequence[Span], *, signs: Signs, before: str, after: str) -> str:
    if mark is Mark.CODE and _PLAIN_CODE.fullmatch(run[0].text) and [*run] == [Span(text=run[0].text)]:
        return f"`{run[0].text}`"
    inner = _written(run, signs, before="(", after=")")
    if mark in signs and can_open(before, inner[0]) and can_close(inner[-1], after):
        is_parted = _parts_words(before) and _parts_words(after)
        if is_parted or mark is not Mark.EMPHASIS:
            return f"{signs[mark]}{inner}{signs[mark]}"
    return f"<{ELEMENTS[mark]}>{inner}</{ELEMENTS[mark]}>"


def _parts_words(character: str) -> bool:
    """Whether `_` works beside a character: between letters it is only a sign (CommonMark 0.31, 6.2)."""
    return character in ("", " ") or unicodedata.category(character)[0] == "P"


def _link(link: Link, run: Sequence[Span], *, signs: Signs) -> str:
    url, citation = link
    if citation is None and [*run] == [Span(text=str(url))] and _BARE_ADDRESS.fullmatch(str(url)):
        return f"<{url}>"
    target, title = _backslashed(_ADDRESS, url or ""), ""
    if citation is not None:
        cited = write_address("cite", citation.source)
        located = [citation.locator] if citation.locator else []
        target, title = (target, " ".join([cited, *located])) if url else (cited, "".join(located))
    text = _written(run, signs, before="[", after="]")
    return f'[{text}]({target} "{_backslashed(_TITLE, title)}")' if title else f"[{text}]({target})"

"""Content as CommonMark with the tables of GFM, escaped so that it parses back to the same blocks and the same text.

Steps are an ordered list, a callout is a quotation, a caption a paragraph before its table. What Markdown has no way to
say is inline HTML, which CommonMark allows: `<sub>`, `<sup>`, and `<strong>`, `<em>` and `<code>` where asterisks and
backticks would not be read as meant, beside letters without a space or around spaces (CommonMark 0.31, 6.2). Two lists
of one kind in succession are parted by an empty comment, else they would be read as one.
"""

import re
from collections.abc import Iterable, Sequence

from server.content.rendering.emphasis import can_close, can_open
from server.content.rendering.spans import Inline, ListItem, Run, item_spans, strong
from server.content.vocabulary import Mark

_SPECIAL = re.compile(r"[\\`*_\[\]~]|<(?=[A-Za-z/!?]|$)|&(?=[#0-9A-Za-z]|$)")
_SUSPECT = re.compile(r"[\\`*_\[\]~<&]")
_OPENING = re.compile(r"[#+\-=>]|[0-9]{1,9}(?=[.)](?:[ \t]|$))")
_EDGE = re.compile(r"^\s+|\s+$")
_LATER_LINE = re.compile(r"\n(?=[^\n])")
_LIST_STARTS = ("- ", "1. ")
_PARTING = "<!-- -->"


def inline(spans: Sequence[Inline]) -> str:
    """Inline text, for a place where no block can start: a heading, a cell."""
    out = ""
    for place, span in enumerate(spans):
        text = _escape(span.text)
        if span.marks or span.url is not None:
            text = _decorated(span, text, before=out[-1:], after=_first(spans, place + 1))
            if text[0] == "[" and out[-1:] == "!":
                out = out[:-1] + r"\!"
        out += text
    return _framed(out)


def line(spans: Sequence[Inline]) -> str:
    """Inline text on a line of its own, where a number or a dash at its start would make it a list."""
    out = inline(spans)
    opening = _OPENING.match(out)
    if opening is None:
        return out
    digits = opening[0] if opening[0].isdigit() else ""
    return f"{digits}\\{out[len(digits) :]}"


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text) if _SUSPECT.search(text) else text


def _framed(text: str) -> str:
    """White space at the ends as entities, which no parser trims."""
    return text if text == text.strip() else _EDGE.sub(_entities, text)


def _first(spans: Sequence[Inline], place: int) -> str:
    """The character that the source goes on with; a stretch with marks or a link opens with punctuation."""
    if place == len(spans):
        return ""
    span = spans[place]
    return "*" if span.marks or span.url is not None else _SPECIAL.sub(r"\\", span.text[:2])[:1]


def _decorated(span: Inline, text: str, *, before: str, after: str) -> str:
    if span.url is not None:
        return f"[{_marked(span, text, before='[', after=']')}]({_address(span.url)})"
    return _marked(span, text, before=before, after=after)


def _marked(span: Inline, text: str, *, before: str, after: str) -> str:
    """A stretch in its marks, from the innermost outwards as `html` nests them."""
    marks = span.marks
    if Mark.SUBSCRIPT in marks:
        text = f"<sub>{text}</sub>"
    if Mark.SUPERSCRIPT in marks:
        text = f"<sup>{text}</sup>"
    stars = ("*" if Mark.EMPHASIS in marks else "") + ("**" if Mark.STRONG in marks else "")
    if Mark.CODE in marks:
        text = _code(span, text, before="*" if stars else before)
    if not stars:
        return text
    if can_open(before, text[0]) and can_close(text[-1], after):
        return f"{stars}{text}{stars}"
    text = f"<em>{text}</em>" if Mark.EMPHASIS in marks else text
    return f"<strong>{text}</strong>" if Mark.STRONG in marks else text


def _code(span: Inline, text: str, *, before: str) -> str:
    is_plain = "`" not in span.text and span.text == span.text.strip() and before != "`"
    is_plain = is_plain and "]:" not in span.text  # in a link it would end the label of a definition (4.7)
    if is_plain and span.marks.count(Mark.SUBSCRIPT) + span.marks.count(Mark.SUPERSCRIPT) == 0:
        return f"`{span.text}`"
    return f"<code>{text}</code>"


def _address(url: str) -> str:
    return re.sub(r"[\\()*_\[\]<>`&!~]", r"\\\g<0>", url)


def _entities(edge: re.Match[str]) -> str:
    return "".join([f"&#{ord(character)};" for character in edge[0]])


def heading(text: str, level: int) -> str:
    """The heading of a section; a top-level one, level 1, is `##`."""
    return f"{'#' * (level + 1)} {_title_text(text)}"


def _title_text(text: str) -> str:
    return _framed(_escape(text).replace("#", r"\#"))


def items(shown: Iterable[ListItem], *, ordered: bool = False) -> str:
    """A list; lists nested in it are unordered."""
    return _list([_item(each) for each in shown], ordered=ordered)


def _item(shown: ListItem) -> str:
    text = line(item_spans(shown))
    return f"{text}\n{items(shown.items)}" if shown.items else text


def questions(texts: Iterable[str]) -> str:
    """A numbered list of questions."""
    return _list([line([Run(text)]) for text in texts], ordered=True)


def steps(shown: Iterable[tuple[str | None, Sequence[str]]]) -> str:
    """A process: for each step its title and its blocks, rendered already."""
    contents = [join([*_title(title), *blocks]) for title, blocks in shown]
    return _list(contents, ordered=True)


def callout(title: str | None, spans: Sequence[Inline]) -> str:
    """A passage set off from the text."""
    return "\n".join([f"> {each}".rstrip() for each in join([*_title(title), line(spans)]).split("\n")])


def table(caption: str | None, columns: Sequence[Sequence[Inline]], *, rows: Iterable[str]) -> str:
    """A table; its rows are rendered already."""
    return join([*_title(caption), "\n".join([_row(columns), "| --- " * len(columns) + "|", *rows])])


def row(cells: Iterable[tuple[Sequence[Inline], bool]]) -> str:
    """A row of a table: for each cell its text, and whether it heads the row, which Markdown does not say."""
    return _row([text for text, _ in cells])


def _row(cells: Iterable[Sequence[Inline]]) -> str:
    return "".join(["| " + inline(cell).replace("|", r"\|") + " " for cell in cells]) + "|"


def join(blocks: Iterable[str]) -> str:
    """Blocks in one piece; two lists of one kind are kept apart."""
    pieces: list[str] = []
    for block in blocks:
        if pieces and any(block.startswith(start) and pieces[-1].startswith(start) for start in _LIST_STARTS):
            pieces.append(_PARTING)
        pieces.append(block)
    return "\n\n".join(pieces)


def _title(title: str | None) -> list[str]:
    return [] if title is None else [line(strong(title))]


def _list(contents: Iterable[str], *, ordered: bool) -> str:
    lines: list[str] = []
    for number, content in enumerate(contents, 1):
        marker = f"{number}. " if ordered else "- "
        lines.append(marker + _indent(content, len(marker)))
    return "\n".join(lines)


def _indent(content: str, width: int) -> str:
    return _LATER_LINE.sub("\n" + " " * width, content) if "\n" in content else content

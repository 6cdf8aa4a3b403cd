"""Content as HTML: semantic elements, everything escaped; no styles, scripts, ids or classes.

What it writes is what nh3 (ammonia) makes of it with its default settings, byte by byte: links bear
`rel="noopener noreferrer"`, a no-break space is `&nbsp;`, quotes stand bare in text. A citation is a `cite` element.
"""

from collections.abc import Iterable, Sequence

from server.content.rendering.spans import Inline, ListItem, item_spans, strong
from server.content.vocabulary import Mark

_ELEMENTS = {
    Mark.SUBSCRIPT: "sub",
    Mark.SUPERSCRIPT: "sup",
    Mark.CODE: "code",
    Mark.EMPHASIS: "em",
    Mark.STRONG: "strong",
}
"""From the innermost element outwards."""


def escape(text: str) -> str:
    """Text that means itself, in an element or in a quoted attribute without quotes in it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\xa0", "&nbsp;")


def inline(spans: Sequence[Inline]) -> str:
    """Inline text."""
    return "".join([_span(span) for span in spans])


def _span(span: Inline) -> str:
    text = escape(span.text)
    if span.marks:
        for mark, element in _ELEMENTS.items():
            if mark in span.marks:
                text = f"<{element}>{text}</{element}>"
    if span.citation is not None:
        text = f"<cite>{text}</cite>"
    if span.url is not None:
        address = escape(span.url).replace('"', "&quot;")
        text = f'<a href="{address}" rel="noopener noreferrer">{text}</a>'
    return text


def paragraph(spans: Sequence[Inline]) -> str:
    """A paragraph."""
    return f"<p>{inline(spans)}</p>"


def heading(text: str, level: int) -> str:
    """The heading of a section; a top-level one, level 1, is `h2`."""
    return f"<h{level + 1}>{escape(text)}</h{level + 1}>"


def item(shown: ListItem) -> str:
    """A whole item, lead and nested items included, without the `li` around it."""
    text = inline(item_spans(shown))
    return f"{text}\n{items(shown.items)}\n" if shown.items else text


def items(shown: Iterable[ListItem], *, ordered: bool = False) -> str:
    """A list; lists nested in it are unordered."""
    return _list([item(each) for each in shown], ordered=ordered)


def questions(texts: Iterable[str]) -> str:
    """A numbered list of questions."""
    return _list([escape(text) for text in texts], ordered=True)


def steps(shown: Iterable[tuple[str | None, Sequence[str]]]) -> str:
    """A process: for each step its title and its blocks, rendered already."""
    return _list([f"\n{join([*_title(title), *blocks])}\n" for title, blocks in shown], ordered=True)


def callout(title: str | None, spans: Sequence[Inline]) -> str:
    """A passage set off from the text; its tone is left to the client."""
    return f"<aside>\n{join([*_title(title), paragraph(spans)])}\n</aside>"


def table(caption: str | None, columns: Sequence[Sequence[Inline]], *, rows: Iterable[str]) -> str:
    """A table; its rows are rendered already."""
    head = "\n".join([f'<th scope="col">{inline(cell)}</th>' for cell in columns])
    title = "" if caption is None else f"<caption>{escape(caption)}</caption>\n"
    body = "".join([f"{row}\n" for row in rows])
    return f"<table>\n{title}<thead>\n<tr>\n{head}\n</tr>\n</thead>\n<tbody>\n{body}</tbody>\n</table>"


def row(cells: Iterable[tuple[Sequence[Inline], bool]]) -> str:
    """A row of a table: for each cell its text, and whether it heads the row."""
    shown = [f'<th scope="row">{inline(text)}</th>' if heads else f"<td>{inline(text)}</td>" for text, heads in cells]
    return "\n".join(["<tr>", *shown, "</tr>"])


def join(blocks: Iterable[str]) -> str:
    """Blocks in one piece."""
    return "\n".join(blocks)


def _title(title: str | None) -> list[str]:
    return [] if title is None else [paragraph(strong(title))]


def _list(contents: Iterable[str], *, ordered: bool) -> str:
    element = "ol" if ordered else "ul"
    return "\n".join([f"<{element}>", *[f"<li>{content}</li>" for content in contents], f"</{element}>"])

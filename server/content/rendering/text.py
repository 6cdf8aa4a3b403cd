"""Content as plain text: a block after an empty line, an item on a line of its own, cells parted by tabs.

There are no bullets or numbers, for they are no words of the author; what is nested is indented by two spaces.
"""

from collections.abc import Iterable, Sequence

from server.content.rendering.spans import Inline, ListItem, item_spans


def inline(spans: Sequence[Inline]) -> str:
    """Inline text."""
    return "".join([span.text for span in spans])


def item(shown: ListItem) -> str:
    """A whole item, lead and nested items included."""
    return "\n".join(_lines([shown], ""))


def items(shown: Iterable[ListItem]) -> str:
    """A list."""
    return "\n".join(_lines(shown, ""))


def _lines(shown: Iterable[ListItem], indent: str) -> list[str]:
    lines: list[str] = []
    for each in shown:
        lines.append(indent + inline(item_spans(each)))
        lines.extend(_lines(each.items, indent + "  "))
    return lines


def questions(texts: Iterable[str]) -> str:
    """A list of questions."""
    return "\n".join(texts)


def steps(shown: Iterable[tuple[str | None, Sequence[str]]]) -> str:
    """A process: for each step its title and its blocks, rendered already."""
    return join([join([*_title(title), *blocks]) for title, blocks in shown])


def callout(title: str | None, spans: Sequence[Inline]) -> str:
    """A passage set off from the text."""
    return join([*_title(title), inline(spans)])


def table(caption: str | None, columns: Sequence[Sequence[Inline]], *, rows: Iterable[str]) -> str:
    """A table; its rows are rendered already."""
    return "\n".join([*_title(caption), "\t".join([inline(cell) for cell in columns]), *rows])


def row(cells: Iterable[tuple[Sequence[Inline], bool]]) -> str:
    """A row of a table: for each cell its text, and whether it heads the row."""
    return "\t".join([inline(text) for text, _ in cells])


def join(blocks: Iterable[str]) -> str:
    """Blocks in one piece."""
    return "\n\n".join(blocks)


def _title(title: str | None) -> list[str]:
    return [] if title is None else [title]

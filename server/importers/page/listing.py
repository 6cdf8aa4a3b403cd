"""Which lines of a page stand in its list of references: each is an entry there, and none a heading."""

from collections.abc import Sequence
from dataclasses import replace

from server.importers.page.headings import looks_like_heading
from server.importers.page.marks import Kind, Marked
from server.importers.page.notices import is_notice
from server.importers.page.references import is_reference_heading, reads_as_reference


def list_references(lines: Sequence[Marked]) -> list[Marked]:
    """The lines, those below a heading of references marked as listed, down to the next heading or notice."""
    listed: list[Marked] = []
    is_listed = False
    for each in lines:
        if each.kind is Kind.TEXT and is_reference_heading(each.text):
            is_listed = True
            listed.append(each)
            continue
        is_listed = is_listed and not _ends(each)
        listed.append(replace(each, is_listed=True) if is_listed else each)
    return listed


def _ends(each: Marked) -> bool:
    """Tells whether a line ends the list of references: it heads something else, or is a notice or a step."""
    if each.kind is Kind.STEP:
        return True
    if each.kind is not Kind.TEXT or not each.line.is_apart:
        return False
    return is_notice(each.text) or (looks_like_heading(each.text) and not reads_as_reference(each.text))

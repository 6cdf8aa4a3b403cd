"""A page of plain text, read by its form: the one function that importing calls."""

from server.content.draft import Draft, Topic
from server.content.slugs import slug_of
from server.importers.page.citing import cite
from server.importers.page.closing import split_closing
from server.importers.page.header import read_header
from server.importers.page.lines import read_lines
from server.importers.page.listing import list_references
from server.importers.page.marks import mark_lines
from server.importers.page.opening import split_opening
from server.importers.page.pieces import Text, read_pieces
from server.importers.page.provenance import author_of, provenance_of
from server.importers.page.sections import read_sections
from server.importers.page.settling import settle


def read_page(data: bytes, *, locale: str = "en") -> Draft:
    """The draft of a page; raises UnreadableError with the line for what can't be read as one.

    Only question and date must be there. Text that fits no element of the form is kept as a paragraph.
    """
    lines = read_lines(data)
    header = read_header(lines)
    pieces = settle(read_pieces(list_references(mark_lines(lines[header.length :]))))
    opening = split_opening(pieces, header.question, topics=header.topics)
    closing = split_closing(opening.content)
    remarks = (*([header.rest] if header.rest else []), *opening.remarks)
    rest = [Text(text=text, indent=0) for text in remarks]
    sections, sources = cite(read_sections([*rest, *closing.content]))
    notices = (*opening.notices, *closing.notices)
    author = author_of(header.author, notices)
    return Draft(
        locale=locale,
        slug=slug_of(header.question),
        question=header.question,
        title=opening.title or header.question,
        topics=tuple([Topic(name=name) for name in header.topics]),
        author=author,
        published_on=header.published_on,
        provenance=provenance_of(author, notices, remarks=remarks, sources=sources),
        notices=notices,
        sections=sections,
        sources=sources,
        calls_to_action=closing.calls,
    )

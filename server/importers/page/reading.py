"""A page of plain text, read by its form: the one function that importing calls."""

from collections.abc import Sequence

from server.content.draft import (
    Contributor,
    ContributorKind,
    DisclaimerPlacement,
    Draft,
    Notice,
    ProductionMethod,
    Provenance,
    Source,
    Topic,
)
from server.content.slugs import slug_of
from server.importers.page.authors import UNNAMED, UNNAMED_AI
from server.importers.page.citing import cite
from server.importers.page.closing import split_closing
from server.importers.page.header import read_header
from server.importers.page.lines import read_lines
from server.importers.page.marks import mark_lines
from server.importers.page.notices import goes_on, is_notice, is_notice_heading, method_of, notice, says_reviewed
from server.importers.page.pieces import Piece, Text, read_pieces
from server.importers.page.sections import read_sections
from server.importers.page.title import has_title


def read_page(data: bytes, *, locale: str = "en") -> Draft:
    """The draft of a page; raises UnreadableError with the line for what can't be read as one.

    Only question and date must be there. Text that fits no element of the form is kept as a paragraph.
    """
    lines = read_lines(data)
    header = read_header(lines)
    pieces = read_pieces(mark_lines(lines[header.length :]))
    title, opening, pieces = _split_opening(pieces, header.question, header.topics)
    if title is None and has_title(pieces, header.question, header.topics):
        title, pieces = _text_of(pieces[0]), pieces[1:]
    closing = split_closing(pieces)
    rest = [Text(text=header.rest, indent=0)] if header.rest else []
    sections, sources = cite(read_sections([*rest, *closing.content]))
    notices = (*opening, *closing.notices)
    author = header.author or _unnamed(notices)
    return Draft(
        locale=locale,
        slug=slug_of(header.question),
        question=header.question,
        title=title or header.question,
        topics=tuple([Topic(name=name) for name in header.topics]),
        author=author,
        published_on=header.published_on,
        provenance=_provenance(author, notices, sources),
        notices=notices,
        sections=sections,
        sources=sources,
        calls_to_action=closing.calls,
    )


def _text_of(piece: Piece) -> str:
    return piece.text if isinstance(piece, Text) else ""


def _split_opening(
    pieces: list[Piece], question: str, topics: Sequence[str]
) -> tuple[str | None, tuple[Notice, ...], list[Piece]]:
    """A title that stands above the notice, the notices before the content, and the pieces after them."""
    title = None
    if (
        len(pieces) > 1
        and _takes_notice(pieces[1:])
        and not _takes_notice(pieces)
        and has_title(pieces, question, topics)
    ):
        title, pieces = _text_of(pieces[0]), pieces[1:]
    notices: list[Notice] = []
    while length := _takes_notice(pieces):
        texts = [_text_of(piece) for piece in pieces[:length]]
        has_heading = length > 1 and is_notice_heading(texts[0])
        heading, paragraphs = (texts[0], texts[1:]) if has_heading else (None, texts)
        notices.append(notice(heading, paragraphs, DisclaimerPlacement.BEFORE_CONTENT))
        pieces = pieces[length:]
    return title, tuple(notices), pieces


def _takes_notice(pieces: Sequence[Piece]) -> int:
    """How many of the first pieces are one notice; 0 where none stands first."""
    if not pieces or not isinstance(pieces[0], Text):
        return 0
    is_headed = is_notice_heading(pieces[0].text) and len(pieces) > 1 and _is_passage(pieces[1])
    if not is_headed and not is_notice(pieces[0].text) and not is_notice_heading(pieces[0].text):
        return 0
    length = 2 if is_headed else 1
    while is_headed and length < len(pieces) and _is_passage(pieces[length]) and goes_on(_text_of(pieces[length])):
        length += 1
    return length


def _is_passage(piece: Piece) -> bool:
    return isinstance(piece, Text) and not piece.is_bare


def _unnamed(notices: Sequence[Notice]) -> Contributor:
    methods = [method_of(each.text) for each in notices]
    return UNNAMED_AI if ProductionMethod.AI_GENERATED in methods else UNNAMED


def _provenance(author: Contributor, notices: Sequence[Notice], sources: Sequence[Source]) -> Provenance:
    words = [f"{each.heading or ''}\n{each.text}" for each in notices]
    is_machine = author.kind is ContributorKind.AI
    said = next((method for method in map(method_of, words) if method is not None), None)
    method = said or (ProductionMethod.AI_GENERATED if is_machine else ProductionMethod.HUMAN_WRITTEN)
    is_made_by_people = method is ProductionMethod.HUMAN_WRITTEN
    return Provenance(
        method=method,
        generator=author.name if is_machine and not is_made_by_people else None,
        grounded_in=() if is_made_by_people else tuple([source.key for source in sources]),
        human_reviewed=any(map(says_reviewed, words)),
    )

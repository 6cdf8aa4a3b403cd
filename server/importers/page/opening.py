"""What stands between the header and the content: the notices, and the answer's own title below or above them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from server.content.draft import Notice
from server.content.vocabulary import DisclaimerPlacement
from server.importers.page.header import is_remark
from server.importers.page.notices import goes_on, is_notice, is_notice_heading, notice
from server.importers.page.pieces import Piece, Text
from server.importers.page.title import has_title, likeness


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """The title and the notices that a page opens with, and the pieces after them.

    `remarks` are the lines under the header that say who reviewed the page.
    """

    title: str | None
    remarks: tuple[str, ...]
    notices: tuple[Notice, ...]
    content: list[Piece]


def split_opening(pieces: Sequence[Piece], question: str, *, topics: Sequence[str]) -> Opening:
    """The opening of a page, apart from the pieces after it."""
    remarks = [_text(piece) for piece in takewhile(lambda piece: is_remark(_text(piece)), pieces)]
    pieces = pieces[len(remarks) :]
    title = None
    place = 0
    if _is_title_above(pieces, question, topics=topics):
        title, place = _text(pieces[0]), 1
    notices: list[Notice] = []
    while length := _length_of_notice(pieces, place):
        notices.append(_notice([_text(piece) for piece in pieces[place : place + length]]))
        place += length
    content = list(pieces[place:])
    if title is None and has_title(content, question, topics=topics):
        title = _text(content.pop(0))
    return Opening(title=title, remarks=tuple(remarks), notices=tuple(notices), content=content)


def _is_title_above(pieces: Sequence[Piece], question: str, *, topics: Sequence[str]) -> bool:
    """Tells a title that stands above the notice from the notice's own heading."""
    if not _length_of_notice(pieces, 1) or is_notice_heading(_text(pieces[0])) or is_notice(_text(pieces[0])):
        return False
    is_headed = is_notice_heading(_text(pieces[1]))
    return has_title(pieces, question, topics=topics) and (
        is_headed or likeness(_text(pieces[0]), question, topics=topics) > 0
    )


def _notice(texts: list[str]) -> Notice:
    is_headed = len(texts) > 1
    heading, paragraphs = (texts[0], texts[1:]) if is_headed else (None, texts)
    return notice(heading, paragraphs, placement=DisclaimerPlacement.BEFORE_CONTENT)


def _length_of_notice(pieces: Sequence[Piece], start: int) -> int:
    """How many pieces from a place on are one notice; 0 where none stands there."""
    first = _text(pieces[start]) if start < len(pieces) else ""
    is_bare = bool(first) and not _is_passage(pieces, start)
    is_above = is_bare and _is_passage(pieces, start + 1) and is_notice(_text(pieces[start + 1])) and start == 0
    is_headed = (is_notice_heading(first) and _is_passage(pieces, start + 1)) or is_above
    if not is_headed:
        return int(is_notice(first) or is_notice_heading(first))
    end = start + 2
    while _is_passage(pieces, end) and goes_on(_text(pieces[end])):
        end += 1
    return end - start


def _is_passage(pieces: Sequence[Piece], place: int) -> bool:
    piece = pieces[place] if place < len(pieces) else None
    return isinstance(piece, Text) and not piece.is_bare


def _text(piece: Piece) -> str:
    return piece.text if isinstance(piece, Text) else ""

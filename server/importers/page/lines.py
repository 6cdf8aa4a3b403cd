"""From the bytes of a page to its lines, and the refusal of what is no page."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from server.errors.content import UnreadableError

LONGEST_LINE = 100_000
"""In characters: more is no line that anyone wrote."""
LARGEST_PAGE = 2_000_000
"""In bytes: no answer may have more when it is published."""

_BREAK = re.compile(r"\r\n|\r|\n")
_INNER_BREAK = re.compile("[\x0b\x0c\x85\u2028\u2029]")
_UNFIT = re.compile("[\x00-\x08\x0e-\x1f\ufffe\uffff]")
"""What neither Postgres nor XML can carry."""
_RULE = re.compile(r"(?:[-_*=~─━–—·•]\s*){3,}")
_TAB = 4
_BYTE_ORDER_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line with text on it: its number in the file, the columns that it is indented by, its text without them."""

    number: int
    indent: int
    text: str
    is_apart: bool
    """Whether a blank line, or none at all, stands before it."""

    @property
    def width(self) -> int:
        """The columns that the line takes up."""
        return self.indent + len(self.text)


def read_lines(data: bytes) -> list[Line]:
    """The lines of a page that have text on them; raises UnreadableError with the line for what can't be a page."""
    text = _decode(data)
    lines = list(_lines(text))
    if not lines:
        raise UnreadableError("the page is empty: write the question on its first line", 1)
    return lines


def _decode(data: bytes) -> str:
    start = data[: LARGEST_PAGE + 1]
    encoding = _BYTE_ORDER_MARKS.get(start[:2])
    if encoding is not None:
        raise UnreadableError(f"the file is {encoding}: save it as UTF-8", 1)
    _refuse_long_line(start)
    if len(data) > LARGEST_PAGE:
        raise UnreadableError(f"the page has more than {LARGEST_PAGE:,} bytes: make it several pages")
    try:
        text = start.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        _refuse_unfit(start[: error.start].decode())
        raise UnreadableError(_wrong_byte(start, error.start), _line_of(start, error.start)) from None
    _refuse_unfit(text)
    return text


def _refuse_long_line(data: bytes) -> None:
    for number, line in enumerate(re.split(rb"\r\n|\r|\n", data), 1):
        if len(line) > LONGEST_LINE and len(line.decode(errors="replace")) > LONGEST_LINE:
            raise UnreadableError(
                f"the line has more than {LONGEST_LINE:,} characters: break it into paragraphs", number
            )


def _refuse_unfit(text: str) -> None:
    unfit = _UNFIT.search(text)
    if unfit is None:
        return
    number = 1 + len(_BREAK.findall(text, 0, unfit.start()))
    if unfit[0] == "\0":
        raise UnreadableError("the file is binary (it has a NUL in it): give a page of text", number)
    raise UnreadableError(f"the line has the control character U+{ord(unfit[0]):04X} in it: take it out", number)


def _wrong_byte(data: bytes, place: int) -> str:
    return f"the file is not UTF-8 (byte 0x{data[place]:02X}, {place + 1:,} bytes in): save it as UTF-8"


def _line_of(data: bytes, place: int) -> int:
    return 1 + len(re.findall(rb"\r\n|\r|\n", data[:place]))


def _lines(text: str) -> Iterator[Line]:
    is_apart = True
    for number, whole in enumerate(_BREAK.split(text), 1):
        for raw in _INNER_BREAK.split(whole):
            if not is_visible(raw) or _RULE.fullmatch(raw.strip()):
                is_apart = True
                continue
            yield Line(number=number, indent=_indent(raw), text=raw.strip(), is_apart=is_apart)
            is_apart = False


def is_visible(text: str) -> bool:
    """Whether any character of a text leaves a mark: white space, zero-width and direction marks leave none."""
    return any(not char.isspace() and unicodedata.category(char) != "Cf" for char in text)


def _indent(raw: str) -> int:
    column = 0
    for char in raw:
        if not char.isspace():
            break
        column += _TAB - column % _TAB if char == "\t" else 1
    return column

import pytest

from server.errors.content import UnreadableError
from server.importers.page.lines import Line, read_lines
from server.importers.page.reading import read_page

UNREADABLE = [
    (b"", 1, "the page is empty: write the question on its first line"),
    (b" \r\n\t\n\xe2\x80\x8b", 1, "the page is empty: write the question on its first line"),
    (b"What is x?\n\nMay\x00", 3, "the file is binary (it has a NUL in it): give a page of text"),
    (b"What\x1b[0m is x?", 1, "the line has the control character U+001B in it: take it out"),
    (b"What is x?\r\rcaf\xe9", 3, "the file is not UTF-8 (byte 0xE9, 16 bytes in): save it as UTF-8"),
    ("What is x?".encode("utf-16"), 1, "the file is UTF-16: save it as UTF-8"),
    (b"\x89PNG\r\n\x1a\n\x00", 1, "the file is not UTF-8 (byte 0x89, 1 bytes in): save it as UTF-8"),
    (b"What is x?\n" + b"y" * 5_000_000, 2, "the line has more than 100,000 characters: break it into paragraphs"),
    (b"What is x?\n" + b"y\n" * 1_000_001, None, "the page has more than 2,000,000 bytes: make it several pages"),
    (b"What is x?", 2, "there is no date under the question, but nothing: write one, as in `May 15, 2026`"),
    (b"What is x?\n\nA b.", 3, "there is no date under the question, but `A b.`: write one, as in `May 15, 2026`"),
    (b"What is x?\nMay 32, 2026", 2, "the date `May 32, 2026` does not exist: correct it"),
    (b"What is x?\n\nFlu30 February 2026AI", 3, "the date `30 February 2026` does not exist: correct it"),
    (b"What is x?\n2026-13-01", 2, "the date `2026-13-01` does not exist: correct it"),
    (b"What is x?\n3/4/2026", 2, "the date `3/4/2026` can be read in two ways: write the month's name"),
    (b"FluMay 1, 2026AI\n\nFlu is a disease.", 1, "there is no question: write it on the first line, above the date"),
    (b"???\nMay 1, 2026", 1, "there is no question: write it on the first line"),
]


@pytest.mark.parametrize(("data", "line", "reason"), UNREADABLE, ids=[reason for _, _, reason in UNREADABLE])
def test_what_is_no_page_is_refused_with_its_line(data, line, reason):
    with pytest.raises(UnreadableError) as caught:
        read_page(data)
    assert (caught.value.line, caught.value.reason) == (line, reason)


def test_lines_know_their_number_indent_and_what_stands_apart():
    assert read_lines(b"\xef\xbb\xbfa\n\n  b \r\n\tc\x0bd") == [
        Line(number=1, indent=0, text="a", is_apart=True),
        Line(number=3, indent=2, text="b", is_apart=True),
        Line(number=4, indent=4, text="c", is_apart=False),
        Line(number=4, indent=0, text="d", is_apart=False),
    ]


def test_a_rule_of_dashes_is_a_blank_line():
    assert [line.text for line in read_lines(b"a\n---\nb\n* * *\nc --- d")] == ["a", "b", "c --- d"]


def test_a_line_of_just_the_longest_length_is_read():
    assert len(read_lines("ä".encode() * 100_000)[0].text) == 100_000

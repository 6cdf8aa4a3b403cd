"""Files: what may differ between editors, what is refused before a word is read, and that the sections stand."""

from pathlib import Path
from time import perf_counter

import pytest

from server.content.checks import check
from server.content.draft import Paragraph, Section, Span
from server.errors import UnreadableError
from server.importers.markdown.reading import read_markdown
from server.importers.markdown.writing import write_markdown
from tests.importers.markdown.files import FRONT, file

ROOT = Path(__file__).parents[3]
SEEDS = sorted((ROOT / "seeds").glob("*.md"))
REFERENCE = ROOT / "server" / "importers" / "markdown" / "FORMAT.md"


def paragraph(text: str) -> Paragraph:
    return Paragraph(content=(Span(text=text),))


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_a_sample_answer_can_be_published_and_written_back(path: Path):
    draft = read_markdown(path.read_bytes())
    check(draft)
    assert draft.slug == path.stem
    assert any("ample" in notice.text or "muestra" in notice.text for notice in draft.notices)
    assert read_markdown(write_markdown(draft).encode()) == draft


def test_there_are_eight_sample_answers():
    assert len(SEEDS) == 8


def test_the_example_of_the_reference_is_read():
    _, _, rest = REFERENCE.read_text(encoding="utf-8").partition("```markdown\n")
    draft = read_markdown(rest.partition("```\n")[0].encode())
    check(draft)
    assert [section.heading for section in draft.sections] == [None, "A section", "A section in it"]


def test_headings_open_sections_of_their_level():
    draft = read_markdown(file("Opening.\n## One\n###### Two\nText.\n"))
    assert draft.sections == (
        Section(blocks=(paragraph("Opening."),)),
        Section(heading="One", level=1),
        Section(heading="Two", level=5, blocks=(paragraph("Text."),)),
    )


@pytest.mark.parametrize(
    "data",
    [
        file("## A\n\nb c").replace(b"\n", b"\r\n"),
        file("## A\n\nb c").replace(b"\n", b"\r"),
        b"\xef\xbb\xbf" + file("## A\nb\nc\n\n\n"),
        file("## A ##\nb  \nc"),
        file("## A\nb\\\nc"),
    ],
)
def test_editors_may_differ(data: bytes):
    assert read_markdown(data).sections == (Section(heading="A", blocks=(paragraph("b c"),)),)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "line 1: there is no front matter: put it between two lines `---`."),
        (b"# Title\n", "line 1: there is no front matter: put it between two lines `---`."),
        (b"---\nquestion: x\n", "line 1: the front matter is not closed: end it with a line `---`."),
        (file("a\n\0"), "line 7: the file holds a NUL character: save it as plain text."),
        (file("a\n") + b"caf\xe9", "line 7: the byte 0xE9 is not UTF-8: save the file as UTF-8."),
        (FRONT.encode("utf-16"), "line 1: the file is UTF-16: save it as UTF-8."),
        (file("x" * 100_001), "line 6: the line has 100,001 characters: keep it to 100,000."),
        (file("x\n" * 1_000_000), "the file has 2,000,092 bytes: keep it to 2,000,000."),
    ],
)
def test_what_is_no_such_file_is_refused(data: bytes, reason: str):
    with pytest.raises(UnreadableError) as caught:
        read_markdown(data)
    assert caught.value.message == reason


@pytest.mark.parametrize(
    "bait",
    ["[", "![", "*a ", "**a", "`a``b", "<", "<a ", "&", "\\*", "[a](", "_a", "<sub>", "> ", "- ", "<!--", "|", ":"],
)
def test_a_line_of_bait_is_read_or_refused_in_seconds(bait: str):
    started = perf_counter()
    try:
        read_markdown(file(bait * (90_000 // len(bait))))
    except UnreadableError as error:
        assert error.line == 6
    assert perf_counter() - started < 30

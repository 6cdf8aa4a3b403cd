"""Files: what may differ between editors, what is refused before a word is read, and that the sections stand."""

import itertools
import re
from contextlib import suppress
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.content.checks.drafts import check
from server.content.draft import Paragraph, Section, Span
from server.errors.content import UnreadableError
from server.importers.markdown.reading import read_markdown
from server.importers.markdown.writing import write_markdown
from tests.importers.markdown.files import FRONT, file, with_keys

ROOT = Path(__file__).parents[3]
SEEDS = sorted((ROOT / "seeds").glob("*.md"))
WORD = "WORD"
SYNTAX = [
    *["\n", "\n", "\n\n", "\n\n", "  \n", "\\\n", " ", "    ", "\t", "\\", "&amp;", "&nbsp;"],
    *["*", "**", "***", "_", "__", "`", "```", "~~", "~~~", ":", "!", "[", "]", "(", ")", "<", ">", "[^1]", "[^1]: "],
    *["](https://e.org)", "](cite:k)", '](cite:k "WORD")', '](https://e.org "cite:k WORD")', '](https://e.org "WORD")'],
    *[
        "](WORD)",
        "](cite:WORD)",
        "](answer:a)",
        "](reader:)",
        "![",
        "[x]: ",
        "[x]: WORD\n",
        "[x][WORD]",
        "<https://e.org>",
    ],
    *[
        "<sub>",
        "</sub>",
        "<strong>",
        "</strong>",
        "<b>",
        "<div>\n",
        "<!--",
        "-->",
        "<?",
        "<![CDATA[",
        "<a href='WORD'>",
    ],
    *["- ", "* ", "+ ", "1. ", "2) ", "  - ", "    - ", "   ", "-\n", "> ", "> [!NOTE] ", "> [!WARNING]\n> ", ">\n> "],
    *["| WORD | WORD |\n| --- | --- |\n", "| WORD | # WORD |\n", "| WORD |\n", "| WORD | WORD | WORD |\n", "|", "\\|"],
    *[
        "# ",
        "## ",
        "### ",
        " ##",
        "====\n",
        "---\n",
        "***\n",
        ":::\n",
        ":::steps\n",
        ":::questions\n",
        ":::table WORD\n",
    ],
    *[":::steps WORD\n", "1. **WORD**\n", "   - WORD\n", "- **WORD:** ", "- [WORD](answer:a)\n", "::: WORD\n"],
]
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
    with suppress(UnreadableError):
        read_markdown(file(bait * (90_000 // len(bait))))
    assert perf_counter() - started < 60


@given(st.lists(st.sampled_from(SYNTAX) | st.just(WORD), min_size=1, max_size=30))
def test_no_word_is_lost_without_a_word(pieces: list[str]):
    numbers = itertools.count()
    content = "".join([re.sub(WORD, lambda _: f"w{next(numbers)}w", piece) for piece in pieces])
    try:
        draft = read_markdown(with_keys("sources:\n  - {key: k, title: T}\n", content))
    except UnreadableError:
        return
    body = write_markdown(draft).partition("\n---\n")[2]
    assert re.findall("w[0-9]+w", body) == re.findall("w[0-9]+w", content)

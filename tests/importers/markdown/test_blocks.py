"""Blocks: paragraphs, lists, tables, callouts, and what an answer can't hold."""

import pytest

from server.content.draft import Block, Callout, Cell, Item, List, Paragraph, Span, Spans, Table
from server.content.vocabulary import CalloutTone
from server.errors.content import UnreadableError
from server.importers.markdown.reading import read_markdown
from tests.importers.markdown.files import file


def words(text: str) -> Spans:
    return (Span(text=text),)


def item(text: str, *items: Item) -> Item:
    return Item(content=words(text), items=items)


def blocks(content: str) -> tuple[Block, ...]:
    return read_markdown(file(content)).sections[0].blocks


def refusal(content: str) -> str:
    with pytest.raises(UnreadableError) as caught:
        read_markdown(file(content))
    return caught.value.message


def test_lists_nest_three_deep():
    a, b = List(items=(item("a", item("b", item("c"))),)), List(ordered=True, items=(item("d"), item("e", item("f"))))
    assert blocks("- a\n  - b\n\n    - c\n\n1. d\n1. e\n   * f") == (a, b)


def test_lists_with_other_signs_are_lists_of_their_own():
    a, b = List(items=(item("a"),)), List(items=(item("b"),))
    assert blocks("- a\n* b\n- a") == (a, b, a)


def test_an_item_may_hold_its_list_alone():
    lead = Item(lead=words("a"), content=(), items=(item("b"),))
    assert blocks("- **a:**\n  - b") == (List(items=(lead,)),)


def test_a_table_has_headers_in_its_first_row_and_where_a_cell_says_so():
    columns = (Cell(content=words("A"), is_header=True), Cell(content=words("B")))
    row = (Cell(content=words("c|d"), is_header=True), Cell(content=()))
    other = (Cell(content=words("#e")), Cell(content=words("# f")))
    table = Table(columns=columns, rows=(row, other))
    assert blocks("A | ~ B\n:-: | ---\n| # c\\|d | |\n#e | \\# f") == (table,)


@pytest.mark.parametrize("text", ["> [!TIP] Try\n> it\n> out", "> [!tip]  Try\n>\n> it out", "> [!TIP] Try\nit out"])
def test_a_callout_has_a_tone_a_title_and_a_text(text: str):
    assert blocks(text) == (Callout(tone=CalloutTone.TIP, title="Try", content=words("it out")),)


def test_a_callout_needs_no_title_and_two_stay_two():
    callout = Callout(tone=CalloutTone.URGENT, content=words("Go"))
    assert blocks("> [!URGENT]\n> Go\n\n> [!URGENT]\n> Go") == (callout, callout)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("a\n\n```\nb\n```", "line 8: a block of code, which an answer can't hold: write a paragraph or a list."),
        ("a\n\n    b", "line 8: lines that start with four spaces are code"),
        ("a\n\n***", "line 8: a line across the page, which an answer can't hold"),
        ("> a", "line 6: a quotation: open it as a callout, `> [!NOTE]`, "),
        ("> [!DANGER]\n> a", "line 6: a quotation: open it as a callout"),
        ("> [!NOTE]\n> a\n>\n> b", "line 9: a second paragraph: an item or a callout has one"),
        ("> [!NOTE]\n> - a", "line 7: a list in a list of another kind"),
        ("# a", "line 6: a heading `# `: sections have `## `, the title stands in the front matter."),
        ("a\n===", "line 6: a heading underlined with `=` or `-`: write it as `## Heading`."),
        ("## ", "line 6: a heading without text: write it, or take it out."),
        ("## *a*", "line 6: a heading is plain text: take out its formatting and links."),
        ("- a\n\n  b", "line 8: a second paragraph: an item or a callout has one"),
        ("- a\n  1. b", "line 7: a numbered list stands here: nested items are bullets, `- `."),
        ("- a\n  - b\n    - c\n      - d", "line 9: a list nests more than 3 deep: make it flatter."),
        ("- a\n  - b\n  * c", "line 8: a list in a list of another kind"),
        ("- a\n  > b", "line 7: a quotation"),
        ("- ## a", "line 6: a heading stands here"),
        ("3. a", "line 6: a list from 3 on: start it at 1."),
        ("|a|b|\n|-|-|\n|c|", "line 8: 1 cells for 2 columns: give the row a cell for each"),
        ("|a|b|\n|-|-|\n|c|d|e|", "line 8: 3 cells for 2 columns: give the row a cell for each"),
        ("|a|b|\n|-|-|\n|c|d|\ne", "line 9: 1 cells for 2 columns"),
        ("[a]: https://e.org", "line 6: write the address in the link itself: `[text](https://…)`."),
        ("<div>\na\n</div>", "line 6: the tag `<div>`"),
        ("a\n\n- b\n- c <br>", "line 9: the tag `<br>`"),
    ],
)
def test_what_an_answer_cannot_hold_is_refused_with_its_line(content: str, reason: str):
    assert refusal(content).startswith(reason)


def test_paragraphs_are_parted_by_empty_lines():
    assert blocks("a\nb\n\n\nc") == (Paragraph(content=words("a b")), Paragraph(content=words("c")))

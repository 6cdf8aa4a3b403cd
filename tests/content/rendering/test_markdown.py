import pytest

from server.content.published import Item, RichText, Span
from server.content.rendering import markdown
from server.content.rendering.spans import Run
from server.content.vocabulary import Mark
from tests.content.parsed import markdown_tree

STRONG, EMPHASIS, CODE = (Mark.STRONG,), (Mark.EMPHASIS,), (Mark.CODE,)


def rich(text: str) -> RichText:
    return RichText(spans=(Span(text=text),))


def item(text: str, *items: Item, lead: str | None = None) -> Item:
    return Item(lead=None if lead is None else rich(lead), content=rich(text), items=items)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Take 5 mg (not < 3 & never > 9) — 1.5 times, A&E!", "Take 5 mg (not < 3 & never > 9) — 1.5 times, A\\&E!"),
        ("*a* _b_ `c` [d](e) ~f~ <g> \\ &amp;", r"\*a\* \_b\_ \`c\` \[d\](e) \~f\~ \<g> \\ \&amp;"),
        ("1. one", r"1\. one"),
        ("12) one", r"12\) one"),
        ("2026 was", "2026 was"),
        ("- one", r"\- one"),
        ("# one", r"\# one"),
        ("> one", r"\> one"),
        ("===", r"\==="),
        (" one ", "&#32;one&#32;"),
        ("\tone\u2003", "&#9;one&#8195;"),
    ],
)
def test_only_what_would_be_markup_is_escaped(text, written):
    assert markdown.line([Run(text)]) == written
    assert markdown_tree(written) == [text]


@pytest.mark.parametrize(
    ("spans", "written"),
    [
        ([Run("a "), Run("b", STRONG), Run(", c")], "a **b**, c"),
        ([Run("a "), Run("b", (Mark.STRONG, Mark.EMPHASIS)), Run(" c")], "a ***b*** c"),
        ([Run("H"), Run("2", (Mark.SUBSCRIPT,)), Run("O")], "H<sub>2</sub>O"),
        ([Run("x", CODE), Run("y", (Mark.SUPERSCRIPT,))], "`x`<sup>y</sup>"),
        ([Run("これは"), Run("「強調」", STRONG), Run("です")], "これは<strong>「強調」</strong>です"),
        ([Run("a"), Run(" b ", EMPHASIS), Run("c")], "a<em> b </em>c"),
        ([Run("a", STRONG), Run("b", EMPHASIS)], "<strong>a</strong>*b*"),
        ([Run("a`b", CODE)], r"<code>a\`b</code>"),
        ([Run("a", CODE), Run("b", CODE, citation=1)], "`a`<code>b</code>"),
        ([Run(" a ", CODE)], "<code> a </code>"),
        ([Run("a]: b", CODE, url="https://a.example/")], r"[<code>a\]: b</code>](https://a.example/)"),
        ([Run("€5", STRONG), Run(" a day")], "**€5** a day"),
        ([Run("only"), Run("€5", STRONG)], "only<strong>€5</strong>"),
        ([Run("see", url="https://a.example/(b)_c")], r"[see](https://a.example/\(b\)\_c)"),
        ([Run("Now!"), Run("see", url="https://a.example/")], r"Now\![see](https://a.example/)"),
        ([Run("&"), Run("amp;", citation=1)], r"\&amp;"),
        ([Run("<"), Run("b>", citation=1)], r"\<b>"),
    ],
)
def test_marks_and_links_are_written_so_that_they_are_read(spans, written):
    assert markdown.line(spans) == written
    assert markdown_tree(written) == ["".join(span.text for span in spans)]


def test_a_list_nests_by_the_width_of_its_markers():
    items = [item("One", item("Two", item("Three"))), *[item("Next")] * 8, item("Ten", item("Eleven"))]
    written = markdown.items(items, ordered=True)
    assert written.startswith("1. One\n   - Two\n     - Three\n2. Next\n")
    assert written.endswith("10. Ten\n    - Eleven")


def test_a_lead_is_strong_with_its_colon():
    written = markdown.items(
        [item("It stays", lead="Persistence"), Item(lead=rich("Alone"), content=RichText(spans=()))]
    )
    assert written == "- **Persistence:** It stays\n- **Alone:**"


def test_steps_are_an_ordered_list_of_blocks():
    written = markdown.steps([("Collection", ["- a\n- b"]), (None, ["Only text", "- c"])])
    assert written == "1. **Collection**\n\n   - a\n   - b\n2. Only text\n\n   - c"


def test_a_callout_is_a_quotation():
    assert markdown.callout("Call now", [Run("At once.")]) == "> **Call now**\n>\n> At once."


def test_a_table_has_its_caption_before_it():
    rows = [markdown.row([([Run("a|b")], True), ([], False)])]
    written = markdown.table("Doses", [[Run("Drug")], [Run("Dose")]], rows=rows)
    assert written == "**Doses**\n\n| Drug | Dose |\n| --- | --- |\n| a\\|b |  |"


def test_two_lists_of_one_kind_are_kept_apart():
    assert markdown.join(["- a", "- b", "1. c", "1. d"]) == "- a\n\n<!-- -->\n\n- b\n\n1. c\n\n<!-- -->\n\n1. d"


def test_a_top_level_heading_is_of_level_two():
    assert markdown.heading("What #1 is", 1) == r"## What \#1 is"
    assert markdown.heading("Deep", 5) == "###### Deep"

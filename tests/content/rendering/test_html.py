import pytest

from server.content.published import Item, RichText, Span
from server.content.rendering import html
from server.content.rendering.spans import Run
from server.content.vocabulary import Mark


def rich(text: str) -> RichText:
    return RichText(spans=(Span(text=text),))


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (Run('<b> & "c"\xa0d'), '&lt;b&gt; &amp; "c"&nbsp;d'),
        (Run("a", (Mark.STRONG, Mark.EMPHASIS)), "<strong><em>a</em></strong>"),
        (Run("a", (Mark.CODE, Mark.SUPERSCRIPT)), "<code><sup>a</sup></code>"),
        (Run("a", url='https://a.example/"'), '<a href="https://a.example/&quot;" rel="noopener noreferrer">a</a>'),
        (Run("NCCN", citation=1), "<cite>NCCN</cite>"),
        (
            Run("NCCN", url="https://a.example/?b=1&c=2", citation=1),
            '<a href="https://a.example/?b=1&amp;c=2" rel="noopener noreferrer"><cite>NCCN</cite></a>',
        ),
    ],
)
def test_inline_text_is_escaped_and_marked_up(span, written):
    assert html.inline([span]) == written


def test_an_item_is_whole_without_its_element():
    inner = Item(content=rich("Inner"))
    item = Item(lead=rich("Lead"), content=rich("rest"), items=(inner,))
    assert html.item(item) == "<strong>Lead:</strong> rest\n<ul>\n<li>Inner</li>\n</ul>\n"
    assert html.items([inner], ordered=True) == "<ol>\n<li>Inner</li>\n</ol>"


def test_steps_are_an_ordered_list_of_blocks():
    written = html.steps([("Go", ["<p>a</p>", "<p>b</p>"]), (None, ["<p>c</p>"])])
    assert written == (
        "<ol>\n<li>\n<p><strong>Go</strong></p>\n<p>a</p>\n<p>b</p>\n</li>\n<li>\n<p>c</p>\n</li>\n</ol>"
    )


def test_a_table_says_what_its_header_cells_head():
    rows = [html.row([([Run("A")], True), ([Run("1 mg")], False)])]
    assert html.table("Doses", [[Run("Drug")], [Run("Dose")]], rows=rows) == (
        "<table>\n<caption>Doses</caption>\n"
        '<thead>\n<tr>\n<th scope="col">Drug</th>\n<th scope="col">Dose</th>\n</tr>\n</thead>\n'
        '<tbody>\n<tr>\n<th scope="row">A</th>\n<td>1 mg</td>\n</tr>\n</tbody>\n</table>'
    )


def test_a_callout_is_an_aside():
    assert html.callout("Now", [Run("Call.")]) == "<aside>\n<p><strong>Now</strong></p>\n<p>Call.</p>\n</aside>"


def test_a_top_level_heading_is_of_level_two():
    assert [html.heading("A & B", level) for level in (1, 5)] == ["<h2>A &amp; B</h2>", "<h6>A &amp; B</h6>"]

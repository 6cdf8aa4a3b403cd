"""Inline text: marks, links, citations, and what is refused in it."""

import pytest

from server.content.draft import Cite, Span
from server.content.vocabulary import Mark
from server.errors.content import UnreadableError
from server.importers.markdown.phrases import Phrase

STRONG, EMPHASIS, CODE = (Mark.STRONG,), (Mark.EMPHASIS,), (Mark.CODE,)
CITED = Cite(source="k")
LOCATED = Cite(source="k", locator="p. 4, “Dose”")


def phrase(text: str) -> Phrase:
    return Phrase(text=text, line=7, keys={"k", "my key"})


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("plain  text", (Span(text="plain  text"),)),
        ("one\ntwo\\\nthree  \nfour", (Span(text="one two three four"),)),
        ("a **b** c", (Span(text="a "), Span(text="b", marks=STRONG), Span(text=" c"))),
        ("*b* _c_", (Span(text="b", marks=EMPHASIS), Span(text=" "), Span(text="c", marks=EMPHASIS))),
        ("***b***", (Span(text="b", marks=STRONG + EMPHASIS),)),
        ("*a **b***", (Span(text="a ", marks=EMPHASIS), Span(text="b", marks=STRONG + EMPHASIS))),
        ("`*a*  b`", (Span(text="*a*  b", marks=CODE),)),
        ("H<sub>2</sub>O", (Span(text="H"), Span(text="2", marks=(Mark.SUBSCRIPT,)), Span(text="O"))),
        ("<em>a</em><strong> b</strong>", (Span(text="a", marks=EMPHASIS), Span(text=" b", marks=STRONG))),
        ("<code>a</code><code>b</code>", (Span(text="ab", marks=CODE),)),
        ("**a****b**", (Span(text="a****b", marks=STRONG),)),
        ("\\*a\\* &amp; &#x41;&#32;&nbsp;", (Span(text="*a* & A \xa0"),)),
        ("1 < 2 & 3 snake_case [x] !", (Span(text="1 < 2 & 3 snake_case [x] !"),)),
        ("[a *b*](https://e.org/x_(y))", (
            Span(text="a ", url="https://e.org/x_(y)"),
            Span(text="b", marks=EMPHASIS, url="https://e.org/x_(y)"),
        )),
        ("<https://e.org/a_b>", (Span(text="https://e.org/a_b", url="https://e.org/a_b"),)),
        ("https://e.org", (Span(text="https://e.org"),)),
        ("[NCCN](cite:k)", (Span(text="NCCN", citation=CITED),)),
        ('[NCCN](cite:k "p. 4, “Dose”")', (Span(text="NCCN", citation=LOCATED),)),
        ("[a](<cite:my key>)[b](cite:my%20key)", (Span(text="ab", citation=Cite(source="my key")),)),
        ('[a](https://e.org "cite:k")', (Span(text="a", url="https://e.org", citation=CITED),)),
        ('[a](https://e.org "cite:k p. 4, “Dose”")', (Span(text="a", url="https://e.org", citation=LOCATED),)),
    ],
)  # fmt: skip
def test_it_is_read_as_spans(text: str, spans: tuple[Span, ...]):
    assert phrase(text).spans() == spans


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("![a](b.png)", "line 7: an image, which an answer can't hold: say in words what it shows."),
        ("a\nb <b>c</b>", "line 8: the tag `<b>`: only `<strong>`, `<em>`, `<code>`, `<sub>`, `<sup>` are read"),
        ("<!-- note -->", "line 7: the tag `<!-- note -->`"),
        ("<sub>2", "line 7: `<sub>` is not closed: close it in its own block."),
        ("a</sub>", "line 7: `</sub>` closes nothing: take it out."),
        ("~~a~~", "line 7: text struck out: take it out"),
        ("a[^1]", "line 7: a footnote: cite a source"),
        ("[a](b.md)", "line 7: a link to `b.md`: write the whole address, `https://…`."),
        ("[a](javascript:x)", "line 7: a link to `javascript:x`: write the whole address"),
        ("<a@b.org>", "line 7: a link to `mailto:a@b.org`: write the whole address"),
        ("<cite:k>", "line 7: a link to `cite:k`: write the whole address"),
        ("[](cite:k)", "line 7: a link without text: put the words that it stands on in the brackets."),
        (
            "[<https://e.org> b](cite:k)",
            "line 7: a link to `https://e.org` within a link: end the one before the other.",
        ),
        ('[a](https://e.org "b")', "line 7: the title of a link can only say what it cites"),
        ("a\n\n[b](cite:x)", "line 9: `cite:x` names no source: give `x` under `sources`."),
    ],
)
def test_what_it_cannot_hold_is_refused_with_its_line(text: str, reason: str):
    with pytest.raises(UnreadableError) as caught:
        phrase(text).spans()
    assert caught.value.message.startswith(reason)


def test_plain_text_bears_no_formatting():
    assert phrase("1 \\* 2").plain("a heading") == "1 * 2"
    with pytest.raises(UnreadableError, match="line 7: a heading is plain text"):
        phrase("a **b**").plain("a heading")

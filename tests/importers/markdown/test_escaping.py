"""Spans as an author would write them, and read back as the same spans."""

import pytest
from hypothesis import given

from server.content.draft import Cite, Span, Spans
from server.content.vocabulary import Mark
from server.importers.markdown.escaping import NO_STRONG, write_line, write_phrase, write_plain
from server.importers.markdown.phrases import Phrase
from tests.content.strategies import KEYS, inline, lines, normal
from tests.factories.drafts import any_line

STRONG, EMPHASIS, CODE = Mark.STRONG, Mark.EMPHASIS, Mark.CODE
URL = "https://e.org/a_(b)"


def span(text: str, *marks: Mark, url: str | None = None, cite: Cite | None = None) -> Span:
    return Span(text=text, marks=marks, url=url, citation=cite)


@given(inline.map(normal))
def test_spans_are_read_back_as_they_were(spans: Spans):
    for written in (write_phrase(spans), write_line(spans), write_phrase(spans, NO_STRONG)):
        assert Phrase(text=written, line=1, keys=KEYS).spans() == spans
        assert written == written.strip()


@given(lines | any_line)
def test_plain_text_is_read_back_as_it_was(text: str):
    assert Phrase(text=write_plain(text), line=1).plain("it") == text


@pytest.mark.parametrize(
    ("spans", "written"),
    [
        ([span("It is 5 < 6 & a_b, p. 3! (x)")], "It is 5 < 6 & a_b, p. 3! (x)"),
        ([span("*a* [b] `c` <d> &amp; \\ _e_ ~~")], "\\*a\\* \\[b\\] \\`c\\` \\<d> \\&amp; \\\\ \\_e\\_ \\~\\~"),
        ([span("a "), span("b", STRONG), span(" c")], "a **b** c"),
        ([span("a", STRONG), span("b", STRONG, EMPHASIS), span("c", STRONG)], "**a<em>b</em>c**"),
        ([span("a ", STRONG), span("b", STRONG, EMPHASIS), span(" c", STRONG)], "**a _b_ c**"),
        ([span("un"), span("believ", STRONG), span("able")], "un**believ**able"),
        ([span("un"), span("believ", EMPHASIS), span("able")], "un<em>believ</em>able"),
        ([span("a "), span("b ", STRONG), span("c")], "a <strong>b </strong>c"),
        ([span("これは"), span("「重要」", STRONG), span("です")], "これは<strong>「重要」</strong>です"),
        ([span("a", CODE), span("`", CODE, STRONG)], "<code>a<strong>\\`</strong></code>"),
        ([span("x = 1", CODE)], "`x = 1`"),
        ([span("H"), span("2", Mark.SUBSCRIPT), span("O")], "H<sub>2</sub>O"),
        ([span("a", url=URL), span("b", EMPHASIS, url=URL)], "[a<em>b</em>](https://e.org/a_\\(b\\))"),
        ([span("wow!"), span("a", url=URL)], "wow\\![a](https://e.org/a_\\(b\\))"),
        ([span("https://e.org", url="https://e.org")], "<https://e.org>"),
        ([span("A", cite=Cite(source="my key"))], "[A](cite:my%20key)"),
        ([span("A", cite=Cite(source="k", locator='p. "4"'))], '[A](cite:k "p. \\"4\\"")'),
        ([span("A", url="https://e.org", cite=Cite(source="k", locator="4"))], '[A](https://e.org "cite:k 4")'),
        ([span(" a\xa0")], "&#32;a&#160;"),
    ],
)
def test_they_are_written_as_an_author_would(spans: list[Span], written: str):
    assert write_phrase(spans) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1. a", "1\\. a"),
        ("2019) a", "2019\\) a"),
        ("1.5 a", "1.5 a"),
        ("- a", "\\- a"),
        ("-5 a", "-5 a"),
        ("--- a", "\\--- a"),
        ("+ a", "\\+ a"),
        ("# a", "\\# a"),
        ("> a", "\\> a"),
        ("=== a", "\\=== a"),
        ("::: a", "\\::: a"),
        ("| a", "\\| a"),
        ("~ a", "\\~ a"),
    ],
)
def test_what_would_start_a_block_is_escaped_at_the_start_of_a_line(text: str, written: str):
    assert write_line([span(text)]) == written

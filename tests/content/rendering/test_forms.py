from uuid import UUID

import nh3
from hypothesis import example, given, settings
from markdown_it.common.normalize_url import normalizeLink

from server.content import published
from server.content.draft import Paragraph, Section, Span
from server.content.publication.revision import build, draft_questions
from server.content.rendering import html, markdown, text
from server.content.vocabulary import Mark
from tests.content import strategies
from tests.content.parsed import html_characters, html_text, markdown_characters, markdown_tree, tree_words

ANSWER = UUID(int=7)
ELEMENTS = {
    Mark.STRONG: "strong",
    Mark.EMPHASIS: "em",
    Mark.CODE: "code",
    Mark.SUBSCRIPT: "sub",
    Mark.SUPERSCRIPT: "sup",
}
BRACKET = Span(text="a]: b", marks=(Mark.CODE,), url="https://e.org/")
"""In backticks it would be read as the definition of a link."""
SOURCE_IDS = {key: UUID(int=number) for number, key in enumerate(strategies.KEYS)}


def publish(draft):
    keys = [str(number) for number in range(len(draft_questions(draft)))]
    return build(draft, answer_id=ANSWER, source_ids=SOURCE_IDS, question_keys=keys)


def tree(block):
    """The blocks that the Markdown of a published block should parse to."""
    match block:
        case published.Paragraph():
            return [block.content.text]
        case published.List():
            return [("ol" if block.ordered else "ul", [item_tree(item) for item in block.items])]
        case published.Questions():
            return [("ol", [("li", [question.text]) for question in block.questions])]
        case published.Callout():
            return [("quote", [*titled(block.title), block.content.text])]
        case published.Table():
            rows = [block.columns, *[row.cells for row in block.rows]]
            return [*titled(block.caption), ("table", [[cell.content.text for cell in row] for row in rows])]
        case published.Steps():
            return [("ol", [("li", [*titled(step.title), *trees(step.blocks)]) for step in block.steps])]


def trees(blocks):
    return [part for block in blocks for part in tree(block)]


def titled(title):
    return [] if title is None else [title]


def item_tree(item):
    nested = [("ul", [item_tree(each) for each in item.items])] if item.items else []
    return ("li", [text.inline(text.item_spans(item)), *nested])


@settings(max_examples=100)
@example(strategies.draft(sections=(Section(blocks=(Paragraph(content=(BRACKET,)),)),)))
@given(strategies.whole)
def test_markdown_parses_back_to_the_same_blocks(draft):
    answer = publish(draft)
    expected = []
    for section in answer.sections:
        expected += [] if section.heading is None else [(f"h{section.level + 1}", section.heading)]
        expected += trees(section.blocks)
        assert markdown_tree(section.body.markdown) == trees(section.blocks)
        for block in section.blocks:
            assert markdown_tree(block.markdown) == tree(block)
    assert markdown_tree(answer.body.markdown) == expected


@settings(max_examples=100)
@given(strategies.whole)
def test_all_forms_have_the_same_words_in_the_same_order(draft):
    answer = publish(draft)
    for section in answer.sections:
        for form in [answer.body, section.body, *section.blocks]:
            words = form.text.split()
            assert html_text(form.html).split() == words
            assert tree_words(markdown_tree(form.markdown)) == words


@settings(max_examples=100)
@given(strategies.whole)
def test_html_has_nothing_to_clean(draft):
    answer = publish(draft)
    for section in answer.sections:
        for form in [answer.body, section.body, *section.blocks]:
            assert nh3.clean(form.html) == form.html


@settings(max_examples=300)
@given(strategies.inline)
def test_inline_forms_hold_exactly_the_text(spans):
    plain = "".join(span.text for span in spans)
    assert text.inline(spans) == plain
    assert html_text(html.inline(spans)) == plain
    assert markdown_tree(markdown.line(spans)) == [plain]


@settings(max_examples=300)
@given(strategies.inline)
def test_inline_forms_keep_marks_and_links(spans):
    normal = strategies.normal(spans)
    expected = [
        (character, frozenset(ELEMENTS[mark] for mark in span.marks), span.url)
        for span in normal
        for character in span.text
    ]
    linked = [(*found, None if url is None else normalizeLink(url)) for *found, url in expected]
    assert html_characters(html.inline(normal)) == expected
    assert markdown_characters(markdown.line(normal)) == linked

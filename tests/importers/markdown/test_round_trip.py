"""What is written is read back as it was, whatever it says."""

from hypothesis import example, given

from server.content.checks.drafts import check
from server.content.draft import Draft, Paragraph, Section, Span
from server.content.vocabulary import Mark
from server.importers.markdown.reading import read_markdown
from server.importers.markdown.writing import write_markdown
from tests.content.strategies import draft as draft_with
from tests.factories import drafts

BRACKET = Span(text="a]: b", marks=(Mark.CODE,), url="https://e.org/")
"""In backticks it would be read as the definition of a link."""


@example(draft_with(sections=(Section(blocks=(Paragraph(content=(BRACKET,)),)),)))
@given(drafts.whole)
def test_a_draft_that_passes_the_checks_is_read_back_as_it_was(draft: Draft):
    check(draft)
    text = write_markdown(draft)
    assert read_markdown(text.encode()) == draft
    assert write_markdown(read_markdown(text.encode())) == text

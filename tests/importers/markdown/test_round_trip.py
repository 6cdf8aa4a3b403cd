"""What is written is read back as it was, whatever it says."""

from hypothesis import given

from server.content.checks.drafts import check
from server.content.draft import Draft
from server.importers.markdown.reading import read_markdown
from server.importers.markdown.writing import write_markdown
from tests.factories import drafts


@given(drafts.whole)
def test_a_draft_that_passes_the_checks_is_read_back_as_it_was(draft: Draft):
    check(draft)
    text = write_markdown(draft)
    assert read_markdown(text.encode()) == draft
    assert write_markdown(read_markdown(text.encode())) == text

"""Answers as the tests of content look them up."""

from server.content.answer import Answer
from server.content.library import Library

SLUG = "how-does-it-work"


async def found(library: Library, slug: str = SLUG, locale: str | None = None) -> Answer:
    """The answer at a slug, which must be there."""
    answer = await library.answer_by_slug(slug, locale)
    assert answer is not None
    return answer

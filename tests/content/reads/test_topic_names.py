from uuid import UUID

import pytest

from server.content.answer import Topic, TopicName
from server.content.reads.topic_names import topic_name


def _topic(*locales: str) -> Topic:
    names = tuple(TopicName(locale=locale, name=f"name in {locale}", synonyms=()) for locale in locales)
    return Topic(uuid=UUID(int=1), slug="leukemia", parent_id=None, names=names, codes=())


@pytest.mark.parametrize(
    ("locales", "asked", "named"),
    [
        (("en", "es"), None, "en"),
        (("en", "es"), "es", "es"),
        (("en", "es"), "es-MX", "es"),
        (("en", "es", "es-MX"), "es-MX", "es-MX"),
        (("en", "zh", "zh-Hant"), "zh-Hant-TW", "zh-Hant"),
        (("en", "es"), "de", "en"),
        (("es", "fr"), "de", "es"),
        (("es", "fr"), None, "es"),
    ],
)
def test_a_name_is_that_of_the_locale_or_of_what_stands_in(
    locales: tuple[str, ...], asked: str | None, named: str
) -> None:
    assert topic_name(_topic(*locales), asked).name == f"name in {named}"

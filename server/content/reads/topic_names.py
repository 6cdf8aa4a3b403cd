"""What a topic is called in a locale, and which locales stand in for one that it has no name in."""

from collections.abc import Iterator

from server.content.answer import Topic, TopicName

FALLBACK = "en"


def topic_name(topic: Topic, locale: str | None) -> TopicName:
    """The name in the locale, else in its parent (`es-MX`, `es`), else in English, else in any."""
    names = {name.locale: name for name in topic.names}
    for tag in _tags(locale):
        if tag in names:
            return names[tag]
    return topic.names[0]


def _tags(locale: str | None) -> Iterator[str]:
    while locale:
        yield locale
        locale = locale.rpartition("-")[0]
    yield FALLBACK

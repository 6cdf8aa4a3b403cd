"""What news touches: each thing that was read bears tags, and news touches whatever bears a tag of its own.

An answer is touched by its own entries, by those of the sources that it leans on and of the topics that it is in, and
by whatever any answer may bear: standing disclaimers, and reviews that the clock made overdue. Of anything else that is
read (a list, a count, a name that named nothing) is not known what touches it: any news does. What was found in an
index of search is touched, besides, by a newer state of the index, which follows the news.
"""

from base64 import b32encode
from collections.abc import Iterable
from typing import TypeAlias
from uuid import UUID

from server.events.news import Told
from server.events.outbox import SetKind

Tag: TypeAlias = tuple[str, UUID | None]

ANY: Tag = ("ANY", None)
"""Borne by what any news touches."""

EVERY_ANSWER: Tag = ("EVERY_ANSWER", None)
"""Borne by all answers."""

ALL = "caveat"
"""The name of what everything bears, however much else it bears or does not."""

_ANSWER = "ANSWER"
_BY_ID = (SetKind.SOURCE.value, SetKind.TOPIC.value)


def index_tag(bounds: str) -> Tag:
    """The tag of what was found in the index of such bounds, as `sight` names them; no news is of it."""
    return "INDEX", UUID(hex=bounds.zfill(32)) if bounds else None


def answer_tag(answer_id: UUID) -> Tag:
    """The tag of what an answer's own entries touch, be it there or not."""
    return _ANSWER, answer_id


def answer_tags(answer_id: UUID, *, sources: Iterable[UUID], topics: Iterable[UUID]) -> frozenset[Tag]:
    """The tags of an answer that leans on these sources, cited or not, and is in these topics, all above them too."""
    return frozenset(
        [
            answer_tag(answer_id),
            EVERY_ANSWER,
            *[(SetKind.SOURCE.value, source) for source in sources],
            *[(SetKind.TOPIC.value, topic) for topic in topics],
        ]
    )


def told_tags(told: Told) -> frozenset[Tag]:
    """The tags that news is of; where it is of everything there is no need to ask."""
    by_id = [(kind, identity) for kind, identity in told.sets if kind in _BY_ID]
    is_of_all = len(by_id) < len(told.sets)
    return frozenset([ANY, *map(answer_tag, told.answers), *by_id, *([EVERY_ANSWER] if is_of_all else [])])


def name_of(tag: Tag) -> str:
    """What a tag is called outside: at most 32 lower-case letters, digits, `-` and `_`, which any header takes."""
    kind, identity = tag
    if identity is None:
        return kind.lower()
    return f"{kind[0].lower()}-{b32encode(identity.bytes).decode().rstrip('=').lower()}"


def told_names(told: Told) -> list[str]:
    """What the tags that news is of are called outside, in order; one name where it is of everything."""
    return [ALL] if told.is_everything else sorted(map(name_of, told_tags(told)))

"""What of a draft is no content: it surrounds the content, and can change without a new revision."""

import msgspec

from server.content.draft import Draft, Notice, Review, Source, Topic
from server.content.publication.canonical import anonymous, needed_keys


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says became of a source in use: superseded by `newer`, or withdrawn where that is None."""

    source: Source
    newer: Source | None = None


class DraftCaveats(msgspec.Struct, frozen=True, kw_only=True):
    """The caveats as a file gave them: what the next import is compared with.

    What a file says as before says nothing new: then an editor's later word stands.
    """

    topics: tuple[Topic, ...] = ()
    review: Review | None = None
    translation_of: str | None = None
    notices: tuple[Notice, ...] = ()
    standings: tuple[Standing, ...] = ()


_decoder = msgspec.json.Decoder(DraftCaveats)


def caveats_of(draft: Draft) -> DraftCaveats:
    """The caveats that a draft gives."""
    return DraftCaveats(
        topics=draft.topics,
        review=draft.review,
        translation_of=draft.translation_of,
        notices=draft.notices,
        standings=_standings(draft),
    )


def encode(caveats: DraftCaveats) -> bytes:
    """The caveats as JSON, as an answer's row keeps them."""
    return msgspec.json.encode(caveats)


def decode(data: bytes) -> DraftCaveats:
    """The caveats that `encode` wrote."""
    return _decoder.decode(data)


def _standings(draft: Draft) -> tuple[Standing, ...]:
    if not any(source.superseded_by is not None or source.is_withdrawn for source in draft.sources):
        return ()
    by_key = {source.key: source for source in draft.sources}
    said = [_standing(by_key[key], by_key) for key in needed_keys(draft)]
    return tuple(dict.fromkeys([standing for standing in said if standing is not None]))


def _standing(source: Source, by_key: dict[str, Source]) -> Standing | None:
    if source.superseded_by is not None:
        return Standing(source=anonymous(source), newer=anonymous(by_key[source.superseded_by]))
    return Standing(source=anonymous(source)) if source.is_withdrawn else None

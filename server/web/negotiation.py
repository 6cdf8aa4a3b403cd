"""Chooses a media type as RFC 9110, section 12.5.1, says: the most specific range that matches, by its quality."""

from dataclasses import dataclass
from functools import lru_cache

from server.web.writing import GRAPHQL, JSON

MOST_KEPT, LONGEST_KEPT, MOST_RANGES = 1_024, 200, 8
"""Headers of which is remembered what they say: there are few that are sent, but anybody can make one up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Acceptance:
    """How well each media type suits a client."""

    ranges: tuple[tuple[str, float], ...]

    def quality(self, media_type: str) -> float:
        """From 0, not at all, to 1; parameters but `q` are ignored."""
        family = media_type.partition("/")[0]
        for wanted in (media_type, f"{family}/*", "*/*"):
            found = [quality for name, quality in self.ranges if name == wanted]
            if found:
                return max(found)
        return 0.0

    def names(self, media_type: str) -> bool:
        """Whether the client asks for the media type by its name."""
        return any(name == media_type and quality > 0 for name, quality in self.ranges)

    @property
    def json_type(self) -> str:
        """The media type of a response in JSON: plain JSON unless that of GraphQL is asked for by its name."""
        return GRAPHQL if self.best((GRAPHQL, JSON)) == GRAPHQL and self.names(GRAPHQL) else JSON

    def best(self, offers: tuple[str, ...]) -> str | None:
        """The offer that suits best, the earlier one of equals, those named before those that only fit a range."""
        return _best(self, offers) if len(self.ranges) <= MOST_RANGES else self.rank(offers)

    def rank(self, offers: tuple[str, ...]) -> str | None:
        """The same, found anew."""
        ranked = sorted(offers, key=lambda offer: (self.quality(offer), self.names(offer)), reverse=True)
        return ranked[0] if ranked and self.quality(ranked[0]) > 0 else None


@lru_cache(maxsize=MOST_KEPT)
def _best(accepted: Acceptance, offers: tuple[str, ...]) -> str | None:
    return accepted.rank(offers)


def acceptance(header: str | None) -> Acceptance:
    """What an `Accept` header says; without one, or with nothing legible in it, everything suits."""
    return _read(header) if len(header or "") > LONGEST_KEPT else _kept(header)


@lru_cache(maxsize=MOST_KEPT)
def _kept(header: str | None) -> Acceptance:
    return _read(header)


def _read(header: str | None) -> Acceptance:
    ranges = [parsed for part in (header or "").split(",") if (parsed := _range(part)) is not None]
    return Acceptance(ranges=tuple(ranges) or (("*/*", 1.0),))


def _range(part: str) -> tuple[str, float] | None:
    name, *parameters = (each.strip().lower() for each in part.split(";"))
    if name.count("/") != 1:
        return None
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            return _with_quality(name, value.strip())
    return name, 1.0


def _with_quality(name: str, text: str) -> tuple[str, float] | None:
    if not text.replace(".", "", 1).isdecimal():
        return None
    quality = float(text)
    return (name, quality) if quality <= 1 else None

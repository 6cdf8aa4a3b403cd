"""The one value that distinguishes the answers to two callers."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """What a caller's registration changes in what it is served; equal audiences are served equal bytes."""

    default_locale: str | None = None
    """The locale that stands in where an operation names none; None lets the slug decide."""

    topics: tuple[str, ...] | None = None
    """Slugs, sorted: what is about none of these, nor of a topic below, does not exist; None for no bounds."""

    locales: tuple[str, ...] | None = None
    """Tags, sorted: what is in none of these, nor in a variant of one, does not exist; None for no bounds."""

    wording: UUID | None = None
    """The client whose own disclaimers are read; None where it has none."""

    shows_calls: bool = True
    """Whether calls to action are served."""

    _hash: int = field(init=False, repr=False, compare=False)
    """Made once: all that is kept is looked up by it."""

    def __post_init__(self) -> None:
        parts = (self.default_locale, self.topics, self.locales, self.wording, self.shows_calls)
        object.__setattr__(self, "_hash", hash(parts))

    def __hash__(self) -> int:
        return self._hash


ANONYMOUS = Audience()
"""The caller without a registration."""

"""The one value that distinguishes the answers to two callers."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """What a caller's registration changes in what it is served; equal audiences are served equal bytes."""

    default_locale: str | None = None
    """The locale that stands in where an operation names none; None lets the slug decide."""


ANONYMOUS = Audience()
"""The caller without a registration."""

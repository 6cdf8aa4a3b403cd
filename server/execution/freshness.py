"""How long a result is good for those who keep it outside, and for whom."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Lifetime:
    """How long a result may be kept by those who can't be told that it changed, and by whom."""

    seconds: int = 0
    """0 where it has to be asked for again each time."""
    is_private: bool = False
    """Whether it is its caller's alone."""

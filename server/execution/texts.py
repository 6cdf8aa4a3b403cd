"""The text of a document, however a request names it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentText:
    """A text, and who vouches for it."""

    text: str
    id: str | None = None
    """Of a trusted document; None for any other."""

    @property
    def is_trusted(self) -> bool:
        """Whether it was registered beforehand."""
        return self.id is not None

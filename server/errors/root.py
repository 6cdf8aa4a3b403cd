"""The root of the tree."""

from typing import ClassVar


class CaveatError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "INTERNAL_SERVER_ERROR"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())

    @property
    def message(self) -> str:
        """What was wrong, where, and what to do next."""
        return str(self.args[0])

"""What an editor or an operator asked that can't be done."""

from server.errors.root import CaveatError


class RefusedError(CaveatError):
    """The content can't be taken as it is; nothing was written."""

    code = "REFUSED"


class UnreadableError(RefusedError):
    """A file can't be read as content; says its line and the reason."""

    code = "UNREADABLE"

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason if line is None else f"line {line}: {reason}")
        self.reason = reason
        self.line = line


class NotFoundError(RefusedError):
    """Nothing has that name."""

    code = "NOT_FOUND"

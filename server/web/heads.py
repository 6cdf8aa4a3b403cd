"""Reads single headers of a request: most of them are not there, and to find that out costs no more than one look."""

from starlette.types import Scope


def header(scope: Scope, name: bytes) -> str | None:
    """The value of a header by its name in lower case, the first of several; None where there is none."""
    for each, value in scope["headers"]:
        if each == name:
            return str(value, "latin-1")
    return None


def header_lines(scope: Scope, name: bytes) -> list[str]:
    """The values of all headers of a name, in their order."""
    return [str(value, "latin-1") for each, value in scope["headers"] if each == name]


def listed(scope: Scope, name: bytes) -> str | None:
    """The value of a header that is a list: all of its lines make up one (RFC 9110, section 5.3); None without any."""
    lines = header_lines(scope, name)
    return ", ".join(lines) if lines else None

"""Author's files for tests: the least front matter, and the content under it."""

FRONT = "---\nquestion: What is a cold?\npublishedOn: 2026-05-15\nauthor: {name: Ann, kind: PERSON}\n---\n"
"""Five lines: the content starts on line 6."""


def file(content: str = "", *, front: str = FRONT) -> bytes:
    """A file with this content; one that starts `key: ` has the keys in its front matter besides."""
    return (front + content).encode()


def with_keys(keys: str, content: str = "") -> bytes:
    """A file with these lines in its front matter besides; they start on line 5."""
    return file(content, front=FRONT.removesuffix("---\n") + keys + "---\n")

"""Reads texts as the server does, one after the other: what one has in common with another is known."""

from server.execution.parsing import parsed
from server.execution.passages import new_passages
from server.limits import Limits

UNLIMITED = Limits(max_tokens=1_000_000)


class Reader:
    """Reads texts, with what is known of those before."""

    def __init__(self):
        self.passages = new_passages()

    def __call__(self, text, *, limits=UNLIMITED):
        """The document of a text."""
        return parsed(text, limits, passages=self.passages)


def read(text):
    """The document of a text that is the first one."""
    return Reader()(text)


def below(document):
    """What the first field of a document's first definition is asked for."""
    return document.definitions[0].selection_set.selections[0].selection_set

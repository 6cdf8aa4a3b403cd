"""What a manifest says, whatever tool wrote it: its documents, and what is wrong with it."""

from dataclasses import dataclass, field

from server.access.documents.ids import plain_id

MOST_BYTES = 16_777_216
"""Of a manifest, or of all files of a folder."""
MOST_DOCUMENTS = 10_000
MOST_CHARACTERS = 100_000
"""Of one document: many times what the tokens of one can take."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A line of a file."""

    file: str
    line: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A document of a manifest."""

    said_id: str
    """The id as the manifest has it."""
    text: str
    place: Place
    name: str | None = None
    """Of its operation, where the manifest says it."""
    kind: str | None = None
    """`query`, `mutation` or `subscription`, where the manifest says it."""
    source: str | None = None
    """The same document as it was written, where the text is not."""
    lines: tuple[Place, ...] = ()
    """Where each line of the source stands."""

    @property
    def id(self) -> str:
        """As requests name it, without `sha256:`."""
        return plain_id(self.said_id)

    def place_of(self, line: int | None) -> Place:
        """Where a line of the source, counted from 1, stands; within the document's own text where that is a string."""
        if line is not None and self.lines:
            return self.lines[min(line, len(self.lines)) - 1]
        return Place(file=self.place.file, line=line)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """Something wrong with a manifest."""

    place: Place
    """The file, and the line: of the file, or of the document where that is a string in the file."""
    message: str
    document: str | None = None

    def __str__(self) -> str:
        line = None if self.place.line is None else f"line {self.place.line}"
        return ": ".join([part for part in (self.place.file, self.document, line, self.message) if part])


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """Documents to register together."""

    file: str
    entries: tuple[Entry, ...] = ()
    faults: tuple[Fault, ...] = field(default=())
    """What could not be read as a document."""

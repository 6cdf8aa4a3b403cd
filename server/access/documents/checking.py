"""Checks a manifest whole, before anything of it is stored: every error is found, not the first one."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from graphql import GraphQLSyntaxError, OperationDefinitionNode, parse

from server.access.documents.ids import LONGEST_ID, claims_digest, digest_of, is_id, label_of, plain_id
from server.access.documents.manifests import (
    MOST_CHARACTERS,
    MOST_DOCUMENTS,
    Entry,
    Fault,
    Manifest,
    Place,
)
from server.access.documents.values import Document

Complaint: TypeAlias = tuple[str, int | None]
"""What is wrong with a text, and in which line of it."""

Check: TypeAlias = Callable[[str], Sequence[Complaint]]
"""Says what is wrong with the text of a document: syntax, schema, rules and limits."""


def faults_of(manifest: Manifest, check: Check) -> list[Fault]:
    """Everything that is wrong with a manifest."""
    faults = list(manifest.faults)
    whole = Place(file=manifest.file)
    if not manifest.entries and not faults:
        faults.append(Fault(place=whole, message="it holds no document."))
    if len(manifest.entries) > MOST_DOCUMENTS:
        return [*faults, Fault(place=whole, message=f"a manifest has at most {MOST_DOCUMENTS:,} documents.")]
    texts: dict[str, str] = {}
    for entry in manifest.entries:
        if texts.setdefault(entry.id, entry.text) != entry.text:
            faults.append(_fault(entry, "its id is that of another document of the manifest.", line=None))
        faults += [_fault(entry, message, line=line) for message, line in _complaints(entry, check)]
    return faults


def documents_of(manifest: Manifest) -> list[Document]:
    """The documents of a manifest without faults, each once."""
    found = {
        entry.id: Document(id=entry.id, text=entry.text, name=entry.name or name_of(entry.text))
        for entry in manifest.entries
    }
    return list(found.values())


def name_of(text: str) -> str | None:
    """The name of the only operation of a text; None where it has several, none, or no name."""
    operations = _operations(text)
    return operations[0].name.value if len(operations) == 1 and operations[0].name else None


def _complaints(entry: Entry, check: Check) -> Iterator[Complaint]:
    if not is_id(entry.id):
        yield f"its id is not 1 to {LONGEST_ID} characters of ASCII, without spaces.", None
    elif claims_digest(entry.said_id) and digest_of(entry.text) != plain_id(entry.said_id):
        yield f"its id says that it is the SHA-256 of the text, which is {digest_of(entry.text)}.", None
    if "\0" in entry.text or any("\ud800" <= character <= "\udfff" for character in entry.text):
        yield "its text holds U+0000 or half of a surrogate pair.", None
        return
    if len(entry.text) > MOST_CHARACTERS:
        yield f"its text has more than {MOST_CHARACTERS:,} characters.", None
        return
    yield from check(entry.source or entry.text)
    yield from _misnamed(entry)


def _misnamed(entry: Entry) -> Iterator[Complaint]:
    """Where what the manifest says of a document is not so."""
    operations = _operations(entry.text)
    names = [node.name.value for node in operations if node.name]
    if operations and entry.name and entry.name not in names:
        yield f"holds no operation named `{entry.name}`.", None
    kinds = {node.operation.value for node in operations}
    if operations and entry.kind and entry.kind.lower() not in kinds:
        yield f"holds no operation of the type `{entry.kind}`.", None


def _operations(text: str) -> list[OperationDefinitionNode]:
    try:
        definitions = parse(text, no_location=True).definitions
    except GraphQLSyntaxError:
        return []
    return [node for node in definitions if isinstance(node, OperationDefinitionNode)]


def _fault(entry: Entry, message: str, *, line: int | None) -> Fault:
    label = label_of(entry.id, name=entry.name or name_of(entry.text))
    return Fault(place=entry.place_of(line) if line else entry.place, document=label, message=message)

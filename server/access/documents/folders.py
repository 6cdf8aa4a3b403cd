"""A folder of GraphQL files as a manifest: each operation is a document, with the fragments that it uses.

A document's text is its operation and fragments as graphql-js prints them too, so that a client that hashes what it
prints comes to the same id, and the layout of the files does not matter.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from graphql import (
    DefinitionNode,
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    TypeSystemDefinitionNode,
    TypeSystemExtensionNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

from server.access.documents.ids import PREFIX, digest_of
from server.access.documents.manifests import Entry, Fault, Manifest, Place

SUFFIXES = (".graphql", ".gql")
MOST_TOKENS = 1_000_000
"""Of one file, which may hold many documents."""

_LINE = re.compile(r"\r\n|[\n\r]")


@dataclass(kw_only=True, slots=True)
class _Folder:
    operations: list[tuple[OperationDefinitionNode, str]] = field(default_factory=list)
    fragments: dict[str, tuple[FragmentDefinitionNode, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_folder(files: Iterable[tuple[str, bytes]], *, folder: str) -> Manifest:
    """The documents of files, given by name and content; a file that holds a schema alone is left out."""
    found = _Folder()
    for file, data in files:
        _add(found, file, data=data)
    entries = {
        entry.id: entry for entry in [_entry(found, operation, file=file) for operation, file in found.operations]
    }
    return Manifest(file=folder, entries=tuple(entries.values()), faults=tuple(found.faults))


def _add(found: _Folder, file: str, *, data: bytes) -> None:
    try:
        definitions = parse(data.decode("utf-8-sig"), max_tokens=MOST_TOKENS).definitions
    except UnicodeDecodeError:
        found.faults.append(Fault(place=Place(file=file), message="it is not UTF-8."))
        return
    except GraphQLSyntaxError as error:
        line = error.locations[0].line if error.locations else None
        if not _is_blank(data):
            found.faults.append(Fault(place=Place(file=file, line=line), message=error.message))
        return
    of_schema = [node for node in definitions if isinstance(node, TypeSystemDefinitionNode | TypeSystemExtensionNode)]
    if of_schema and len(of_schema) < len(definitions):
        message = "holds a part of a schema beside operations."
        found.faults.append(Fault(place=_place(file, of_schema[0]), message=message))
    for node in definitions:
        if isinstance(node, OperationDefinitionNode):
            found.operations.append((node, file))
        elif isinstance(node, FragmentDefinitionNode):
            _add_fragment(found, file, node=node)


def _add_fragment(found: _Folder, file: str, *, node: FragmentDefinitionNode) -> None:
    name = node.name.value
    first, first_file = found.fragments.setdefault(name, (node, file))
    if print_ast(first) != print_ast(node):
        message = (
            f"the fragment `{name}` is another one in {first_file}, line {_line(first)}: give one of them a new name."
        )
        found.faults.append(Fault(place=_place(file, node), message=message))


def _entry(found: _Folder, operation: OperationDefinitionNode, *, file: str) -> Entry:
    parts: list[tuple[DefinitionNode, str]] = [(operation, file)]
    parts += [found.fragments[name] for name in _spread(operation, found)]
    text = print_ast(DocumentNode(definitions=tuple(node for node, _ in parts)))
    written = [(_written(node), node, file) for node, file in parts]
    lines = [Place(file=file, line=_line(node) + row) for rows, node, file in written for row in range(len(rows) + 1)]
    return Entry(
        said_id=PREFIX + digest_of(text),
        text=text,
        place=_place(file, operation),
        name=operation.name.value if operation.name else None,
        source="\n\n".join("\n".join(rows) for rows, _, _ in written),
        lines=tuple(lines),
    )


def _spread(definition: DefinitionNode, found: _Folder) -> list[str]:
    """The names of the fragments that a definition uses, each before those that it uses itself."""
    names: dict[str, None] = {}
    waiting = [definition]
    while waiting:
        for name in _Spreads.of(waiting.pop()):
            if name in found.fragments and name not in names:
                names[name] = None
                waiting.append(found.fragments[name][0])
    return list(names)


class _Spreads(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    @classmethod
    def of(cls, node: DefinitionNode) -> Iterator[str]:
        spreads = cls()
        visit(node, spreads)
        yield from spreads.names

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        self.names.append(node.name.value)


def _written(node: DefinitionNode) -> list[str]:
    """The lines of a definition as they stand in its file."""
    if node.loc is None:
        return [print_ast(node)]
    return _LINE.split(node.loc.source.body[node.loc.start : node.loc.end])


def _place(file: str, node: DefinitionNode) -> Place:
    return Place(file=file, line=_line(node))


def _line(node: DefinitionNode) -> int:
    return node.loc.start_token.line if node.loc else 1


def _is_blank(data: bytes) -> bool:
    """Whether a file holds nothing but spaces and comments."""
    return all(not line.strip() or line.lstrip().startswith(b"#") for line in data.splitlines())

"""Refuses documents that would cost too much to validate, before anything validates them.

One walk counts each definition by itself; what a fragment holds then counts wherever it is spread, so that fragments in
fragments are weighed without being unfolded. What a passage holds is counted once for all documents.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass, field, replace
from functools import partial

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FloatValueNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
    VariableNode,
)

from server.errors.limits import DocumentTooComplexError, OperationTooDeepError, ValueTooLargeError
from server.errors.requests import BadUserInputError
from server.execution.passages import found, passage_of
from server.limits import Limits

MAX_DIGITS = 400
"""No number that JSON or GraphQL can carry needs more."""


@dataclass(kw_only=True, slots=True)
class _Size:
    """What a definition holds, by itself at first, with its fragments in the end."""

    fields: int = 0
    aliases: int = 0
    directives: int = 0
    variables: int = 0
    depth: int = 0
    spreads: list[tuple[str, int]] = field(default_factory=list)

    def add(self, other: "_Size", *, depth: int) -> None:
        """Adds what stands so deep, with all its fragments."""
        self.fields += other.fields
        self.aliases += other.aliases
        self.directives += other.directives
        self.variables += other.variables
        self.depth = max(self.depth, depth + other.depth)


def check_document(document: DocumentNode, limits: Limits) -> None:
    """Raises the limit that a parsed document breaks, if any."""
    if len(document.definitions) > limits.max_definitions:
        raise DocumentTooComplexError(f"A document has at most {limits.max_definitions} operations and fragments.")
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    sizes = {name: _size(node, limits) for name, node in fragments.items()}
    own = [_size(node, limits) for node in operations]
    _check_counts([*sizes.values(), *own], limits)
    weighed: dict[str, _Size] = {}
    whole = [_with_fragments(size, sizes, weighed=weighed) for size in own]
    _check_counts(whole, limits)
    if max((size.depth for size in whole), default=0) > limits.max_depth:
        raise OperationTooDeepError(f"Fields nest at most {limits.max_depth} deep: ask again from an id further down.")
    pairs = 0
    for node in operations:
        pairs += _merges(node.selection_set, fragments, limits=limits)
        _check_pairs(pairs, limits)


def check_value(value: object, limits: Limits) -> None:
    """Raises where a variable's value holds what is too long, too wide or too deep, or a NUL, which no text has."""
    waiting = [(value, 1)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, str):
            _check_string(value, limits)
        elif isinstance(value, list):
            _check_list(value, limits, depth=depth)
            waiting.extend((item, depth + 1) for item in value)
        elif isinstance(value, Mapping):
            _check_object(value, limits, depth=depth)
            waiting.extend((item, depth + 1) for item in value.values())


def _check_counts(sizes: Iterable[_Size], limits: Limits) -> None:
    counted = [(size.fields, size.aliases, size.directives, size.variables) for size in sizes]
    for position, (what, most) in enumerate(
        (
            ("fields", limits.max_fields),
            ("aliases", limits.max_aliases),
            ("directives", limits.max_directives),
            ("uses of variables", limits.max_variables),
        )
    ):
        if sum(counts[position] for counts in counted) > most:
            raise DocumentTooComplexError(
                f"A document has at most {most} {what}, fragments counted wherever they are spread."
            )


def _size(definition: OperationDefinitionNode | FragmentDefinitionNode, limits: Limits) -> _Size:
    size = _Size(directives=len(definition.directives or ()))
    if isinstance(definition, OperationDefinitionNode):
        for variable in definition.variable_definitions or ():
            size.directives += len(variable.directives or ())
            if variable.default_value:
                _check_literal(variable.default_value, limits)
    _add_selections(size, definition.selection_set, limits=limits)
    return size


def _size_of_passage(selections: SelectionSetNode, limits: Limits) -> _Size:
    size = _Size()
    _add_selections(size, selections, limits=limits)
    return size


def _add_selections(size: _Size, selections: SelectionSetNode, *, limits: Limits) -> None:
    waiting = [(selections, 1)]
    while waiting:
        selections, depth = waiting.pop()
        for node in selections.selections:
            size.directives += len(node.directives or ())
            for directive in node.directives or ():
                size.variables += _check_arguments(directive.arguments, limits)
            if isinstance(node, FragmentSpreadNode):
                size.spreads.append((node.name.value, depth))
            elif isinstance(node, InlineFragmentNode):
                waiting.append((node.selection_set, depth))
            elif isinstance(node, FieldNode):
                _add_field(size, node, depth=depth)
                size.variables += _check_arguments(node.arguments, limits)
                if node.selection_set and passage_of(node.selection_set):
                    measure = partial(_size_of_passage, node.selection_set, limits)
                    size.add(found(node.selection_set, _Size, find=measure), depth=depth)
                elif node.selection_set:
                    waiting.append((node.selection_set, depth + 1))


def _add_field(size: _Size, node: FieldNode, *, depth: int) -> None:
    size.fields += 1
    size.aliases += node.alias is not None
    size.depth = max(size.depth, depth)


def _with_fragments(size: _Size, sizes: Mapping[str, _Size], *, weighed: dict[str, _Size]) -> _Size:
    """The size with that of its fragments; one that spreads itself counts as empty, for validation to refuse."""
    whole = replace(size)
    for name, depth in size.spreads:
        if name not in weighed and name in sizes:
            weighed[name] = _Size()
            weighed[name] = _with_fragments(sizes[name], sizes, weighed=weighed)
        whole.add(weighed.get(name, _Size()), depth=depth - 1)
    return whole


def _check_arguments(arguments: Iterable[ArgumentNode] | None, limits: Limits) -> int:
    return sum(_check_literal(argument.value, limits) for argument in arguments or ())


def _check_literal(literal: ValueNode, limits: Limits) -> int:
    """Gives how many variables stand in it."""
    variables = 0
    waiting = [(literal, 1)]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, StringValueNode):
            _check_string(node.value, limits)
        elif isinstance(node, VariableNode):
            variables += 1
        elif isinstance(node, IntValueNode | FloatValueNode):
            if len(node.value) > MAX_DIGITS:
                raise ValueTooLargeError(f"A number has at most {MAX_DIGITS} digits.")
        elif isinstance(node, ListValueNode):
            _check_list(node.values, limits, depth=depth)
            waiting.extend((value, depth + 1) for value in node.values)
        elif isinstance(node, ObjectValueNode):
            _check_object(node.fields, limits, depth=depth)
            waiting.extend((field.value, depth + 1) for field in node.fields)
    return variables


def _check_string(text: str, limits: Limits) -> None:
    if len(text) > limits.max_value_characters:
        raise ValueTooLargeError(f"A string in an argument has at most {limits.max_value_characters} characters.")
    if "\0" in text:
        raise BadUserInputError("A string in an argument holds U+0000: leave it out.")


def _check_list(items: Sized, limits: Limits, *, depth: int) -> None:
    _check_depth(depth, limits)
    if len(items) > limits.max_list_items:
        raise ValueTooLargeError(f"A list in an argument has at most {limits.max_list_items} items.")


def _check_object(fields: Sized, limits: Limits, *, depth: int) -> None:
    _check_depth(depth, limits)
    if len(fields) > limits.max_object_fields:
        raise ValueTooLargeError(f"An object in an argument has at most {limits.max_object_fields} fields.")


def _check_depth(depth: int, limits: Limits) -> None:
    if depth > limits.max_value_depth:
        raise ValueTooLargeError(f"Lists and objects in an argument nest at most {limits.max_value_depth} deep.")


def _merges(selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], *, limits: Limits) -> int:
    """The pairs that validation compares: fields that merge under one name, whatever the type they stand on."""
    pairs = 0
    waiting = [[selections]]
    while waiting:
        merged: dict[str, list[SelectionSetNode]] = {}
        counts: Counter[str] = Counter()
        for node in _fields(waiting.pop(), fragments):
            name = (node.alias or node.name).value
            pairs += counts[name]
            counts[name] += 1
            if node.selection_set:
                merged.setdefault(name, []).append(node.selection_set)
        for below in merged.values():
            if len(below) == 1 and passage_of(below[0]):
                pairs += found(below[0], _merges, find=partial(_merges, below[0], fragments, limits=limits))
            else:
                waiting.append(below)
        _check_pairs(pairs, limits)
    return pairs


def _check_pairs(pairs: int, limits: Limits) -> None:
    if pairs > limits.max_merges:
        raise DocumentTooComplexError("Too many fields of the document merge into one: ask for each once.")


def _fields(
    selection_sets: list[SelectionSetNode], fragments: Mapping[str, FragmentDefinitionNode]
) -> Iterable[FieldNode]:
    waiting = list(selection_sets)
    visited: set[str] = set()
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                waiting.append(node.selection_set)
            elif (
                isinstance(node, FragmentSpreadNode) and node.name.value not in visited and node.name.value in fragments
            ):
                visited.add(node.name.value)
                waiting.append(fragments[node.name.value].selection_set)

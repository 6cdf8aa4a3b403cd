"""Places in a response: how a rule tells a client where an object stands, and what to select there."""

from dataclasses import dataclass

from graphql import FieldNode, GraphQLObjectType, print_ast

MAX_SHOWN = 1_000  # characters of a path or a selection, so that an error is not larger than what caused it


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Place:
    """Where an object of a type stands: the field that brings it, and the place of the object that has the field."""

    parent: "Place | None"
    """None for a field of the operation's root."""
    node: FieldNode
    object_type: GraphQLObjectType
    is_abstract: bool
    """Whether the field may bring other types too."""

    def way(self) -> "list[Place]":
        """The places from the operation's root down to this one."""
        way: list[Place] = []
        place: Place | None = self
        while place:
            way.append(place)
            place = place.parent
        return way[::-1]


def path_of(place: Place | None) -> str:
    """The response keys that lead to a place; without one, the operation itself."""
    if place is None:
        return "the operation"
    path = ".".join([(step.node.alias or step.node.name).value for step in place.way()])
    return f"`{path if len(path) <= MAX_SHOWN else path[:MAX_SHOWN] + '…'}`"


def selection_at(place: Place | None, selection: str) -> str | None:
    """What brings a selection of the object at a place when it is merged into the operation's; None when too long."""
    for step in reversed(place.way() if place else []):
        if step.is_abstract:
            selection = f"... on {step.object_type.name} {{ {selection} }}"
        arguments = ", ".join([print_ast(argument) for argument in step.node.arguments or ()])
        alias = f"{step.node.alias.value}: " if step.node.alias else ""
        selection = f"{alias}{step.node.name.value}{f'({arguments})' if arguments else ''} {{ {selection} }}"
    return f"{{ {selection} }}" if len(selection) <= MAX_SHOWN else None

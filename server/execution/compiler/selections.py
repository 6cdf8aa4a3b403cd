"""Writes the functions of one operation: one for each selection on each type of object, shared wherever it occurs.

Which fields a selection has is asked of graphql-core's own collection, under the conditions that the operation is
compiled for: so aliases, fragments, merging and conditions are its own. What was written for a passage is taken for it
again in any other operation, unless it waits or takes arguments of the run: then it holds where it stands.

A function that leads to no field that waits takes the run and the object. Any other takes, besides, the place of the
object (pairs of the place around it and a key), the nearest place around it that may be null, and a list for the calls
that are to be waited for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from graphql import (
    FieldNode,
    GraphQLAbstractType,
    GraphQLField,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_nullable_type,
    is_abstract_type,
    is_non_null_type,
    is_object_type,
)
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetailsList,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues

from server.execution.compiler.arguments import Arguments
from server.execution.compiler.bodies import Body
from server.execution.compiler.leaves import Leaves
from server.execution.compiler.marks import (
    EXECUTION,
    WAITS,
    Call,
    UnknownOperationError,
    call_of,
    classes_of,
    path_of,
    types_by_class,
)
from server.execution.compiler.pieces import Pieces, Sheet
from server.execution.compiler.spending import fetched_weight
from server.execution.compiler.values import ByClass, Objects, Place, Values
from server.execution.compiler.waits import Wait
from server.execution.passages import Passage, passage_of

MOST_SELECTIONS = 2_000
"""Of one operation; fragments on interfaces within one another multiply."""

STILL = "s, x"
WAITING = "s, x, p, n, t"


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What is compiled: an operation, with the fragments of its document and the values that its conditions have."""

    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDetails]
    variables: VariableValues


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """The function of a selection."""

    function: Callable[..., Any]
    waits: bool
    is_tied: bool = False
    """Whether it takes arguments of the run by their number in this one operation, itself or below."""
    is_unfinished: bool = False
    """Whether anything only stands for its function, or for one below."""


class Writer(Values):
    """Writes one operation; raises UnknownOperationError where it holds what can't be compiled.

    It holds nothing that holds it, so that the operation is gone with those who hold it, and not with the collector.
    """

    def __init__(self, schema: GraphQLSchema, subject: Subject, *, pieces: Pieces, leaves: Leaves) -> None:
        super().__init__(leaves)
        self._schema = schema
        self._subject = subject
        self._pieces = pieces
        self._written: dict[tuple[object, ...], Selection] = {}
        self._unfinished: dict[tuple[object, ...], Selection] = {}
        """Of passages that are new, in part at least."""
        self._used_tied = self._used_unfinished = 0
        """How often a function of such a kind was used by another."""
        self.arguments = Arguments()

    def root(self) -> Callable[..., Any] | None:
        """The function of the whole operation, as of a selection that waits; null where a part of it is new."""
        subject, missed = self._subject, self._pieces.missed
        root_type = self._schema.get_root_type(subject.operation.operation)
        if root_type is None:
            raise UnknownOperationError
        collected = collect_fields(self._schema, subject.fragments, subject.variables, root_type, subject.operation)
        root = self._write(Sheet(), root_type, collected=collected, is_waiting=True).function
        return root if self._pieces.missed == missed else None

    def _objects(self, type_: GraphQLNamedType, details: FieldDetailsList) -> Objects:
        """The function for the values of an object type, an interface or a union."""
        if is_object_type(type_):
            selection = self._selection(type_, details, is_waiting=None)
            return Objects(function=selection.function, waits=selection.waits)
        if not is_abstract_type(type_):
            raise UnknownOperationError
        return self._by_class(type_, details)

    def _by_class(self, type_: GraphQLAbstractType, details: FieldDetailsList) -> Objects:
        types = types_by_class(self._schema, type_)
        found = {each: self._selection(each, details, is_waiting=None) for each in set(types.values())}
        waits = any(selection.waits for selection in found.values())
        if waits:
            found = {each: self._selection(each, details, is_waiting=True) for each in found}
        return Objects(function=ByClass({class_: found[each].function for class_, each in types.items()}), waits=waits)

    def _selection(self, type_: GraphQLObjectType, details: FieldDetailsList, *, is_waiting: bool | None) -> Selection:
        """The function of a selection on objects of a type, written as one that waits where it does, or if asked."""
        key = (type_, is_waiting, *[id(each.node) for each in details])
        found = self._written.get(key)
        if found is None:
            if len(self._written) >= MOST_SELECTIONS:
                raise UnknownOperationError
            write = partial(self._subselection, type_, details, is_waiting=is_waiting)
            passage = passage_of(details[0].node.selection_set) if len(details) == 1 else None
            found = write() if passage is None else self._once(passage, (type_, is_waiting), write=write)
            self._written[key] = found
        self._used_tied += found.is_tied
        self._used_unfinished += found.is_unfinished
        return found

    def _once(
        self, passage: Passage, key: tuple[GraphQLObjectType, bool | None], *, write: Callable[[], Selection]
    ) -> Selection:
        """What was written for a passage before, or is now."""
        here = (passage, *key)
        found = self._unfinished.get(here) or cast("Selection | None", passage.finding((Selection, *key)))
        if found is None:
            found = write()
            if found.waits or found.is_tied:
                return found
            if found.is_unfinished:
                self._unfinished[here] = found  # so that it is one object, as it will be when it is finished
            else:
                passage.note((Selection, *key), finding=found)
        return found

    def _subselection(
        self, type_: GraphQLObjectType, details: FieldDetailsList, *, is_waiting: bool | None
    ) -> Selection:
        subject = self._subject
        collected = collect_subfields(
            self._schema, subject.fragments, subject.variables, subject.operation, type_, details
        )
        sheet = Sheet()
        self.check_class(sheet, classes_of(type_))
        return self._write(sheet, type_, collected=collected, is_waiting=is_waiting)

    def _write(
        self, sheet: Sheet, type_: GraphQLObjectType, *, collected: CollectedFields, is_waiting: bool | None
    ) -> Selection:
        if collected.new_defer_usages:
            raise UnknownOperationError
        tied, unfinished = self._ties
        body = Body(sheet, type_, values=self)
        for key, details in collected.grouped_field_set.items():
            self._add(body, key, details=details)
        body.finish()
        waits = body.waits if is_waiting is None else is_waiting
        function = sheet.finish(WAITING if waits else STILL, self._pieces)
        is_tied, is_unfinished = self._ties[0] > tied, self._ties[1] > unfinished
        return Selection(function=function, waits=waits, is_tied=is_tied, is_unfinished=is_unfinished)

    @property
    def _ties(self) -> tuple[int, int]:
        """How often so far something was tied to the operation, and how often something was unfinished."""
        return len(self.arguments.makings) + self._used_tied, self._pieces.missed + self._used_unfinished

    def _add(self, body: Body, key: str, *, details: FieldDetailsList) -> None:
        name = details[0].node.name.value
        if name == "__typename":
            body.add(key, body.sheet.bind(body.parent.name))
            return
        field = body.parent.fields.get(name)
        if field is None or any(_is_incremental(each.node) for each in details):
            raise UnknownOperationError
        path, call = path_of(field), call_of(field)
        weight = fetched_weight(field)
        if path is not None:
            body.add_value(key, _counted(f"x.{path}", weight), type_=field.type, details=details)
            return
        if call is None:
            raise UnknownOperationError
        source = self._called(body.sheet, field, node=details[0].node, call=call)
        if field.extensions[EXECUTION] == WAITS:
            value = self._completion(field, details)
            wait = Wait(
                key=key,
                parent_type=body.parent,
                field=field,
                details=details,
                is_nullable=not is_non_null_type(field.type),
                value=value,
            )
            body.add_wait(wait, f"s.take({weight}) or {source}" if weight else source)
        else:
            body.add_value(key, _counted(source, weight), type_=field.type, details=details)

    def _called(self, sheet: Sheet, field: GraphQLField, *, node: FieldNode, call: Call) -> str:
        given = [f"{call.parent}=x"] if call.parent else []
        if call.info:
            given.append(f"{call.info}=s.info")
        given += self.arguments.written(sheet, field, node=node, call=call)
        return f"{sheet.bind(call.function)}({', '.join(given)})"

    def _completion(self, field: GraphQLField, details: FieldDetailsList) -> Callable[..., Any]:
        """The function that completes what a field that waits has given; it is told what a null empties."""
        sheet, type_, weight = Sheet(), field.type, fetched_weight(field)
        if weight:
            sheet.line(f"s.take_rest({weight}, x)")
        if not is_non_null_type(type_):
            sheet.line("if x is None: return None")
        settled: Any = get_nullable_type(type_)
        written = self.expression(sheet, GraphQLNonNull(settled), details=details, place=Place(name="x"))
        sheet.line(f"return {written}")
        return sheet.finish(WAITING, self._pieces)


def _counted(source: str, weight: int) -> str:
    """What gives the value of a field and counts what was fetched for it."""
    return f"s.take({weight}, {source})" if weight else source


def _is_incremental(node: FieldNode) -> bool:
    return any(directive.name.value == "stream" for directive in node.directives or ())

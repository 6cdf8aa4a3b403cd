"""The disclaimer rule: health content is not selected without `disclaimers { text }` in the same answer's scope.

The specification is the description of `@requiresDisclaimer`. Where it leaves room, it is read so:

- **Scope.** `Answer` and `AnswerSearchEdge` are scopes. Content on a scope is covered by that object alone; content on
  any other object by that object or by the nearest scope around it. So no answer covers another, nor itself met again
  through `section.answer`, and an edge covers its snippet but not its `node`, which is the nearer scope.
- **Operations.** Every operation of a document is checked, also those not executed. A fragment is checked wherever it
  is spread, for every concrete type that the object there may have.
- **Conditions** count by their text: `@skip(if: false)` is one too. One on the way from the object to `text`
  disqualifies that selection. One outside the object does not matter while it governs content and disclaimers alike;
  where several fields merge into the object, disclaimers cover the content that has all the conditions they have.
- **Doubt.** A schema without marks raises; an operation too large or too intertwined to be checked is refused.

An operation is walked as execution would walk it, without recursion: response objects of one type that merge the same
selection sets under the same conditions are one, which bounds the work for fragments that multiply.
"""

from collections import deque
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLObjectType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    print_ast,
)
from graphql.validation import ValidationContext, ValidationRule

from schema.rules.marks import content_fields, possible_types
from schema.rules.places import Place, path_of, selection_at
from server.errors.requests import DisclaimerRequiredError
from server.execution.passages import Passage, passage_of

SCOPES = frozenset({"Answer", "AnswerSearchEdge"})
CONDITIONAL_DIRECTIVES = frozenset({"skip", "include", "defer", "stream"})
MAX_ERRORS = 10
MAX_STEPS = 50_000  # a third of a second at worst; a client's largest page takes some hundreds

Conditions: TypeAlias = frozenset[tuple[str, str]]
UNCONDITIONAL: Conditions = frozenset()
ALWAYS = frozenset({UNCONDITIONAL})
NEVER: frozenset[Conditions] = frozenset()


class Part(NamedTuple):
    """A selection set that merges into a response object, with the conditions under which it does."""

    selections: SelectionSetNode
    conditions: Conditions


class Selected(NamedTuple):
    """A field as selected on an object; `direct` when no condition stands between the object and it, or on it."""

    node: FieldNode
    conditions: Conditions
    direct: bool


Fields: TypeAlias = dict[tuple[str, str], list[Selected]]
"""What is selected on an object, by response key and name of the field."""


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class ResponseObject:
    """All objects of one type that execution may put at a place."""

    object_type: GraphQLObjectType
    parts: tuple[Part, ...]
    place: Place | None
    scope: Place | None
    """The nearest `Answer` or `AnswerSearchEdge` around it."""
    cover: frozenset[Conditions]
    """The conditions under each of which that one's disclaimers come."""

    def normalized(self) -> "ResponseObject":
        """The same without the conditions that all parts share: they govern the whole object."""
        shared = frozenset.intersection(*[part.conditions for part in self.parts])
        parts = {(id(part.selections), part.conditions): part for part in self.parts}.values()
        outer = () if self.object_type.name in SCOPES else self.cover
        cover = frozenset([conditions - shared for conditions in outer])
        return ResponseObject(
            object_type=self.object_type,
            parts=tuple([Part(part.selections, part.conditions - shared) for part in parts]),
            place=self.place,
            scope=self.scope,
            cover=ALWAYS if UNCONDITIONAL in cover else cover,
        )

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for objects of which the same is to be said."""
        parts = frozenset([(id(part.selections), part.conditions) for part in self.parts])
        is_independent = self.cover is ALWAYS or self.object_type.name in SCOPES
        return self.object_type.name, parts, self.cover, None if is_independent else self.scope


class RequiresDisclaimerRule(ValidationRule):
    """Refuses operations that select content without its disclaimers."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._schema = context.schema
        self._content = content_fields(context.schema)
        self._seen: set[tuple[object, ...]] = set()
        self._begun: list[tuple[Passage, Hashable]] = []
        self._queue: deque[ResponseObject] = deque()
        self._with_text: dict[tuple[int, tuple[GraphQLObjectType, ...]], bool] = {}
        self._errors = 0
        self._steps = MAX_STEPS

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: object) -> None:
        """Check all that the operation may return."""
        root = self._schema.get_root_type(node.operation)
        if root is None or root.name not in self._content or self._is_over:
            return
        parts = (Part(node.selection_set, UNCONDITIONAL),)
        self._enqueue(ResponseObject(object_type=root, parts=parts, place=None, scope=None, cover=NEVER))
        while self._queue and not self._is_over:
            self._check(self._queue.popleft())
        if self._steps <= 0:
            self._refuse("The operation is too large or too intertwined to be checked for disclaimers: split it.", node)
        for passage, key in [] if self._errors else self._begun:
            passage.note(key, finding=True)

    @property
    def _is_over(self) -> bool:
        return self._steps <= 0 or self._errors >= MAX_ERRORS

    def _enqueue(self, found: ResponseObject) -> None:
        found = found.normalized()
        if found.key in self._seen:
            return
        self._seen.add(found.key)
        passage = passage_of(found.parts[0].selections) if len(found.parts) == 1 else None
        if passage is not None and found.cover in (ALWAYS, NEVER):
            key = (RequiresDisclaimerRule, found.object_type.name, found.cover)
            if passage.finding(key):
                return  # nothing is wrong with it wherever it stands
            self._begun.append((passage, key))
        self._queue.append(found)

    def _check(self, found: ResponseObject) -> None:
        fields = self._collect(found.object_type, found.parts)
        own = frozenset(self._own_disclaimers(found.object_type, fields))
        is_scope = found.object_type.name in SCOPES
        cover, scope = (own, found.place) if is_scope else (found.cover, found.scope)
        content = self._content[found.object_type.name]
        selected = [field for (_, name), group in fields.items() if name in content for field in group]
        bare = [field.node for field in selected if not self._is_covered(field.conditions, own | cover)]
        if self._steps <= 0:
            return
        if bare:
            self._report(found, scope, bare=bare)
        for place, parts in self._children(found, fields):
            self._enqueue(
                ResponseObject(object_type=place.object_type, parts=parts, place=place, scope=scope, cover=cover)
            )

    def _children(self, found: ResponseObject, fields: Fields) -> Iterator[tuple[Place, tuple[Part, ...]]]:
        for (_, name), group in fields.items():
            field = found.object_type.fields.get(name)
            parts = tuple([Part(node.selection_set, on) for node, on, _ in group if node.selection_set])
            if field is None or not parts:
                continue
            types = [each for each in possible_types(self._schema, field.type) if each.name in self._content]
            for object_type in types:
                is_abstract = object_type is not get_named_type(field.type)
                place = Place(parent=found.place, node=group[0].node, object_type=object_type, is_abstract=is_abstract)
                yield place, parts

    def _collect(self, object_type: GraphQLObjectType, parts: tuple[Part, ...]) -> Fields:
        """What execution's CollectFields gives for the type, each field with the conditions under which it comes."""
        fields: Fields = {}
        visited: dict[str, list[tuple[Conditions, bool]]] = {}
        stack = [(part.selections, part.conditions, True) for part in reversed(parts)]
        while stack and self._steps > 0:
            selection_set, outer, is_direct = stack.pop()
            self._steps -= len(selection_set.selections) + 1
            for node in selection_set.selections:
                own = conditions_of(node)
                conditions, direct = outer | own, is_direct and not own
                if isinstance(node, FieldNode):
                    name = node.name.value
                    key = node.alias.value if node.alias else name
                    fields.setdefault((key, name), []).append(Selected(node, conditions, direct))
                    continue
                fragment = self._fragment(node)
                if fragment is None or not self._applies(fragment, object_type):
                    continue
                if isinstance(fragment, FragmentDefinitionNode):
                    earlier = visited.setdefault(fragment.name.value, [])
                    self._steps -= len(earlier)
                    if any(before <= conditions and (was or not direct) for before, was in earlier):
                        continue  # all that it brings is there already, under no more conditions
                    earlier.append((conditions, direct))
                stack.append((fragment.selection_set, conditions, direct))
        return fields

    def _fragment(self, node: SelectionNode) -> InlineFragmentNode | FragmentDefinitionNode | None:
        if isinstance(node, InlineFragmentNode):
            return node
        fragment = self.context.get_fragment(cast("FragmentSpreadNode", node).name.value)
        if fragment and fragment.variable_definitions:
            self._steps = 0  # the same text is another condition in another spread: not to be compared
        return fragment

    def _applies(self, fragment: InlineFragmentNode | FragmentDefinitionNode, object_type: GraphQLObjectType) -> bool:
        condition = fragment.type_condition
        if condition is None or condition.name.value == object_type.name:
            return True
        named = self._schema.get_type(condition.name.value)
        return is_abstract_type(named) and self._schema.is_sub_type(named, object_type)

    def _is_covered(self, conditions: Conditions, cover: frozenset[Conditions]) -> bool:
        if UNCONDITIONAL in cover or conditions in cover or self._steps <= 0:
            return True  # when the steps are used up, the operation is refused anyway
        self._steps -= len(cover)
        return any(under <= conditions for under in cover)

    def _own_disclaimers(self, object_type: GraphQLObjectType, fields: Fields) -> Iterator[Conditions]:
        """The conditions of the object's parts that select its disclaimers with their text."""
        field = object_type.fields.get("disclaimers")
        if field is None:
            return
        types = possible_types(self._schema, field.type)
        for (_, name), group in fields.items():
            for node, conditions, direct in group if name == "disclaimers" else ():
                if direct and not node.arguments and self._has_text(node, types):
                    yield conditions

    def _has_text(self, node: FieldNode, types: tuple[GraphQLObjectType, ...]) -> bool:
        if not node.selection_set or not types:
            return False
        key = (id(node), types)
        if key not in self._with_text:
            parts = (Part(node.selection_set, UNCONDITIONAL),)
            self._with_text[key] = all(selects_text(self._collect(object_type, parts)) for object_type in types)
        return self._with_text[key]

    def _report(self, found: ResponseObject, scope: Place | None, *, bare: list[FieldNode]) -> None:
        bearer = scope or found.place
        where = path_of(found.place)
        places = where if bearer is found.place else f"{path_of(bearer)} or {where}"
        names = ", ".join([f"`{name}`" for name in dict.fromkeys([node.name.value for node in bare])])
        message = (
            f"{where} selects {names} of {found.object_type.name}, health content that must not travel without its "
            f"disclaimers: add `disclaimers {{ text }}` to {places}, with no @skip, @include, @defer or @stream "
            "on it or on a fragment around it."
        )
        nodes = {id(node): node for node in bare}.values()
        self._refuse(message, *nodes, suggestion=selection_at(bearer, "disclaimers { text }"))

    def _refuse(self, message: str, *nodes: FieldNode | OperationDefinitionNode, suggestion: str | None = None) -> None:
        self._errors += 1
        extensions = {"code": DisclaimerRequiredError.code}
        if suggestion:
            extensions["suggestion"] = suggestion
        self.report_error(GraphQLError(message, list(nodes[:MAX_ERRORS]), extensions=extensions))


def conditions_of(node: SelectionNode) -> Conditions:
    """The conditions that stand on a selection; of two directives of one name the first counts, as in execution."""
    if not node.directives:
        return UNCONDITIONAL
    found: dict[str, str] = {}
    for directive in node.directives:
        name = directive.name.value
        if name in ("skip", "include"):
            found.setdefault(name, " ".join([text_of(argument.value) for argument in directive.arguments or ()]))
        elif name in CONDITIONAL_DIRECTIVES:
            found.setdefault(name, str(id(directive)))  # what comes later, comes with the same directive's payload only
    return frozenset(found.items())


def text_of(value: ValueNode) -> str:
    """A value as it is written."""
    return f"${value.name.value}" if isinstance(value, VariableNode) else print_ast(value)


def selects_text(fields: Fields) -> bool:
    """Whether `text` is selected, without conditions."""
    return any(
        name == "text" and any(direct and not node.arguments for node, _, direct in group)
        for (_, name), group in fields.items()
    )

"""Operations over the contract, made by chance, and what execution gives for them."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLNamedType,
    GraphQLSchema,
    NameNode,
    SelectionSetNode,
    Visitor,
    execute_sync,
    get_named_type,
    is_abstract_type,
    is_enum_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    visit,
)
from hypothesis import strategies as st

from schema.rules.marks import is_marked

CONDITIONS = ("@include(if: $a)", "@include(if: $a)", "@skip(if: $a)", "@include(if: $b)", "@include(if: true)")
ARGUMENTS = {
    "answer": '(slug: "a")', "topic": '(slug: "a")', "node": '(id: "a")', "nodes": '(ids: ["a"])',
    "search": '(query: "a")', "section": '(anchor: "a")',
}  # fmt: skip
FRAGMENTS = ("Query", "Answer", "Node")
PREFERRED = {
    "Query": ("answer", "answer", "answer", "nodes", "search"),
    "Answer": ("jsonLd", "body", "sections", "sections", "relatedAnswers"),
    "Section": ("blocks", "body", "answer"),
}
"""Fields that are drawn most, so that selections often merge into one object."""
LEAVES = ("id", "text", "jsonLd")
TYPENAME = "t_ypename"
LEAF = {"Int": 1, "Float": 1.0, "Boolean": True}


class Maker:
    """Draws one operation, with or without conditions."""

    def __init__(self, draw: st.DrawFn, schema: GraphQLSchema, *, conditional: bool) -> None:
        self.draw = draw
        self.schema = schema
        self.conditional = conditional

    def operation(self) -> str:
        """The operation's text with its fragments, each of which spreads later ones only."""
        fragments = [
            f"fragment F{number} on {name} {self.selections(self.schema.type_map[name], depth=2, spread=number + 1)}"
            for number, name in enumerate(FRAGMENTS)
        ]
        query = self.selections(self.schema.type_map["Query"], depth=5, spread=0)
        variables = "query ($a: Boolean!, $b: Boolean!) " if self.conditional else ""
        return "\n".join([variables + query, *fragments])

    def chance(self, percent: int) -> bool:
        return self.draw(st.integers(0, 99)) < percent

    def condition(self) -> str:
        return self.draw(st.sampled_from(CONDITIONS)) if self.conditional and self.chance(30) else ""

    def selections(self, named: GraphQLNamedType, *, depth: int, spread: int) -> str:
        count = self.draw(st.integers(1, 4))
        made = [self.selection(named, depth=depth, spread=spread) for _ in range(count)]
        if "disclaimers" in getattr(named, "fields", {}) and self.chance(50):
            made.append(f"disclaimers {self.condition()} {{ {self.draw(st.sampled_from(['text', 'text', 'id']))} }}")
        return f"{{ {' '.join(made)} }}"

    def selection(self, named: GraphQLNamedType, *, depth: int, spread: int) -> str:
        if depth > 0 and self.chance(25):
            return self.fragment(named, depth=depth, spread=spread)
        fields = [name for name, field in named.fields.items() if self.is_of_interest(name, field, depth)]
        if not fields:
            return "__typename"
        preferred = [name for name in PREFERRED.get(named.name, ()) if name in fields]
        name = self.draw(st.sampled_from(preferred if preferred and self.chance(80) else fields))
        child = get_named_type(named.fields[name].type)
        below = "" if is_leaf_type(child) else self.selections(child, depth=depth - 1, spread=spread)
        alias = f"x_{name}: " if self.chance(15) else ""
        return f"{alias}{name}{ARGUMENTS.get(name, '') if named.fields[name].args else ''} {self.condition()} {below}"

    def is_of_interest(self, name: str, field: Any, depth: int) -> bool:
        is_leaf = is_leaf_type(get_named_type(field.type))
        return name in LEAVES if is_leaf else depth > 0 or is_marked(field)

    def fragment(self, named: GraphQLNamedType, *, depth: int, spread: int) -> str:
        if spread < len(FRAGMENTS) and self.chance(60):
            return f"...F{self.draw(st.integers(spread, len(FRAGMENTS) - 1))} {self.condition()}"
        if not is_abstract_type(named):
            return f"... {self.condition()} {self.selections(named, depth=depth - 1, spread=spread)}"
        concrete = self.draw(st.sampled_from(self.schema.get_possible_types(named)))
        below = self.selections(concrete, depth=depth, spread=spread)
        return f"... on {concrete.name} {self.condition()} {below}"


def operations(schema: GraphQLSchema, *, conditional: bool) -> st.SearchStrategy[str]:
    """Texts of operations."""

    @st.composite
    def made(draw: st.DrawFn) -> str:
        return Maker(draw, schema, conditional=conditional).operation()

    return made()


class TypenameAdder(Visitor):
    """Asks every object for its type."""

    def leave_selection_set(self, node: SelectionSetNode, *_: Any) -> SelectionSetNode:
        typename = FieldNode(name=NameNode(value="__typename"), alias=NameNode(value=TYPENAME))
        return SelectionSetNode(selections=(*node.selections, typename))


def value_of(schema: GraphQLSchema, output: Any, choice: int) -> Any:
    """Something of a type; of an abstract one, in a list, one of each type."""
    if is_non_null_type(output):
        return value_of(schema, output.of_type, choice)
    if is_list_type(output):
        named = get_named_type(output)
        count = len(schema.get_possible_types(named)) if is_abstract_type(named) else 1
        return [value_of(schema, output.of_type, item) for item in range(count)]
    if is_abstract_type(output):
        types = schema.get_possible_types(output)
        return types[choice % len(types)].name
    if is_enum_type(output):
        return next(iter(output.values.values())).value
    return LEAF.get(output.name, output.name)


def execute(schema: GraphQLSchema, document: DocumentNode, variables: dict[str, bool], choice: int) -> dict[str, Any]:
    """The data that graphql-core gives where every field has a value and `node` finds the type of that number."""
    result = execute_sync(
        schema,
        visit(document, TypenameAdder()),
        variable_values=variables,
        field_resolver=lambda _source, info, **_: value_of(schema, info.return_type, choice),
        type_resolver=lambda value, *_: value,
    )
    assert (result.data is None, result.errors) == (False, None)
    return result.data


def bare_content(schema: GraphQLSchema, data: Any, scope: dict[str, Any] | None = None) -> Iterator[str]:
    """The content in a response that neither its object nor the nearest answer or edge brings disclaimers for."""
    if isinstance(data, list):
        for item in data:
            yield from bare_content(schema, item, scope)
    if not isinstance(data, dict):
        return
    named = schema.type_map[data[TYPENAME]]
    scope = data if named.name in ("Answer", "AnswerSearchEdge") else scope
    covered = bears_disclaimers(data) or (scope is not None and bears_disclaimers(scope))
    for key, value in data.items():
        field = named.fields.get(key.rpartition("_")[2])
        if field and is_marked(field) and not covered:
            yield f"{named.name}.{key}"
        yield from bare_content(schema, value, scope)


def bears_disclaimers(data: dict[str, Any]) -> bool:
    """Whether an object in a response has its disclaimers with their texts."""
    lists = [value for key, value in data.items() if key.rpartition("_")[2] == "disclaimers"]
    return any(all("text" in [key.rpartition("_")[2] for key in item] for item in found) for found in lists)

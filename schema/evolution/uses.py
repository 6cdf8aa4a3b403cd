"""What a document leans on in a schema, each use with the line where it stands first.

A use is written as a coordinate of the schema, with what is done to it where that is not plain from it:

- `Answer.title`, `Query.answers(first:)`, `AnswerFilter.topics`, `AnswerOrder.QUESTION`: selected, given, written;
- `-Query.answers(first:)`, `-AnswerFilter.topics`: left out, or left to a variable that may be;
- `on Answer`: a fragment's type; `from X`: a field of that type is selected; `to X`: a variable holds values of that
  type, whatever is in them; `as X`: such an input object is written out.

https://spec.graphql.org/draft/#sec-Schema-Coordinates
"""

from collections.abc import Iterator

from graphql import (
    ArgumentNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    Node,
    NonNullTypeNode,
    ObjectValueNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    get_named_type,
    is_input_object_type,
    parse,
    type_from_ast,
    visit,
)


def uses_of(text: str, schema: GraphQLSchema) -> dict[str, int]:
    """The uses of a document that is GraphQL, and where each stands first."""
    document = parse(text)
    info = TypeInfo(schema)
    collector = _Collector(info, schema, document=document)
    visit(document, TypeInfoVisitor(info, collector))
    return collector.uses


class _Collector(Visitor):
    def __init__(self, info: TypeInfo, schema: GraphQLSchema, *, document: DocumentNode) -> None:
        super().__init__()
        self.uses: dict[str, int] = {}
        self._info = info
        self._schema = schema
        self._optional = {
            definition.variable.name.value for definition in _variables(document) if _may_lack(definition)
        }

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent, field = self._info.get_parent_type(), self._info.get_field_def()
        if parent is None or field is None:
            return
        place = f"{parent.name}.{node.name.value}"
        self._note(place, node)
        self._note(f"from {get_named_type(field.type).name}", node)
        self._arguments(node, field, place=place)

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: object) -> None:
        if node.type_condition:
            self._note(f"on {node.type_condition.name.value}", node)

    def enter_fragment_definition(self, node: FragmentDefinitionNode, *_: object) -> None:
        self._note(f"on {node.type_condition.name.value}", node)

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: object) -> None:
        type_ = type_from_ast(self._schema, node.type)
        for reached in reached_inputs(get_named_type(type_)) if type_ else ():
            self._note(f"to {reached.name}", node)

    def enter_object_value(self, node: ObjectValueNode, *_: object) -> None:
        type_ = get_named_type(self._info.get_input_type())
        if not isinstance(type_, GraphQLInputObjectType):
            return
        self._note(f"as {type_.name}", node)
        given = {field.name.value: field.value for field in node.fields}
        for name in type_.fields:
            self._member(f"{type_.name}.{name}", given.get(name), node=node)

    def enter_enum_value(self, node: EnumValueNode, *_: object) -> None:
        type_ = get_named_type(self._info.get_input_type())
        if type_ is not None:
            self._note(f"{type_.name}.{node.value}", node)

    def _arguments(self, node: FieldNode, field: GraphQLField, *, place: str) -> None:
        given: dict[str, ArgumentNode] = {argument.name.value: argument for argument in node.arguments or ()}
        for name in field.args:
            self._member(f"{place}({name}:)", given[name].value if name in given else None, node=node)

    def _member(self, place: str, value: Node | None, *, node: Node) -> None:
        """An argument, or a field of an input object."""
        if value is not None:
            self._note(place, value)
        if value is None or (isinstance(value, VariableNode) and value.name.value in self._optional):
            self._note(f"-{place}", node)

    def _note(self, use: str, node: Node) -> None:
        self.uses.setdefault(use, node.loc.start_token.line if node.loc else 1)


def _variables(document: DocumentNode) -> Iterator[VariableDefinitionNode]:
    for definition in document.definitions:
        yield from getattr(definition, "variable_definitions", None) or ()


def _may_lack(definition: VariableDefinitionNode) -> bool:
    return definition.default_value is None and not isinstance(definition.type, NonNullTypeNode)


def reached_inputs(type_: GraphQLNamedType) -> list[GraphQLNamedType]:
    """The input types of all that a value of a type may hold, itself included."""
    reached = {type_.name: type_}
    waiting = [type_]
    while waiting:
        found = waiting.pop()
        if is_input_object_type(found):
            inner = [get_named_type(field.type) for field in found.fields.values()]
            new = {each.name: each for each in inner if each.name not in reached}
            reached |= new
            waiting += new.values()
    return list(reached.values())

"""Places in a response, as a client reads of them."""

from graphql import GraphQLSchema, parse

from schema.rules.places import MAX_SHOWN, Place, path_of, selection_at


def place(
    schema: GraphQLSchema, field: str, type_name: str, *, parent: Place | None = None, is_abstract=False
) -> Place:
    node = parse(f"{{ {field} }}").definitions[0].selection_set.selections[0]
    return Place(parent=parent, node=node, object_type=schema.type_map[type_name], is_abstract=is_abstract)


def test_a_path_holds_the_response_keys(contract):
    answer = place(contract, 'a: answer(slug: "b")', "Answer")
    assert path_of(place(contract, "sections", "Section", parent=answer)) == "`a.sections`"


def test_without_a_place_the_operation_is_meant(contract):
    assert (path_of(None), selection_at(None, "x")) == ("the operation", "{ x }")


def test_a_selection_at_a_place_merges_into_the_one_that_is_there(contract):
    node = place(contract, "b: node(id: $id) @skip(if: $x) { id }", "Section", is_abstract=True)
    answer = place(contract, 'answer(slug: "c") { id }', "Answer", parent=node)
    selected = selection_at(answer, "d { e }")
    assert selected == '{ b: node(id: $id) { ... on Section { answer(slug: "c") { d { e } } } } }'


def test_what_is_too_long_is_cut_or_left_out(contract):
    answer = place(contract, f'{"a" * MAX_SHOWN}b: answer(slug: "c")', "Answer")
    assert path_of(answer) == f"`{'a' * MAX_SHOWN}…`"
    assert selection_at(answer, "d") is None

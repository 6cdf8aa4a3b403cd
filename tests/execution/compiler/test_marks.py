import pytest
from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, GraphQLString, GraphQLUnionType

from server.execution.compiler.marks import Call, UnknownOperationError, call_of, classes_of, path_of, types_by_class


def field(**extensions):
    return GraphQLField(GraphQLString, extensions=extensions)


@pytest.mark.parametrize(
    ("extensions", "path"),
    [
        ({"execution": "attribute", "path": "a.b_c"}, "a.b_c"),
        ({"execution": "function", "path": "a"}, None),
        ({"execution": "attribute"}, None),
        ({"execution": "attribute", "path": "a.class"}, None),
        ({"execution": "attribute", "path": "a)"}, None),
        ({"execution": "attribute", "path": ""}, None),
        ({}, None),
    ],
)
def test_a_path_is_made_of_names(extensions, path):
    assert path_of(field(**extensions)) == path


def test_a_call_takes_parameters_that_are_names():
    call = Call(function=len, parent="parent")

    assert call_of(field(execution="waits", call=call)) is call
    assert call_of(field(execution="waits", call=Call(function=len, info="if"))) is None
    assert call_of(field(execution="waits")) is None
    assert call_of(field(execution="attribute", call=call)) is None


def test_a_type_is_known_by_its_classes_or_takes_anything():
    fields = {"a": field()}

    assert classes_of(GraphQLObjectType("A", fields, extensions={"classes": (int, str)})) == {int, str}
    assert classes_of(GraphQLObjectType("A", fields)) is None
    with pytest.raises(UnknownOperationError):
        classes_of(GraphQLObjectType("A", fields, is_type_of=lambda *_: True))


@pytest.mark.parametrize(("first", "second"), [((bool,), (int,)), ((int,), (bool,)), ((int,), (int,))])
def test_classes_of_which_one_is_below_another_do_not_tell_types(first, second):
    types = [
        GraphQLObjectType(name, {"a": field()}, extensions={"classes": classes})
        for name, classes in (("A", first), ("B", second))
    ]
    union = GraphQLUnionType("U", types, extensions={"by_class": True})
    schema = GraphQLSchema(GraphQLObjectType("Query", {"u": GraphQLField(union)}))

    with pytest.raises(UnknownOperationError):
        types_by_class(schema, union)

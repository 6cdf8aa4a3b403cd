from pathlib import Path

from graphql import GraphQLSchema, print_schema, print_type
from graphql import build_schema as from_sdl
from graphql.type import (
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_introspection_type,
    is_object_type,
    is_specified_directive,
    is_specified_scalar_type,
)

import schema as package
from schema import build
from schema.build import build_schema, sdl

EXPORTED = Path(package.__file__).with_name("schema.graphql")
MARKED = {
    "Answer.summary",
    "Answer.body",
    "Answer.jsonLd",
    "Section.blocks",
    "Section.body",
    "AnswerSearchEdge.snippet",
}
WAITS = {
    "AnswerSearchConnection.topicFacets",
    "Query.node",
    "Query.nodes",
    "Query.answer",
    "Query.answers",
    "Query.search",
    "Query.topic",
    "Query.topics",
    "Query.sources",
    "Query.suggest",
    "Query.changes",
    "Subscription.contentChanged",
    "ClientUsage.answers",
    "ClientUsage.fields",
    "Answer.relatedAnswers",
    "Answer.translations",
    "AnswerConnection.totalCount",
    "Citation.section",
    "Citation.source",
    "FollowUpQuestion.answer",
    "Provenance.groundedIn",
    "Retraction.replacement",
    "Section.answer",
    "Section.disclaimers",
    "Source.citedBy",
    "Source.supersededBy",
    "SourceConnection.totalCount",
    "Topic.answers",
    "Topic.children",
    "Topic.parent",
    "TopicConnection.totalCount",
}


def _own_types(schema: GraphQLSchema) -> dict:
    return {
        name: type_
        for name, type_ in schema.type_map.items()
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_)
    }


def _fields(schema: GraphQLSchema) -> dict:
    return {
        f"{name}.{key}": field
        for name, type_ in _own_types(schema).items()
        if is_object_type(type_) or is_interface_type(type_)
        for key, field in type_.fields.items()
    }


def _printed(schema: GraphQLSchema) -> dict[str, str]:
    return {name: print_type(type_) for name, type_ in schema.type_map.items()}


def test_the_exported_schema_is_the_one_that_is_served() -> None:
    assert EXPORTED.read_text(encoding="utf-8") == sdl()


def test_the_sdl_says_what_is_executed(schema: GraphQLSchema) -> None:
    assert _printed(from_sdl(sdl())) == _printed(schema)


def test_everything_has_a_description(schema: GraphQLSchema) -> None:
    described = {f"@{each.name}": each for each in schema.directives if not is_specified_directive(each)}
    for name, type_ in _own_types(schema).items():
        described[name] = type_
        if is_enum_type(type_):
            described |= {f"{name}.{key}": value for key, value in type_.values.items()}
        if is_input_object_type(type_):
            described |= {f"{name}.{key}": field for key, field in type_.fields.items()}
    for place, field in _fields(schema).items():
        described |= {place: field, **{f"{place}({key})": argument for key, argument in field.args.items()}}

    assert [place for place, each in described.items() if not (each.description or "").endswith(".")] == []


def test_a_field_that_may_be_null_says_why(schema: GraphQLSchema) -> None:
    nullable = [place for place, field in _fields(schema).items() if not str(field.type).endswith("!")]

    assert [place for place in nullable if "null" not in _fields(schema)[place].description] == []


def test_health_content_is_marked(schema: GraphQLSchema) -> None:
    assert {place for place, field in _fields(schema).items() if field.extensions.get("requires_disclaimer")} == MARKED


def test_the_extensions_of_a_field_say_how_it_is_executed(schema: GraphQLSchema) -> None:
    kinds = {place: field.extensions["execution"] for place, field in _fields(schema).items()}

    assert set(kinds.values()) == {"attribute", "function", "waits"}
    assert {place for place, kind in kinds.items() if kind == "waits"} == WAITS


def test_an_attribute_says_where_it_stands(schema: GraphQLSchema) -> None:
    fields = _fields(schema)

    assert fields["Answer.publishedAt"].extensions["path"] == "published_at"
    assert fields["Answer.evidence"].extensions["path"] == "caveats.evidence"
    assert all("path" in each.extensions for each in fields.values() if each.extensions["execution"] == "attribute")


def test_two_schemas_are_the_same() -> None:
    first = build_schema()
    build._declared.cache_clear()
    second = build_schema()

    assert second is not first
    assert print_schema(second) == print_schema(first)

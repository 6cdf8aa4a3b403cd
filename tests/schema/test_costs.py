import re
from pathlib import Path

import pytest
from graphql import (
    GraphQLSchema,
    build_schema,
    get_introspection_query,
    get_named_type,
    is_composite_type,
    is_interface_type,
    is_list_type,
    is_object_type,
    parse,
)

from schema.build import sdl
from server.execution.cost import LIST_SIZE, Costing
from server.limits import AnonymousLimits, Limits

ANONYMOUS = AnonymousLimits()
README = Path(__file__).parents[2].joinpath("README.md").read_text(encoding="utf-8")

FULL_PAGE = """
    title
    disclaimers { text }
    sources { title url }
    sections {
      heading
      blocks {
        ... on ParagraphBlock { content { spans { text marks citation { number } } } }
        ... on ListBlock { items { lead { text } content { spans { text } } } }
        ... on StepsBlock { steps { title blocks { text } } }
      }
    }
"""


def cost_of(schema: GraphQLSchema, query: str) -> int:
    operation, *fragments = parse(query).definitions
    return Costing(schema, {each.name.value: each for each in fragments}, variables={}).cost(operation)


def fields(schema: GraphQLSchema):
    return {
        f"{type_.name}.{name}": field
        for type_ in schema.type_map.values()
        if is_object_type(type_) and not type_.name.startswith("__")
        for name, field in type_.fields.items()
    }


def is_list_of_objects(field) -> bool:
    type_ = getattr(field.type, "of_type", field.type)
    return is_list_type(type_) and is_composite_type(get_named_type(type_))


def applied(element, name):
    """The arguments of a directive where it is applied, as they are written."""
    for directive in element.ast_node.directives or ():
        if directive.name.value == name:
            return {each.name.value: each.value for each in directive.arguments}
    return None


def names(literal) -> list[str]:
    return [each.value for each in literal.values]


def test_every_list_of_objects_has_a_length(schema: GraphQLSchema) -> None:
    sized = {
        f"{get_named_type(field.type)}.{name}"
        for field in fields(schema).values()
        for name in getattr(field.extensions.get(LIST_SIZE), "sized_fields", ())
    }

    lists = {place for place, field in fields(schema).items() if is_list_of_objects(field)}

    assert {place for place in lists if LIST_SIZE not in fields(schema)[place].extensions} == sized


def test_whatever_waits_is_taken_for_fetched_but_for_what_a_search_weighs_already(schema: GraphQLSchema) -> None:
    waiting = {place for place, field in fields(schema).items() if field.extensions["execution"] == "waits"}
    counted = "AnswerSearchConnection.topicFacets"  # by the search, until it was counted only where it is asked for

    assert {place for place in waiting if fields(schema)[place].extensions.get("weight") != 10} == {counted}


def test_the_directives_are_those_of_the_specification() -> None:
    served = build_schema(sdl())
    cost, size = served.get_directive("cost"), served.get_directive("listSize")

    assert {name: str(each.type) for name, each in cost.args.items()} == {"weight": "String!"}
    assert {name: str(each.type) for name, each in size.args.items()} == {
        "assumedSize": "Int",
        "slicingArguments": "[String!]",
        "sizedFields": "[String!]",
        "requireOneSlicingArgument": "Boolean",
    }
    assert {each.name for each in cost.locations} == {
        "ARGUMENT_DEFINITION",
        "ENUM",
        "FIELD_DEFINITION",
        "INPUT_FIELD_DEFINITION",
        "OBJECT",
        "SCALAR",
    }
    assert [each.name for each in size.locations] == ["FIELD_DEFINITION"]


def test_no_field_of_an_interface_has_a_cost() -> None:
    """https://ibm.github.io/graphql-specs/cost-spec.html#sec-No-Cost-on-Interface-Fields."""
    interfaces = [each for each in build_schema(sdl()).type_map.values() if is_interface_type(each)]

    assert [field for each in interfaces for field in each.fields.values() if applied(field, "cost")] == []


def test_sizes_are_of_lists_and_said_by_numbers() -> None:
    """https://ibm.github.io/graphql-specs/cost-spec.html#sec-List-Size-Directive."""
    for place, field in fields(build_schema(sdl())).items():
        size = applied(field, "listSize")
        if size is None:
            continue
        for name in names(size["slicingArguments"]) if "slicingArguments" in size else ():
            assert str(field.args[name].type).removesuffix("!") == "Int", place
        if "sizedFields" in size:
            within = get_named_type(field.type).fields
            assert all(is_list_of_objects(within[name]) for name in names(size["sizedFields"])), place
        else:
            assert is_list_of_objects(field), place


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ('{ answer(slug: "a") { title disclaimers { text } body { html } } }', 10 + 4 + 1 + 10),
        (
            '{ answer(slug: "a") { body { html markdown text } summary { html markdown text } jsonLd } }',
            10 + 31 + 3 + 20,
        ),
        ('{ answer(slug: "a") { sections { blocks { html text } } } }', 10 + 6 * (1 + 3 * (1 + 2))),
        ('{ answer(slug: "a") { sections { blocks { ... on ListBlock { items { text } } } } } }', 10 + 6 * (1 + 3 * 9)),
        ('{ answer(slug: "a") { a: jsonLd b: jsonLd c: title } }', 10 + 20 + 20 + 1),
        (f'{{ answer(slug: "a") {{ {FULL_PAGE} }} }}', 10 + 4 + 4 + 6 * (1 + 3 * (1 + 4 * (1 + 1 + 1 + 3)))),
        ("{ answers { nodes { title } } }", 10 + 20 * 10),
        ("{ answers { edges { node { title } } } }", 10 + 20 * (1 + 10)),
        ("{ answers { totalCount } }", 10 + 10),
        ('{ nodes(ids: ["a", "b"]) { id } }', 2 * 10),
        ('{ search(query: "a") { edges { node { title } } topicFacets { count } } }', 10 + 10 * (1 + 10) + 10),
        ("{ changes { nodes { kind } } }", 10 + 100 * 10),
        ('{ answer(slug: "a") { relatedAnswers(first: 3) { title } translations { title } } }', 10 + 3 * 10 + 3 * 10),
        ("subscription { contentChanged { answer { title } } }", 10 + 1),
    ],
)
def test_an_operation_costs(schema: GraphQLSchema, query: str, cost: int) -> None:
    assert cost_of(schema, query) == cost


def test_what_the_readme_has_clients_ask_costs_little(schema: GraphQLSchema) -> None:
    page, screen, sync = re.findall(r"(?m)^    query \w+.*\n(?:    .*\n)+", README)

    assert [cost_of(schema, query) for query in (page, screen, sync)] == [113, 471, 2_610]


def test_who_has_no_key_gets_fifty_whole_pages_at_once(schema: GraphQLSchema) -> None:
    assert cost_of(schema, f"{{ answers(first: 50) {{ nodes {{ {FULL_PAGE} }} }} }}") <= ANONYMOUS.max_cost


def test_who_has_no_key_gets_every_form_of_a_hundred_answers_at_once_but_not_under_many_names(
    schema: GraphQLSchema,
) -> None:
    query = "{ answers(first: 100) { nodes { disclaimers { text } jsonLd body { %s } } } }"
    aliases = " ".join(f"a{n}: html" for n in range(100))

    assert cost_of(schema, query % "html markdown text") <= ANONYMOUS.max_cost
    assert cost_of(schema, query % aliases) > Limits().max_cost


def test_whoever_asks_may_read_the_schema_but_not_fifty_times_at_once(schema: GraphQLSchema) -> None:
    whole = get_introspection_query(input_value_deprecation=True)
    fifty = f"{{ {' '.join(f'a{n}: __schema {{ types {{ name }} }}' for n in range(50))} }}"

    assert cost_of(schema, whole) <= ANONYMOUS.max_cost // 5
    assert cost_of(schema, fifty) > Limits().max_cost

"""The disclaimer rule: every way around it, and as many ways that keep to it."""

import pytest
from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLSchema,
    NoUnusedVariablesRule,
    TypeInfo,
    build_schema,
    parse,
    specified_rules,
    validate,
)
from graphql.validation import ValidationContext

from schema.rules import requires_disclaimer
from schema.rules.requires_disclaimer import MAX_ERRORS, RequiresDisclaimerRule
from server.errors.machine import SchemaUnmarkedError
from tests.execution.reading import Reader
from tests.schema.rules.accepted_operations import ACCEPTED
from tests.schema.rules.refused_operations import NESTED, REFUSED

OTHER_RULES = [rule for rule in specified_rules if rule is not NoUnusedVariablesRule]
BODIES = '{{ answer(slug: "a") {{ disclaimers {{ text }} body {{ html }} {} }} }}'
UNCHECKED = "The operation is too large or too intertwined to be checked for disclaimers: split it."


def errors_of(schema: GraphQLSchema, operation: str) -> list[GraphQLError]:
    document = parse(operation)
    assert validate(schema, document, OTHER_RULES) == []
    return validate(schema, document, [RequiresDisclaimerRule])


def refused_at(schema: GraphQLSchema, operation: str) -> list[str]:
    """The places that fall short, each as its error names it."""
    errors = errors_of(schema, operation)
    assert [error.extensions["code"] for error in errors] == ["DISCLAIMER_REQUIRED"] * len(errors)
    return [error.message.partition(" selects ")[0].strip("`") for error in errors]


def errors_alone(schema: GraphQLSchema, operation: str) -> list[GraphQLError]:
    """What the rule says of operations that other rules or limits of graphql-core would stop."""
    errors: list[GraphQLError] = []
    document = parse(operation, experimental_fragment_arguments=True)
    rule = RequiresDisclaimerRule(ValidationContext(schema, document, TypeInfo(schema), errors.append))
    for definition in document.definitions:
        if definition.kind == "operation_definition":
            rule.enter_operation_definition(definition)
    return errors


@pytest.mark.parametrize(("operation", "places"), REFUSED.values(), ids=REFUSED.keys())
def test_content_without_its_disclaimers_is_refused(ruled, operation, places):
    assert refused_at(ruled, operation) == places


@pytest.mark.parametrize(("selection", "places"), NESTED.values(), ids=NESTED.keys())
def test_the_disclaimers_of_one_answer_never_cover_another(ruled, selection, places):
    assert refused_at(ruled, BODIES.format(selection)) == places


@pytest.mark.parametrize("operation", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_content_with_its_disclaimers_is_accepted(ruled, operation):
    assert errors_of(ruled, operation) == []


def test_what_was_found_of_one_operation_holds_where_another_holds_the_same(ruled):
    read = Reader()
    for operation in [*ACCEPTED.values(), *[refused for refused, _ in REFUSED.values()]] * 2:
        found = [
            validate(ruled, document, [RequiresDisclaimerRule]) for document in (read(operation), parse(operation))
        ]
        assert [error.formatted for error in found[0]] == [error.formatted for error in found[1]]


def test_content_of_one_text_needs_its_disclaimers_wherever_it_stands(ruled):
    read, content = Reader(), "sections { body { html } blocks { id } }"
    covered, bare = [f'{{ answer(slug: "a") {{ {text} {content} }} }}' for text in ("disclaimers { text }", "id")]

    found = [validate(ruled, read(text), [RequiresDisclaimerRule]) for text in (covered, bare, covered, bare)]

    assert [len(errors) for errors in found] == [0, 1, 0, 1]


def test_an_error_says_what_to_add_and_where(contract):
    (error,) = errors_of(contract, '{ a: answer(slug: "b") { sections { body { html } blocks { id } } } }')
    assert error.formatted == {
        "message": (
            "`a.sections` selects `body`, `blocks` of Section, health content that must not travel without its "
            "disclaimers: add `disclaimers { text }` to `a` or `a.sections`, with no @skip, @include, @defer or "
            "@stream on it or on a fragment around it."
        ),
        "locations": [{"line": 1, "column": 37}, {"line": 1, "column": 51}],
        "extensions": {
            "code": "DISCLAIMER_REQUIRED",
            "suggestion": '{ a: answer(slug: "b") { disclaimers { text } } }',
        },
    }


def test_a_suggestion_names_the_concrete_type(contract):
    (error,) = errors_of(contract, '{ node(id: "a") { ... on Section { blocks { id } } } }')
    assert error.extensions["suggestion"] == '{ node(id: "a") { ... on Section { disclaimers { text } } } }'


def test_an_error_is_not_larger_than_what_caused_it(contract):
    (error,) = errors_of(contract, f'{{ {"a" * 9_000}: answer(slug: "{"b" * 9_000}") {{ jsonLd }} }}')
    assert len(error.message) < 3_000
    assert error.extensions == {"code": "DISCLAIMER_REQUIRED"}


def test_errors_are_bounded(contract):
    operation = " ".join([f'a{n}: answer(slug: "a") {{ jsonLd }}' for n in range(50)])
    assert refused_at(contract, f"{{ {operation} }}") == [f"a{n}" for n in range(MAX_ERRORS)]


def test_a_fragment_that_is_not_spread_is_not_refused(contract):
    document = parse("{ topics { totalCount } } fragment F on Answer { jsonLd }")
    assert validate(contract, document, [RequiresDisclaimerRule]) == []


def test_unknown_names_are_left_to_other_rules(contract):
    operation = (
        '{ nothing { jsonLd } answer(slug: "a") { ...Nowhere ... on Nothing { jsonLd } disclaimers } } mutation { a }'
    )
    assert errors_alone(contract, operation) == []


def test_cycles_of_fragments_end(contract):
    fragment = "fragment F on Answer { ...F relatedAnswers { ...F translations { ...F } } jsonLd }"
    operation = f'{{ answer(slug: "a") {{ ...F }} }} {fragment}'
    assert len(errors_alone(contract, operation)) == 3


def test_fragments_that_double_are_checked_as_fast_as_they_are_read(contract):
    fragments = [
        f"fragment F{n} on Answer {{ a: relatedAnswers {{ ...F{n + 1} }} b: sections {{ answer {{ ...F{n + 1} }} }} }}"
        for n in range(30)
    ]
    last = "fragment F30 on Answer { jsonLd disclaimers { text } }"
    assert errors_alone(contract, " ".join(['{ answer(slug: "a") { ...F0 } }', *fragments, last])) == []


def test_conditions_on_fragments_that_double_cost_no_more(contract):
    fragments = [
        f"fragment F{n} on Answer {{ a: relatedAnswers @skip(if: $a{n}) {{ ...F{n + 1} }} "
        f"b: translations @include(if: $b{n}) {{ ...F{n + 1} }} }}"
        for n in range(30)
    ]
    last = "fragment F30 on Answer { jsonLd disclaimers { text } }"
    assert errors_alone(contract, " ".join(['{ answer(slug: "a") { ...F0 } }', *fragments, last])) == []


def test_conditions_that_double_are_refused_rather_than_followed(contract):
    fragments = [
        f"fragment F{n} on Answer {{ ...F{n + 1} @skip(if: $a{n}) ...F{n + 1} @skip(if: $b{n}) }}" for n in range(30)
    ]
    errors = errors_alone(
        contract, " ".join(['{ answer(slug: "a") { ...F0 } }', *fragments, "fragment F30 on Answer { id }"])
    )
    assert [(error.message, error.extensions) for error in errors] == [(UNCHECKED, {"code": "DISCLAIMER_REQUIRED"})]


def test_what_takes_too_many_steps_is_refused_whatever_it_selects(contract, monkeypatch):
    monkeypatch.setattr(requires_disclaimer, "MAX_STEPS", 10)
    aliases = [f"a{n}: topics {{ totalCount }}" for n in range(10)]
    assert [error.message for error in errors_alone(contract, f"{{ {' '.join(aliases)} }}")] == [UNCHECKED]
    assert errors_alone(contract, f"{{ {aliases[0]} }}") == []


def test_thousands_of_aliases_are_checked(contract):
    aliases = [f'a{n}: answer(slug: "a") {{ jsonLd disclaimers {{ text }} }}' for n in range(5_000)]
    assert errors_alone(contract, f"{{ {' '.join(aliases)} }}") == []


def test_depth_is_no_limit(contract):
    fragments = [f"fragment F{n} on Answer {{ relatedAnswers {{ ...F{n + 1} }} }}" for n in range(2_000)]
    operation = " ".join(['{ answer(slug: "a") { ...F0 } }', *fragments, "fragment F2000 on Answer { jsonLd }"])
    assert [error.extensions for error in errors_alone(contract, operation)] == [{"code": "DISCLAIMER_REQUIRED"}]


def test_variables_of_fragments_are_refused(contract):
    operation = """{ ...F(x: true) ...F(x: false) } fragment F($x: Boolean!) on Query {
        answer(slug: "a") @include(if: $x) { jsonLd disclaimers { text } } }"""
    assert [error.message for error in errors_alone(contract, operation)] == [UNCHECKED]


def test_disclaimers_with_arguments_are_not_all_of_them():
    schema = build_schema("""
        directive @requiresDisclaimer on FIELD_DEFINITION
        type Query { body: String @requiresDisclaimer, disclaimers(first: Int): [Disclaimer!]! }
        type Disclaimer { text(upTo: Int): String }
    """)
    assert errors_of(schema, "{ body disclaimers { text } }") == []
    assert refused_at(schema, "{ body disclaimers(first: 0) { text } }") == ["the operation"]
    assert refused_at(schema, "{ body disclaimers { text(upTo: 0) } }") == ["the operation"]


def test_a_schema_without_marks_raises():
    with pytest.raises(SchemaUnmarkedError, match="marks no field"):
        validate(build_schema("type Query { body: String }"), parse("{ body }"), [RequiresDisclaimerRule])


def test_a_mark_in_the_extensions_counts():
    schema = build_schema("type Query { body: String }")
    field: GraphQLField = schema.query_type.fields["body"]
    field.extensions["requires_disclaimer"] = True
    assert refused_at(schema, "{ body }") == ["the operation"]


def test_a_mark_on_an_interface_marks_the_fields_that_implement_it():
    schema = build_schema("""
        directive @requiresDisclaimer on FIELD_DEFINITION
        interface Content { text: String @requiresDisclaimer }
        type Page implements Content { text: String }
        type Query { page: Page }
    """)
    assert refused_at(schema, "{ page { text } }") == ["page"]

from graphql import GraphQLError, parse, specified_rules, validate
from graphql.validation import ValidationRule
from hypothesis import given, settings
from hypothesis import strategies as st

from server.execution.introspection import NoSchemaRule
from server.execution.validating import RULES_OF_FRAGMENTS, Validation
from tests.execution.reading import read
from tests.execution.shop import schema


class _NoName(ValidationRule):
    """Refuses operations without a name."""

    def enter_operation_definition(self, node, *_):
        if node.name is None:
            self.report_error(GraphQLError("Name it.", node))


class _NoTea(ValidationRule):
    """Refuses a field, wherever it is."""

    def enter_field(self, node, *_):
        if node.name.value == "big":
            self.report_error(GraphQLError("Too big.", node))


def messages(text, *rules, suggests=True):
    validation = Validation(schema, [*rules, *specified_rules], hides_suggestions=not suggests)
    return [error.message for error in validation.errors(parse(text))]


def test_what_is_plainly_valid_is_valid():
    assert messages("query A { hello }", _NoName, _NoTea, NoSchemaRule) == []


def test_what_is_accepted_still_has_to_keep_further_rules():
    assert messages("{ hello }", _NoName) == ["Name it."]
    assert messages("query A { big }", _NoTea) == ["Too big."]


def test_what_breaks_several_rules_is_told_of_all():
    assert messages("{ helo }", _NoName) == [
        "Name it.",
        "Cannot query field 'helo' on type 'Query'. Did you mean 'hello'?",
    ]
    assert messages("{ helo }", suggests=False) == ["Cannot query field 'helo' on type 'Query'."]


def test_introspection_is_not_accepted_where_it_is_ruled_out():
    assert len(messages("{ __schema { description } }", NoSchemaRule)) == 1
    assert messages("{ __schema { description } }") == []


def test_without_the_rules_of_the_specification_only_those_given_count():
    validation = Validation(schema, [_NoName], hides_suggestions=False)

    assert validation.errors(parse("query A { helo }")) == []
    assert [error.message for error in validation.errors(parse("{ helo }"))] == ["Name it."]


def test_fragments_are_looked_at_first():
    validation = Validation(schema, specified_rules, hides_suggestions=False)
    circle = parse("{ ...A } fragment A on Query { ...A }")

    assert [error.message for error in validation.errors_of_fragments(circle)] == [
        "Cannot spread fragment 'A' within itself."
    ]
    assert validation.errors_of_fragments(parse("{ hello }")) == []


names = st.sampled_from("ABCD")


@settings(max_examples=200, deadline=None)
@given(st.lists(names, max_size=2), st.lists(st.tuples(names, st.lists(names, max_size=2)), max_size=5))
def test_of_fragments_that_can_be_measured_nothing_is_wrong(asked, fragments):
    text = f"{{ hello {spreads(asked)} }} "
    text += " ".join(f"fragment {name} on Query {{ hello {spreads(below)} }}" for name, below in fragments)
    validation = Validation(schema, specified_rules, hides_suggestions=False)

    for document in (read(text), parse(text)):
        found = validation.errors_of_fragments(document)
        assert [error.formatted for error in found] == [
            error.formatted for error in validate(schema, document, RULES_OF_FRAGMENTS)
        ]


def spreads(names):
    """Spreads at several depths."""
    return " ".join(f"item {{ like {{ ... {{ ...{name} }} }} }}" for name in names)


def test_a_chain_of_fragments_is_followed_once():
    chain = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(1_500))
    document = parse(f"{{ ...F0 }} {chain} fragment F1500 on Query {{ hello }}")

    assert Validation(schema, specified_rules, hides_suggestions=False).errors_of_fragments(document) == []

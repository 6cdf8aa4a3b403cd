"""The disclaimer rule against execution: what it passes brings no content without disclaimers."""

from itertools import product

from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode, SelectionSetNode, parse, print_ast, validate
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from schema.rules.requires_disclaimer import RequiresDisclaimerRule
from tests.execution.reading import Reader
from tests.schema.rules.conftest import BUILDERS
from tests.schema.rules.generated_operations import bare_content, execute, operations

CONTRACT = BUILDERS["contract"]()
NODES = len(CONTRACT.get_possible_types(CONTRACT.type_map["Node"]))
DRAWN = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking would outlast the deadline of a test
slow = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=60, phases=DRAWN)


def bare_in_any_response(document: DocumentNode, *, conditional: bool) -> set[str]:
    """What content comes without disclaimers, whatever the variables say and whatever `node` finds."""
    flags = list(product((True, False), repeat=2)) if conditional else [(True, True)]
    choices = range(NODES if "node(" in print_ast(document) else 1)
    return {
        found
        for (a, b), choice in product(flags, choices)
        for found in bare_content(CONTRACT, execute(CONTRACT, document, {"a": a, "b": b}, choice))
    }


def errors_of(schema: GraphQLSchema, document: DocumentNode) -> list:
    return validate(schema, document, [RequiresDisclaimerRule])


@slow
@given(operations(CONTRACT, conditional=True))
def test_an_operation_that_passes_brings_no_bare_content_whatever_the_variables(text):
    document = parse(text)
    if not errors_of(CONTRACT, document):
        assert bare_in_any_response(document, conditional=True) == set()


@slow
@given(operations(CONTRACT, conditional=False))
def test_without_conditions_exactly_what_brings_bare_content_is_refused(text):
    document = parse(text)
    assert bool(errors_of(CONTRACT, document)) == bool(bare_in_any_response(document, conditional=False))


@slow
@given(st.lists(operations(CONTRACT, conditional=True), min_size=2, max_size=4))
def test_what_is_known_of_other_operations_changes_nothing(texts):
    read = Reader()
    for text in [*texts, *[f"# moved\n{text}" for text in texts]]:
        found, expected = [errors_of(CONTRACT, document) for document in (read(text), parse(text))]
        assert [error.formatted for error in found] == [error.formatted for error in expected]


def with_suggestions(document: DocumentNode, suggestions: list[str]) -> DocumentNode:
    """The document with the suggested selections merged into its only operation."""
    operation, *fragments = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    added = [field for text in suggestions for field in parse(text).definitions[0].selection_set.selections]
    selections = SelectionSetNode(selections=(*operation.selection_set.selections, *added))
    merged = OperationDefinitionNode(
        operation=operation.operation, variable_definitions=operation.variable_definitions, selection_set=selections
    )
    return DocumentNode(definitions=(merged, *fragments))


@slow
@given(st.booleans().flatmap(lambda conditional: operations(CONTRACT, conditional=conditional)))
def test_an_operation_that_takes_up_the_suggestions_passes(text):
    document = parse(text)
    for _ in range(50):
        errors = errors_of(CONTRACT, document)
        if not errors:
            break
        document = with_suggestions(document, [error.extensions["suggestion"] for error in errors])
    assert errors_of(CONTRACT, document) == []

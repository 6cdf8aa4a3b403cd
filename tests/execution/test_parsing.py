import gc
import weakref

from graphql import GraphQLError, print_ast
from graphql import parse as parse_by_core
from hypothesis import given
from hypothesis import strategies as st

from server.execution.parsing import parsed
from server.limits import Limits
from tests.execution.compiler.operations import Asker
from tests.execution.compiler.zoo import SCHEMA


@given(st.integers(0, 1_000_000))
def test_a_text_is_parsed_as_graphql_core_parses_it(seed):
    text, _ = Asker(SCHEMA, seed).operation()
    document, expected = parsed(text, Limits()), parse_by_core(text)

    assert print_ast(document) == print_ast(expected)
    assert GraphQLError("", document.definitions[0]).locations == GraphQLError("", expected.definitions[0]).locations


def test_a_document_that_nobody_holds_is_gone_without_the_collector():
    gc.disable()
    try:
        document = parsed("{ pet { name friends { name } } }", Limits())
        gone = weakref.ref(document.definitions[0].selection_set.selections[0].loc.source)
        del document
        assert gone() is None
    finally:
        gc.enable()

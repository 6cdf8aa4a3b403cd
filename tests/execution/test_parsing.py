import gc
import weakref

import pytest
from graphql import GraphQLSyntaxError, NameNode, SelectionSetNode, Visitor, print_ast, visit
from graphql import parse as parse_by_core
from graphql.language import Token
from hypothesis import given, settings
from hypothesis import strategies as st

from server.errors.limits import DocumentTooLongError, OperationTooDeepError
from server.errors.requests import ParseFailedError
from server.execution.faults import OperationRefusedError, explained
from server.execution.passages import passage_of
from server.limits import Limits
from tests.execution.compiler.operations import Asker
from tests.execution.compiler.zoo import SCHEMA
from tests.execution.reading import Reader, below, read

seeds = st.lists(st.integers(0, 1_000_000), min_size=1, max_size=4)
PETS = "{ pet { name friends { name } } }"


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_a_text_is_parsed_as_graphql_core_parses_it(seeds):
    read = Reader()
    for seed in seeds:
        text, _ = Asker(SCHEMA, seed).operation()
        for moved in (text, f"# moved\n{text}", text):
            document, expected = read(moved), parse_by_core(moved)
            assert document.token_count == expected.token_count
            assert print_ast(document) == print_ast(expected)
            assert document.to_dict(locations=True) == expected.to_dict(locations=True)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 1_000_000), st.data())
def test_a_text_with_a_fault_is_refused_as_graphql_core_refuses_it(seed, data):
    read = Reader()
    text, _ = Asker(SCHEMA, seed).operation()
    read(text)
    place = data.draw(st.integers(0, len(text)))
    faulty = text[:place] + data.draw(st.sampled_from(["", "{", "}", '"', "#", "...", "("])) + text[place + 1 :]

    assert outcome(read, faulty) == outcome(parse_by_core, faulty)


def outcome(read, text):
    """What is read, or what is told of the error."""
    try:
        return read(text).to_dict(locations=True)
    except GraphQLSyntaxError as error:
        errors = [explained(error, code=ParseFailedError.code)]
    except OperationRefusedError as refused:
        errors = refused.errors
    return [(error["message"], error["locations"]) for error in errors]


def test_a_known_passage_is_read_only_where_somebody_looks_into_it():
    read = Reader()
    first, other = read(PETS), below(read("query Other { zoo: pet { name friends { name } } }"))

    assert passage_of(other) is passage_of(below(first))
    assert "selections" not in vars(other)
    assert [field.name.value for field in other.selections] == ["name", "friends"]
    assert "selections" in vars(other)
    assert "selections" not in vars(other.selections[1].selection_set)


def test_a_passage_equals_itself_however_it_is_held():
    read = Reader()
    first, known, moved = [below(read(text)) for text in (PETS, PETS, f"query Moved {PETS}")]
    bare = SelectionSetNode(loc=first.loc, selections=first.selections)

    assert first.loc == known.loc != moved.loc
    assert {first, bare} == {known}
    assert first != moved
    assert type(first)(loc=first.loc, selections=()) != first


def test_a_passage_that_is_edited_is_none_any_longer():
    read = Reader()
    for document in (read(PETS), read(PETS)):
        edited = visit(document, Renamer())
        assert print_ast(edited) == print_ast(visit(parse_by_core(PETS), Renamer()))
        assert passage_of(below(edited)) is None


class Renamer(Visitor):
    """Writes all names in capitals."""

    def enter_name(self, node, *_args):
        return NameNode(value=node.value.upper())


@pytest.mark.parametrize("comment", ["", "# said\n# twice\n"])
def test_tokens_count_in_a_known_passage_too(comment):
    read, text = Reader(), f"{{ pet {{ name {comment} friends {{ name }} }} {comment} }}"
    most = parse_by_core(text).token_count
    for moved in (f"query Q {text}", text):
        read(moved, limits=Limits(max_tokens=most + len(["query", "Q"])))

    read(text, limits=Limits(max_tokens=most))
    for moved, limit in ((text, most - 1), (f"query Q {text}", most + 1)):
        with pytest.raises(DocumentTooLongError):
            read(moved, limits=Limits(max_tokens=limit))


def test_what_nests_too_deeply_is_refused_with_known_passages_too(monkeypatch):
    monkeypatch.setattr("server.execution.parsing.MAX_NESTING_DEPTH", 4)
    monkeypatch.setattr("graphql.language.parser.MAX_NESTING_DEPTH", 4)
    read = Reader()
    read("{ a { b { c } } }")
    read("{ x { a { b { c } } } }")

    with pytest.raises(OperationTooDeepError):
        read("{ y { x { a { b { c } } } } }")


def test_a_document_that_nobody_holds_is_gone_without_the_collector():
    gc.disable()
    try:
        document = read(PETS)
        gone = weakref.ref(document.definitions[0].selection_set.selections[0].loc.source)
        del document
        assert gone() is None
    finally:
        gc.enable()


def test_a_text_leaves_hardly_a_token_to_the_collector():
    gc.collect()
    gc.disable()
    try:
        before = _tokens()
        read(PETS)
        assert _tokens() - before < 5
    finally:
        gc.enable()


def _tokens():
    return sum(isinstance(each, Token) for each in gc.get_objects())

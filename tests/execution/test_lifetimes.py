import pytest

from server.execution.freshness import Lifetime
from server.execution.keepable import is_marked
from server.execution.lifetimes import lifetime_of, own_lifetime
from tests.execution.shop import make_pipeline, prepare, schema

WHOLE = "item { name price like { name } }"


def forget():
    """Lets go of what was found of a schema while its marks were others."""
    own_lifetime.cache_clear()
    is_marked.cache_clear()


@pytest.fixture
def lived(monkeypatch):
    """Says how long a field's values live."""

    def say(coordinate, **marks):
        type_name, field_name = coordinate.split(".")
        field = schema.get_type(type_name).fields[field_name]
        monkeypatch.setattr(field, "extensions", {**field.extensions, **marks})

    forget()
    yield say
    forget()


def lifetime(query, **request):
    return lifetime_of(schema, prepare(make_pipeline(), query, **request))


def test_what_nobody_marked_is_kept_by_nobody():
    assert lifetime("{ item { name } }") == Lifetime(seconds=0)
    assert lifetime("{ __typename }") == Lifetime(seconds=0)


def test_a_field_lives_as_long_as_what_it_stands_in(lived):
    lived("Query.item", max_age=60)

    assert lifetime("{ item { name like { parts { name } } } }") == Lifetime(seconds=60)


def test_a_result_lives_as_long_as_its_shortest_lived_field(lived):
    lived("Query.item", max_age=60)
    lived("Item.price", max_age=5)

    assert lifetime("{ item { name } }") == Lifetime(seconds=60)
    assert lifetime("{ item { like { ...P } } } fragment P on Item { price }") == Lifetime(seconds=5)


def test_no_field_of_the_root_is_left_out_of_it(lived):
    lived("Query.item", max_age=60)

    assert lifetime("{ item { name } hello }") == Lifetime(seconds=0)


def test_what_this_server_does_not_keep_nobody_keeps(lived):
    lived("Query.item", max_age=60, not_kept=True)

    assert lifetime("{ item { name } }") == Lifetime(seconds=0)


def test_one_private_field_makes_the_whole_private(lived):
    lived("Query.item", max_age=60)
    lived("Item.price", is_private=True)

    assert lifetime("{ item { price } }") == Lifetime(seconds=0, is_private=True)


def test_each_operation_of_a_document_has_its_own(lived):
    lived("Query.item", max_age=60)
    both = "query A { item { name } } query B { hello }"

    assert lifetime(both, operation_name="A") == Lifetime(seconds=60)
    assert lifetime(both, operation_name="B") == Lifetime(seconds=0)


@pytest.mark.parametrize("text", ["mutation { buy }", "subscription { tick }"])
def test_only_queries_live(text):
    assert lifetime(text) == Lifetime(seconds=0)

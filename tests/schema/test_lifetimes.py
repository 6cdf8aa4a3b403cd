"""How long the fields of the schema say that they may be kept."""

from schema.build import build_schema
from server.execution.keepable import NOT_KEPT
from server.execution.lifetimes import IS_PRIVATE, MAX_AGE

SCHEMA = build_schema()
ROOT = SCHEMA.query_type.fields


def test_every_field_of_the_root_says_how_long_it_may_be_kept():
    assert {name for name, field in ROOT.items() if MAX_AGE not in field.extensions} == set()


def test_browsers_keep_nothing_for_longer_than_a_minute():
    ages = {field.extensions.get(MAX_AGE, 0) for type_ in SCHEMA.type_map.values() for field in fields_of(type_)}

    assert ages == {0, 60}


def test_what_is_not_kept_here_is_kept_nowhere():
    unkept = {name for name, field in ROOT.items() if field.extensions.get(NOT_KEPT)}
    indexed = {"search", "suggest"}  # no cache can be told of what an index finds, but this process is

    assert unkept | indexed == {name for name, field in ROOT.items() if field.extensions[MAX_AGE] == 0}


def test_only_what_a_client_is_told_of_itself_is_its_own():
    assert {name for name, field in ROOT.items() if field.extensions[IS_PRIVATE]} == {"client"}


def fields_of(type_):
    return getattr(type_, "fields", {}).values()

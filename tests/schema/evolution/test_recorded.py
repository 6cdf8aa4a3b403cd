"""Whom a difference concerns, as far as the fields tell that were asked for."""

import datetime

import pytest
from graphql import build_schema

from schema.evolution.differences import differences
from schema.evolution.recorded import Recorded
from server.access.receipts.usage import FieldUse

OLD = """
type Query { page(size: Int = 5, by: Order): Page node: Node plain: Int }
interface Node { id: ID! }
type Page implements Node { id: ID! mood: Mood text: String }
enum Mood { GOOD BAD }
input Order { field: Field! }
enum Field { TITLE DATE }
"""
EVERY = ["Node.id", "Page.id", "Page.mood", "Page.text", "Query.node", "Query.page", "Query.plain"]


def use(field):
    return FieldUse(client="app", field=field, count=1, last_on=datetime.date(2026, 11, 22))


def concerned(new):
    """The fields behind each difference of which somebody asked for every field."""
    was = build_schema(OLD)
    recorded = Recorded([use(field) for field in EVERY], was)
    return {
        each.coordinate: [found.field for found in recorded.concerned(each)]
        for each in differences(was, build_schema(new))
    }


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (" plain: Int", "", {"Query.plain": ["Query.plain"]}),
        ("text: String", "text: Int", {"Page.text": ["Page.text"]}),
        ("size: Int = 5, ", "", {"Query.page(size:)": ["Query.page"]}),
        ("Int = 5", "Int = 6", {"Query.page(size:)": ["Query.page"]}),
        ("size: Int = 5", "size: Int = 5, new: Int!", {"Query.page(new:)": ["Query.page"]}),
        ("field: Field!", "field: Field!, new: Int!", {"Order.new": ["Query.page"]}),
        ("TITLE DATE", "TITLE", {"Field.DATE": ["Query.page"]}),
        ("GOOD BAD", "GOOD BAD SO_SO", {"Mood.SO_SO": ["Page.mood"]}),
        ("GOOD BAD", "GOOD", {"Mood.BAD": ["Page.mood"]}),
    ],
)
def test_a_difference_concerns_who_asked_for_the_fields_behind_it(before, after, found):
    assert before in OLD
    assert concerned(OLD.replace(before, after)) == found


def test_a_type_concerns_who_asked_for_its_fields_or_for_one_that_gives_it():
    without = OLD.replace("type Page implements Node", "type Sheet implements Node").replace(": Page", ": Sheet")

    assert concerned(without)["Page"] == ["Page.id", "Page.mood", "Page.text", "Query.page"]


def test_nobody_is_concerned_who_asked_for_something_else():
    was = build_schema(OLD)
    [gone] = differences(was, build_schema(OLD.replace(" plain: Int", "")))

    assert Recorded([use("Query.page"), use("Query.plain2")], was).concerned(gone) == ()

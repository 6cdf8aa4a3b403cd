"""Nothing is read for an audience but through its sight."""

import ast

from server.access.audience import Audience
from server.content import tables
from server.content.reads.bounds import COLUMNS, Shape, definitions
from tests.house.sources import trees

DOORS = {
    "server/content/reads/sight.py": "the one that reads",
    "server/content/reads/statements.py": "hands them on to its sight",
    "server/search/searching.py": "hands them on to a sight for each bounds",
}
REACHED = {
    "revision": "by the answer whose it is",
    "topic_code": "by the topic whose it is",
    "former_topic": "by the feed, which tells what has left",
    "disclaimer_version": "by nobody who is served",
}


def audiences_rooms() -> dict[str, ast.Module]:
    rooms = (
        "server/content/reads/",
        "server/content/library.py",
        "server/content/changes.py",
        "server/search/",
        "schema/",
    )
    return {path: tree for path, tree in trees("server", "schema").items() if path.startswith(rooms)}


def test_no_room_that_reads_for_an_audience_reads_past_its_sight() -> None:
    naming = {
        path
        for path, tree in audiences_rooms().items()
        if any(isinstance(node, ast.Name) and node.id in ("Reads", "AnyReads") for node in ast.walk(tree))
    }
    fetching = {
        path
        for path, tree in audiences_rooms().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr.startswith("fetch") and "reads" in ast.unparse(node.value)
    }

    assert naming == set(DOORS)
    assert fetching == {"server/content/reads/sight.py"}


def test_every_table_of_content_is_bounded_or_reached_through_one_that_is() -> None:
    bounded = definitions(Shape.of(Audience(topics=("heart",), locales=("es",))))
    rows = {
        row.__tablename__
        for row in vars(tables).values()
        if getattr(row, "__module__", "") == tables.__name__ and isinstance(row, type)
    }

    assert rows == REACHED.keys() | (bounded.keys() & rows)
    assert bounded.keys().isdisjoint(REACHED)


def test_a_table_of_which_columns_are_replaced_is_bounded_with_all_of_them() -> None:
    rows = (tables.AnswerRow, tables.DisclaimerRow, tables.TopicRow)

    assert {row.__tablename__: tuple(row.__table__.columns.keys()) for row in rows} == COLUMNS

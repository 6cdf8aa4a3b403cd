import pytest
from graphql import build_schema

from schema.evolution.differences import differences

OLD = """
enum Kind { A B }
input Filter { kind: Kind = A, text: String, most: Int! }
union Thing = Page | Other
interface Named { name: String! }
type Page implements Named { name: String!, kinds: [Kind!]!, size: Int }
type Other { text: String! }
type Query {
  page(filter: Filter, first: Int = 20, kind: Kind): Page!
  things: [Thing!]!
}
"""


def told(*changes):
    new = OLD
    for before, after in changes:
        assert new.count(before) == 1
        new = new.replace(before, after)
    return [(str(found), set(found.uses)) for found in differences(build_schema(OLD), build_schema(new))]


def test_nothing_is_told_of_a_schema_that_is_as_it_was():
    assert told() == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("size: Int }", "size: Int! }"),
        ("size: Int }", "size: Int, more: Int }"),
        ("type Other {", "type Another implements Named { name: String! }\ntype Other {"),
        ("kind: Kind):", "kind: Kind, more: Int):"),
        ("kind: Kind):", "kind: Kind, more: Int! = 3):"),
        ("text: String,", "text: String, more: Int,"),
        ("most: Int! }", "most: Int }"),
        ("kind: Kind):", "kind: [Kind!]):"),
        ("size: Int }", 'size: Int @deprecated(reason: "Not any more.") }'),
    ],
)
def test_nothing_is_told_of_what_breaks_nobody(before, after):
    assert told((before, after)) == []


@pytest.mark.parametrize(
    ("before", "after", "message", "uses"),
    [
        (", size: Int", "", "Page.size was removed", {"Page.size"}),
        ("size: Int", "size: String", "Page.size is `String` now, and was `Int`", {"Page.size"}),
        ("kinds: [Kind!]!", "kinds: [Kind!]", "Page.kinds is `[Kind!]` now, and was `[Kind!]!`", {"Page.kinds"}),
        ("kinds: [Kind!]!", "kinds: [Kind]!", "Page.kinds is `[Kind]!` now, and was `[Kind!]!`", {"Page.kinds"}),
        ("kinds: [Kind!]!", "kinds: Kind!", "Page.kinds is `Kind!` now, and was `[Kind!]!`", {"Page.kinds"}),
        (", kind: Kind)", ")", "Query.page(kind:) was removed", {"Query.page(kind:)"}),
        ("kind: Kind)", "kind: Kind, all: Int!)", "Query.page(all:) is new, and required", {"Query.page"}),
        (
            *("first: Int = 20", "first: Int = 10"),
            *("Query.page(first:) is `10` now where it is left out, and was `20`", {"-Query.page(first:)"}),
        ),
        (
            *("kind: Kind)", "kind: Kind! = A)"),
            *("Query.page(kind:) takes `Kind!` now, and took `Kind`", {"Query.page(kind:)"}),
        ),
        (
            *("kind: Kind)", "kind: Kind!)"),
            *("Query.page(kind:) takes `Kind!` now, and took `Kind`", {"Query.page(kind:)", "-Query.page(kind:)"}),
        ),
        ("A B }", "A }", "Kind.B was removed", {"Kind.B", "to Kind"}),
        ("A B }", "A B C }", "Kind.C is a new value, which may come", {"from Kind"}),
        ("text: String, ", "", "Filter.text was removed", {"Filter.text", "to Filter"}),
        ("most: Int! }", "most: Int!, all: Int! }", "Filter.all is new, and required", {"to Filter", "as Filter"}),
        (
            *("text: String, ", "text: Int, "),
            *("Filter.text takes `Int` now, and took `String`", {"Filter.text", "to Filter"}),
        ),
        (
            *("kind: Kind = A", "kind: Kind = B"),
            *("Filter.kind is `B` now where it is left out, and was `A`", {"-Filter.kind", "to Filter"}),
        ),
        ("Page | Other", "Page | Other | Query", "Thing may be a `Query` now", {"from Thing"}),
    ],
)
def test_what_a_client_can_notice_is_told_with_the_uses_that_it_breaks(before, after, message, uses):
    found = told((before, after))

    assert (message, uses) in found
    assert all(text.startswith(message.split()[0]) for text, _ in found)


def test_a_type_that_is_removed_is_told_and_so_is_what_led_to_it():
    found = told(("type Other { text: String! }", ""), ("Page | Other", "Page"), ("= Page", "= Query"))

    assert [text for text, _ in found] == ["Thing may be a `Query` now", "Other was removed"]
    assert found[1][1] == {"on Other", "from Other", "to Other", "as Other"}


def test_a_type_of_another_kind_is_told():
    [(text, _)] = told(("enum Kind { A B }", "scalar Kind"), ("Kind = A", "Kind"))[:1]

    assert text == "Kind is a type of another kind now"

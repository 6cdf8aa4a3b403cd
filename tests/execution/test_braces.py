from graphql import SelectionSetNode, Visitor, parse, visit
from hypothesis import example, given, settings
from hypothesis import strategies as st

from server.execution.braces import Braces

LONG = 1_000_000
strings = st.text(st.sampled_from('"{}#\\ n'), max_size=6).filter(lambda text: not text.endswith("\\"))
values = st.one_of(
    strings.map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'),
    strings.map(lambda text: f'"""{text.replace(chr(34) * 3, chr(92) + chr(34) * 3)} """'),
    strings.map(lambda text: f'"" # {text}"\n'),
    st.just("{ a: {}, b: [{}] }"),
)
selections = st.recursive(
    st.just("{ a }"),
    lambda inner: st.lists(st.tuples(values, inner), min_size=1, max_size=3).map(
        lambda parts: "{ " + " ".join(f"b(c: {value}) {body}" for value, body in parts) + " }"
    ),
    max_leaves=8,
)


class Ends(Visitor):
    """Where the selections of a document begin and end."""

    def __init__(self):
        super().__init__()
        self.found = {}

    def enter_selection_set(self, node: SelectionSetNode, *_args):
        self.found[node.loc.start] = node.loc.end


@settings(deadline=None)
@given(selections, st.integers(0, 30))
@example(r'{ b(c: "\\##") { b(c: "\\#") { a } } }', 24)
@example('{ b(c: "") { a } b(c: """\\"""{""") { a } # }\n }', 0)
def test_a_selection_ends_where_graphql_core_ends_it(text, within):
    ends = Ends()
    visit(parse(text), ends)

    braces = Braces(text)
    for start, end in ends.found.items():
        assert braces.end(start, within=within) in (end, None)
        assert braces.end(start, within=LONG) == end

    assert {
        start: Braces(text, start=start).end(start, within=end - start) for start, end in ends.found.items()
    } == ends.found


@settings(deadline=None)
@given(st.text(st.sampled_from('{}"#\\\n a'), max_size=60), st.integers(0, 60))
def test_of_any_text_it_says_something(text, start):
    end = Braces(text).end(start, within=LONG)

    assert end is None or start < end <= len(text)


def test_what_is_no_text_of_graphql_is_gone_through_once():
    for text in ('{"' * 100_000, '{"' + '\\"' * 100_000, '{"""' + '\\"""' * 100_000, "{" * 100_000):
        assert Braces(text).end(0, within=LONG) is None

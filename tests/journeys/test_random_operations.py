"""Operations made at random from the exported schema, as schemathesis makes them.

schemathesis itself takes every error for a failure; most of what it makes is rightly refused for want of disclaimers.
"""

import pytest
from graphql import (
    IDLE,
    REMOVE,
    ArgumentNode,
    GraphQLSchema,
    IntValueNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    VisitorAction,
    build_schema,
    parse,
    print_ast,
    visit,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import Mode, nodes, queries

from server.app import create_app
from server.commands.seeding import seed
from server.settings import Environment, Settings
from tests.house.sources import ROOT
from tests.web.running import running

SCHEMA: GraphQLSchema = build_schema((ROOT / "schema" / "schema.graphql").read_text())
SCOPES = {"Answer", "AnswerSearchEdge", "Section"}
ELSEWHERE = {"after", "before", "last", "since"}
[DISCLAIMERS] = parse("{ disclaimers { text } }").definitions[0].selection_set.selections
REFUSALS = {
    "BAD_USER_INPUT",
    "CURSOR_INVALID",
    "DISCLAIMER_REQUIRED",
    "DOCUMENT_TOO_COMPLEX",
    "DOCUMENT_TOO_LONG",
    "GRAPHQL_VALIDATION_FAILED",
    "OPERATION_TOO_COSTLY",
    "OPERATION_TOO_DEEP",
    "VALUE_TOO_LARGE",
}
SCALARS = {
    "LanguageTag": st.sampled_from(["en", "es-MX", "zh-Hant", "x", ""]).map(nodes.String),
    "DateTime": st.one_of(st.datetimes().map(lambda moment: f"{moment.isoformat()}Z"), st.text()).map(nodes.String),
    "CalendarDate": st.one_of(st.dates().map(str), st.text()).map(nodes.String),
    "WebURL": st.just("https://www.cancer.gov/").map(nodes.String),
}


@pytest.fixture(scope="module")
async def library(databases, data_dir):
    url = await databases.create()
    await seed(url)
    async with running(create_app(Settings(data_dir=data_dir, environment=Environment.PRODUCTION), url=url)) as server:
        yield server
    await databases.drop(url)


class _Sensible(Visitor):
    """Adds disclaimers wherever they can stand, and asks each list for its start."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types

    def enter_argument(self, node: ArgumentNode, *_: object) -> VisitorAction | ArgumentNode:
        if node.name.value == "first":
            return ArgumentNode(name=node.name, value=IntValueNode(value="3"))
        return REMOVE if node.name.value in ELSEWHERE else IDLE

    def leave_selection_set(self, node: SelectionSetNode, *_: object) -> SelectionSetNode | None:
        if self._types.get_parent_type().name not in SCOPES:
            return None
        kept = [each for each in node.selections if "disclaimers" not in print_ast(each).split("{")[0]]
        return SelectionSetNode(selections=(*kept, DISCLAIMERS))


def sensible(text: str) -> str:
    types = TypeInfo(SCHEMA)
    return print_ast(visit(parse(text), TypeInfoVisitor(types, _Sensible(types))))


async def answered(library, query):
    response = await library.post(query)
    codes = {error["extensions"]["code"] for error in response.json().get("errors", ())}
    assert (response.status_code in (200, 400), codes - REFUSALS) == (True, set())
    return codes


def made(field=None, mode=Mode.POSITIVE):
    """Operations, the same ones each time."""
    collected = []

    @settings(max_examples=12, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(queries(SCHEMA, fields=field and [field], custom_scalars=SCALARS, mode=mode))
    def collect(query):
        collected.append(query)

    collect()
    return collected


@pytest.mark.parametrize("field", sorted(SCHEMA.query_type.fields))
async def test_whatever_is_asked_is_answered_or_refused_with_a_code(library, field):
    for query in made(field):
        await answered(library, query)


@pytest.mark.parametrize("field", sorted(SCHEMA.query_type.fields))
async def test_whatever_is_asked_with_disclaimers_is_not_refused_for_want_of_them(library, field):
    codes = [await answered(library, sensible(query)) for query in made(field)]

    assert [each for each in codes if "DISCLAIMER_REQUIRED" in each] == []
    assert set() in codes, "at least one was answered without an error"


async def test_whatever_does_not_fit_the_schema_is_refused_with_a_code(library):
    assert [query for query in made(mode=Mode.NEGATIVE) if not await answered(library, query)] == []

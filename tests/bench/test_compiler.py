"""How long operations take once their objects are read, compiled and by graphql-core: see `pytest -s tests/bench`.

Nothing is asserted of time: machines differ, and are busy.
"""

import sys
import time
from inspect import isawaitable
from uuid import UUID

import orjson
import pytest
from graphql import execute, parse, specified_rules
from graphql.execution.values import VariableValues
from msgspec.structs import replace

from schema.build import build_schema
from schema.context import Context
from schema.rules.requires_disclaimer import RequiresDisclaimerRule
from server.commands.seeding import seed
from server.content.library import Library
from server.content.pages import Page
from server.db.reads import Reads
from server.events.stream import Wakes
from server.execution.compiler.programs import Compiler
from server.execution.documents import Documents
from server.limits import Limits
from tests.execution.compiler.comparing import program

SLUG = "how-does-car-t-cell-therapy-work-for-leukemia"
ANSWER = """
  id slug locale question title publishedOn updatedAt revision digest evidence status
  author { name kind url } topics { id slug name } provenance { method generator humanReviewed digitalSourceType }
  review { reviewedOn reviewer { name } nextReviewOn isOverdue }
  disclaimers { id kind placement heading text version }
  sections { id anchor heading level blocks { __typename id position
    ... on ParagraphBlock { content { spans { text marks url citation { number } } } }
    ... on ListBlock { ordered items { lead { text } content { text } items { lead { text } content { text } } } }
    ... on StepsBlock { steps { number title blocks { __typename html } } }
    ... on CalloutBlock { tone title content { text } }
    ... on QuestionListBlock { questions { id text audience } } } }
  followUpQuestions { id number text audience } citations { number locator source { id title publisher url status } }
  callsToAction { heading text label url } readability { wordCount minutes gradeLevel }
"""
PAGE = f'{{ answer(slug: "{SLUG}", locale: "en") {{ {ANSWER} }} }}'
LIST = f"{{ answers(first: 20) {{ nodes {{ {ANSWER} }} pageInfo {{ endCursor hasNextPage }} }} }}"
TIMES = {"the seed's page": (PAGE, 20), "a list of 20": (LIST, 2)}


class _Read:
    """What a library has read already."""

    def __init__(self, answer):
        self._answer = answer
        answers = [replace(answer, uuid=UUID(int=number)) for number in range(20)]
        cursors = [str(number) for number in range(20)]
        self._page = Page(nodes=answers, cursors=cursors, has_next=True, has_previous=False)

    async def answer_by_slug(self, *_, **__):
        return self._answer

    async def list_answers(self, *_, **__):
        return self._page

    def __getattr__(self, name):
        return getattr(Library, name)


@pytest.fixture
async def library(database_url):
    await seed(database_url)
    async with Reads(database_url) as reads:
        return _Read(await Library(reads).answer_by_slug(SLUG, "en"))


def bound(compiler, document):
    """A new program of a form that is known, bound."""
    made = compiler.program(document, document.definitions[0])
    made.routine(VariableValues({}, {}))
    return made


async def microseconds(run, times):
    """The least processor time that a run took, in five rounds of some."""
    rounds = []
    for _ in range(5):
        began = time.process_time()
        for _ in range(times):
            result = run()
            if isawaitable(result):
                result = await result
        rounds.append((time.process_time() - began) / times * 1e6)
    return min(rounds), result


@pytest.mark.parametrize("name", TIMES)
async def test_a_compiled_operation_beside_one_by_graphql_core(library, name):
    text, times = TIMES[name]
    schema, document = build_schema(), parse(text)
    compiled = program(Compiler(schema), document)

    def context():
        return Context(library=library, search=None, suggest=None, wakes=Wakes())

    took, result = await microseconds(lambda: compiled.start({}, context()), times)
    took_by_core, expected = await microseconds(lambda: execute(schema, document, context_value=context()), times)

    assert (result.errors, result.data) == (None, expected.data)
    size = len(orjson.dumps(result.data))
    sys.stdout.write(f"\n{name}, {size:,} bytes: compiled {took:,.0f} µs, by graphql-core {took_by_core:,.0f} µs\n")


async def test_a_document_that_is_new():
    schema = build_schema()
    compiler = Compiler(schema)
    documents = Documents(compiler, [*specified_rules, RequiresDisclaimerRule], limits=Limits())
    program(compiler, parse(PAGE))
    texts = iter(f"{PAGE} # {number}" for number in range(10_000))

    def find():
        return documents.find(next(texts))

    took, document = await microseconds(find, 20)
    took_to_bind, _ = await microseconds(lambda: bound(compiler, document.node), 20)
    took_to_parse, _ = await microseconds(lambda: parse(PAGE), 20)

    sys.stdout.write(
        f"\na new text: {took:,.0f} µs, of which parsing {took_to_parse:,.0f}; its form {took_to_bind:,.0f} µs\n"
    )

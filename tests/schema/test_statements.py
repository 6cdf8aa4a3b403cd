"""What an operation costs in SQL statements, and that the number of answers does not matter."""

from uuid import UUID

import pytest

from server.access.audience import ANONYMOUS, Audience
from server.content import draft as drafts
from server.content.draft import Question
from server.content.vocabulary import QuestionAudience
from tests.schema.asking import Asking
from tests.schema.drafts import CANCER, LEUKEMIA, answer, rich

PAGE = """
  id slug status title summary { html } topics { name synonyms codes { code } } author { name } revision digest evidence
  provenance { method groundedIn { title } } review { reviewedOn isOverdue } disclaimers { kind text }
  sections {
    id heading body { html } disclaimers { text } answer { id }
    blocks { html ... on ParagraphBlock { content { spans { citation { source { title } section { anchor } } } } } }
    citations { number source { title } section { id answer { disclaimers { text } } } }
  }
  body { id html markdown text } followUpQuestions { text } sources { title status } citations { source { id } }
  callsToAction { text } retraction { reason } readability { minutes } jsonLd
"""
COSTS = {
    "a page": (f'{{ answer(slug: "answer-0", locale: "en") {{ {PAGE} }} }}', 1),
    "a page and what it leads to": (
        f"""{{ answer(slug: "answer-0", locale: "en") {{ {PAGE}
            relatedAnswers {{ {PAGE} }} translations {{ {PAGE} }} followUpQuestions {{ answer {{ {PAGE} }} }} }} }}""",
        4,
    ),
    "a list": (
        f"{{ answers {{ nodes {{ {PAGE} }} edges {{ cursor node {{ {PAGE} }} }} pageInfo {{ endCursor }} }} }}",
        1,
    ),
    "a list that is counted": (f"{{ answers {{ totalCount nodes {{ {PAGE} }} }} }}", 2),
    "a deep list": (
        f"""{{ answers {{ nodes {{ relatedAnswers {{ {PAGE} translations {{ {PAGE} }} }}
            followUpQuestions {{ answer {{ {PAGE} }} }} }} }} }}""",
        4,
    ),
    "a topic": ('{ topic(slug: "leukemia") { id name synonyms codes { code } } }', 1),
    "a topic with its answers": (
        f'{{ topic(slug: "leukemia") {{ parent {{ slug }} answers {{ totalCount nodes {{ {PAGE} }} }} }} }}',
        4,
    ),
    "topics": ("{ topics { nodes { id name } } }", 1),
    "topics with their answers": (
        f"""{{ topics {{ totalCount nodes {{ parent {{ slug }} children {{ slug }}
            answers(first: 3) {{ totalCount nodes {{ {PAGE} }} }} }} }} }}""",
        5,
    ),
    "sources": ("{ sources { nodes { id title supersededBy { title } } } }", 1),
    "sources with those who cite them": (
        f"{{ sources {{ totalCount nodes {{ citedBy(first: 3) {{ totalCount nodes {{ {PAGE} }} }} }} }} }}",
        4,
    ),
    "changes": (f"{{ changes {{ cursor hasMore nodes {{ kind answer {{ {PAGE} }} }} }} }}", 1),
}


async def _fill(asking: Asking, size: int) -> None:
    ask = Question(text="Answer 1?", audience=QuestionAudience.READER)
    sources = [drafts.Source(key="nccn", title=f"Source {number}") for number in range(size)]
    topics = [(LEUKEMIA, drafts.Topic(name=f"Topic {number}", slug=f"topic-{number}")) for number in range(size)]
    await asking.publish(
        answer("cancer", topics=(CANCER,)),
        *[
            answer(f"answer-{number}", questions=(ask,), sources=(sources[number],), topics=topics[number])
            for number in range(size)
        ],
        rich("rich"),
        answer("answer-0", locale="es"),
        answer("answer-1", locale="es"),
    )


CONFINED = Audience(topics=("cancer",), locales=("en", "es"), wording=UUID(int=1), shows_calls=False)


@pytest.mark.parametrize("audience", [ANONYMOUS, CONFINED], ids=["anonymous", "confined"])
@pytest.mark.parametrize("size", [2, 12])
async def test_neither_the_number_of_answers_nor_the_audience_costs_a_statement_but_the_key_of_cursors(
    asking: Asking, size: int, audience: Audience
) -> None:
    asking.audience = audience
    await _fill(asking, size)

    costs = {}
    for name, (query, _) in COSTS.items():
        await asking.ask(query)
        costs[name] = asking.statements

    assert costs == {name: cost for name, (_, cost) in COSTS.items()} | ({"changes": 2} if audience is CONFINED else {})


@pytest.mark.parametrize("size", [2, 12])
async def test_nodes_cost_a_statement_for_each_type(asking: Asking, size: int) -> None:
    await _fill(asking, size)
    found = await asking.ask(
        """{ answers { nodes { id sections { id } sources { id } topics { id } disclaimers { id }
             followUpQuestions { id } } } }"""
    )
    ids = [each["id"] for each in found["answers"]["nodes"]]
    for kind in ("sections", "sources", "topics", "disclaimers", "followUpQuestions"):
        ids += [part["id"] for each in found["answers"]["nodes"] for part in each[kind]][:12]

    nodes = await asking.ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)

    assert [node["id"] for node in nodes["nodes"]] == ids
    assert asking.statements == 4


async def test_a_node_costs_one_statement(asking: Asking) -> None:
    await asking.publish(answer())
    found = await asking.ask('{ answer(slug: "how-does-it-work") { id } }')

    await asking.ask(f"query ($id: ID!) {{ node(id: $id) {{ ... on Answer {{ {PAGE} }} }} }}", id=found["answer"]["id"])

    assert asking.statements == 1

"""Every field of every type is real: over a library that has everything, each gives a value somewhere."""

from server.content import draft as drafts
from server.content import vocabulary
from server.content.evidence import supersede
from server.content.withdrawal import Named, retract
from tests.schema.asking import Asking
from tests.schema.drafts import GUIDELINE, LEUKEMIA, TRIAL, answer, rich
from tests.schema.selecting import coordinates, everything, given
from tests.schema.served import ask_as_client

LISTS = (
    ("answers(filter: {includeRetracted: true})", "AnswerConnection", 5),
    ("topics", "TopicConnection", 2),
    ("sources", "SourceConnection", 2),
    ("changes", "ChangePage", 2),
    ('search(query: "drawn")', "AnswerSearchConnection", 3),
    ('search(query: "leukemai cells")', "AnswerSearchConnection", 1),
)
PARTS = """
    query ($slug: String!, $anchor: String!, $id: ID!) {
      node(id: $id) { __typename id }
      nodes(ids: [$id]) { __typename id }
      topic(slug: "leukemia") { __typename slug }
      suggest(prefix: "leuk") { __typename text kind slug }
      answer(slug: $slug) { __typename section(anchor: $anchor) { __typename anchor } }
    }
"""


async def _fill(asking: Asking) -> None:
    old = drafts.Source(
        key="old", title="Old edition", attribution="By its owner", license="CC-BY-4.0", edition="1", publisher="Owner"
    )
    await asking.publish(
        rich(sources=(GUIDELINE, TRIAL, old), provenance=_grounded_in("nccn", "old")),
        answer("what-comes-next", topics=(LEUKEMIA,), question="What comes next?"),
        answer("what-comes-next", locale="es", topics=(LEUKEMIA,)),
        answer("withdrawn"),
    )
    await supersede(asking.engine, "Old edition", by=GUIDELINE.title)
    await retract(asking.engine, Named(slug="withdrawn"), reason="It was wrong.", replacement="what-comes-next")


def _grounded_in(*keys: str) -> drafts.Provenance:
    return drafts.Provenance(
        method=vocabulary.ProductionMethod.AI_GENERATED,
        generator="Writer",
        grounded_in=keys,
        human_reviewed=True,
        editor=drafts.Contributor(name="A. Editor", kind=vocabulary.ContributorKind.PERSON),
    )


async def test_every_field_of_every_type_gives_a_value(asking: Asking) -> None:
    await _fill(asking)
    seen = set()
    for field, name, depth in LISTS:
        data = await asking.ask(f"{{ {field} {{ {everything(asking.schema, name, depth=depth)} }} }}")
        seen |= set(given(data))
    first = (await asking.ask("{ changes { nodes { answerId } } }"))["changes"]["nodes"][0]["answerId"]
    seen |= set(given(await asking.ask(PARTS, slug="how-does-it-work", anchor="opening", id=first)))
    await ask_as_client(asking)
    seen |= set(given(await asking.ask(f"{{ client {{ {everything(asking.schema, 'Client', depth=3)} }} }}")))

    assert coordinates(asking.schema) - seen == {"Subscription.contentChanged"}

from server.content import draft as drafts
from server.content.vocabulary import CodeSystem
from tests.schema.asking import Asking
from tests.schema.drafts import CANCER, LEUKEMIA, answer

IN_SPANISH = drafts.Topic(name="Leucemia", slug="leukemia", synonyms=("Cáncer de la sangre",))


async def test_a_topic_stands_in_its_tree(asking: Asking) -> None:
    await asking.publish(answer())

    found = await asking.ask(
        """{ topic(slug: "cancer") { slug parent { slug } children { slug parent { slug } codes { code } } }
             missing: topic(slug: "nowhere") { slug } }"""
    )

    leukemia = {"slug": "leukemia", "parent": {"slug": "cancer"}, "codes": [{"code": "C0023418"}]}
    assert found == {"topic": {"slug": "cancer", "parent": None, "children": [leukemia]}, "missing": None}


async def test_a_topic_is_named_in_the_locale_or_its_parent_or_english(asking: Asking) -> None:
    await asking.publish(answer(), answer(locale="es", topics=(IN_SPANISH,)))

    found = await asking.ask(
        """{ topic(slug: "leukemia") { name null: name(locale: null) es: name(locale: "es")
             mx: name(locale: "es-MX") de: name(locale: "de") synonyms there: synonyms(locale: "es") } }"""
    )

    assert found["topic"] == {
        "name": "Leukemia",
        "null": "Leukemia",
        "es": "Leucemia",
        "mx": "Leucemia",
        "de": "Leukemia",
        "synonyms": ["Blood cancer"],
        "there": ["Cáncer de la sangre"],
    }


async def test_a_topic_without_an_english_name_has_any(asking: Asking) -> None:
    await asking.publish(answer(locale="es", topics=(IN_SPANISH,)))

    found = await asking.ask('{ topic(slug: "leukemia") { name de: name(locale: "de") } }')

    assert found["topic"] == {"name": "Leucemia", "de": "Leucemia"}


async def test_a_code_finds_the_answers_of_its_topic_and_below_it_wherever_answers_are_filtered(asking: Asking) -> None:
    coded = drafts.Topic(name="Cancer", slug="cancer", codes=(drafts.Code(system=CodeSystem.UMLS, code="C0006826"),))
    await asking.publish(
        answer("on-cancer", topics=(coded,)),
        answer("on-leukemia", topics=(LEUKEMIA,)),
        answer("on-nothing", topics=()),
    )

    found = await asking.ask(
        """query ($wide: AnswerFilter, $narrow: AnswerFilter) {
             wide: answers(filter: $wide) { totalCount nodes { slug } }
             narrow: answers(filter: $narrow) { totalCount nodes { slug } }
             search(query: "blood", filter: $wide) { totalCount nodes { slug } } }""",
        wide={"codes": [{"system": "UMLS", "code": "C0006826"}]},
        narrow={"codes": [{"system": "UMLS", "code": "C0023418"}]},
    )

    told = {name: (each["totalCount"], {node["slug"] for node in each["nodes"]}) for name, each in found.items()}
    both = (2, {"on-cancer", "on-leukemia"})
    assert told == {"wide": both, "narrow": (1, {"on-leukemia"}), "search": both}


async def test_topics_come_in_order_of_slug(asking: Asking) -> None:
    await asking.publish(answer(topics=(LEUKEMIA, CANCER, drafts.Topic(name="Anemia", slug="anemia"))))

    found = await asking.ask(
        """{ topics(first: 2) { nodes { slug } edges { node { slug } } totalCount pageInfo { hasNextPage } } }"""
    )

    nodes = [{"slug": "anemia"}, {"slug": "cancer"}]
    assert found["topics"] == {
        "nodes": nodes,
        "edges": [{"node": node} for node in nodes],
        "totalCount": 3,
        "pageInfo": {"hasNextPage": True},
    }


async def test_the_answers_of_a_topic_are_those_below_it_too(asking: Asking) -> None:
    await asking.publish(answer("on-cancer", topics=(CANCER,)), answer("on-leukemia", topics=(LEUKEMIA,)))

    found = await asking.ask(
        """{ topics { nodes { slug answers(orderBy: {field: QUESTION}, first: 5) { nodes { slug } totalCount } } } }"""
    )

    both = {"nodes": [{"slug": "on-cancer"}, {"slug": "on-leukemia"}], "totalCount": 2}
    one = {"nodes": [{"slug": "on-leukemia"}], "totalCount": 1}
    assert {node["slug"]: node["answers"] for node in found["topics"]["nodes"]} == {"cancer": both, "leukemia": one}

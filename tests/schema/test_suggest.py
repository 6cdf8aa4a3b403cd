import pytest

from server.access.audience import Audience
from tests.schema.asking import Asking
from tests.schema.drafts import CANCER, LEUKEMIA, answer

SUGGEST = """query ($prefix: String!, $locale: LanguageTag, $first: Int! = 8) {
    suggest(prefix: $prefix, locale: $locale, first: $first) { text kind slug } }"""


async def suggested(asking: Asking, prefix: str, **variables: object) -> list[tuple[str, str, str]]:
    found = (await asking.ask(SUGGEST, prefix=prefix, **variables))["suggest"]
    return [(each["text"], each["kind"], each["slug"]) for each in found]


async def test_a_reader_is_led_to_topics_and_questions(asking: Asking) -> None:
    await asking.publish(
        answer("signs", question="What are the signs of leukemia?"),
        answer("leukemias", question="What is leukemia?"),
    )

    assert await suggested(asking, "leuk") == [
        ("Leukemia", "TOPIC", "leukemia"),
        ("What is leukemia?", "QUESTION", "leukemias"),
    ]
    assert await suggested(asking, "signs of l") == [("What are the signs of leukemia?", "QUESTION", "signs")]


async def test_a_suggestion_is_of_the_locale_that_is_asked_for_or_of_the_audience(asking: Asking) -> None:
    await asking.publish(answer("gota", question="¿Qué es la gota?", locale="es", topics=()))

    assert await suggested(asking, "got") == []
    assert await suggested(asking, "got", locale="es") == [("¿Qué es la gota?", "QUESTION", "gota")]
    asking.audience = Audience(default_locale="es")
    assert await suggested(asking, "got") == [("¿Qué es la gota?", "QUESTION", "gota")]


async def test_a_confined_client_is_led_nowhere_else(asking: Asking) -> None:
    await asking.publish(
        answer("cancers", question="What is leukemic cancer?", topics=(CANCER,)),
        answer("both", question="What is leukapheresis?", topics=(CANCER, LEUKEMIA)),
    )
    asking.audience = Audience(topics=("leukemia",))

    assert sorted(await suggested(asking, "leuk")) == [
        ("Leukemia", "TOPIC", "leukemia"),
        ("What is leukapheresis?", "QUESTION", "both"),
    ]
    assert await suggested(asking, "canc") == []


@pytest.mark.parametrize("size", [1, 12])
async def test_suggestions_cost_one_statement(asking: Asking, size: int) -> None:
    await asking.publish(*[answer(f"gout-{n}", question=f"What is gout {n:02}?", topics=()) for n in range(size)])

    assert len(await suggested(asking, "gou", first=20)) == size
    assert asking.statements == 1


@pytest.mark.parametrize("variables", [{"first": 21}, {"first": -1}, {"prefix": "a\0b"}])
async def test_what_can_not_be_suggested_is_refused(asking: Asking, variables: dict[str, object]) -> None:
    assert (await asking.refusal(SUGGEST, **{"prefix": "leuk", **variables}))[0] == "BAD_USER_INPUT"
    assert asking.statements == 0

import datetime

from server.access.audience import Audience
from server.content import draft as drafts
from server.content import vocabulary
from tests.schema.asking import Asking
from tests.schema.drafts import CANCER, LEUKEMIA, answer, rich, section

ASK = "query ($slug: String!, $locale: LanguageTag) { answer(slug: $slug, locale: $locale) { slug locale } }"


async def test_a_slug_that_nobody_has_gives_null(asking: Asking) -> None:
    assert await asking.ask(ASK, slug="nowhere") == {"answer": None}


async def test_a_locale_finds_itself_then_its_parent_then_what_the_slug_names(asking: Asking) -> None:
    await asking.publish(answer(), answer("como-funciona", locale="es", translation_of="how-does-it-work"))

    found = [await asking.ask(ASK, slug="how-does-it-work", locale=locale) for locale in ("es", "es-MX", "de", None)]

    assert [each["answer"]["locale"] for each in found] == ["es", "es", "en", "en"]


async def test_the_default_locale_of_the_audience_stands_in(asking: Asking) -> None:
    await asking.publish(answer(), answer("como-funciona", locale="es", translation_of="how-does-it-work"))
    asking.audience = Audience(default_locale="es")

    assert await asking.ask(ASK, slug="how-does-it-work") == {"answer": {"slug": "como-funciona", "locale": "es"}}


async def test_an_explicit_null_is_no_locale(asking: Asking) -> None:
    await asking.publish(answer())

    found = await asking.ask('{ answer(slug: "how-does-it-work", locale: null) { locale } }')

    assert found == {"answer": {"locale": "en"}}


async def test_what_search_engines_are_told_is_made_once_for_all_names(asking: Asking) -> None:
    await asking.publish(answer())

    query = '{ answer(slug: "how-does-it-work") { disclaimers { text } a: jsonLd b: jsonLd } }'
    found = await asking.ask(query)

    assert found["answer"]["a"] is found["answer"]["b"]


async def test_the_facts_of_an_answer_are_those_of_its_page(asking: Asking) -> None:
    await asking.publish(rich())

    found = await asking.ask(
        """{ answer(slug: "how-does-it-work") { externalId status question title publishedOn revision evidence
             author { name kind url }
             provenance { method generator digitalSourceType humanReviewed editor { name kind url } }
             review { reviewedOn nextReviewOn isOverdue reviewer { name } }
             callsToAction { heading text label url } retraction { reason } readability { wordCount minutes } } }"""
    )

    assert found["answer"] == {
        "externalId": "page:1",
        "status": "PUBLISHED",
        "question": "How does it work?",
        "title": "How it works",
        "publishedOn": "2026-05-15",
        "revision": 1,
        "evidence": "CURRENT",
        "author": {"name": "Writer", "kind": "AI", "url": "https://example.org/writer"},
        "provenance": {
            "method": "AI_GENERATED",
            "generator": "Writer",
            "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
            "humanReviewed": True,
            "editor": {"name": "A. Editor", "kind": "PERSON", "url": None},
        },
        "review": {
            "reviewedOn": "2026-05-15",
            "nextReviewOn": "2099-05-15",
            "isOverdue": False,
            "reviewer": {"name": "B. Reviewer, MD"},
        },
        "callsToAction": [
            {"heading": "Next", "text": "Find a center.", "label": "Find", "url": "https://example.org/find"}
        ],
        "retraction": None,
        "readability": {"wordCount": found["answer"]["readability"]["wordCount"], "minutes": 1},
    }


async def test_sections_come_in_reading_order_whatever_the_anchors_say(asking: Asking) -> None:
    await asking.publish(answer(sections=(section(None), section("One"), section("Two"))))

    found = await asking.ask(
        """{ answer(slug: "how-does-it-work") { all: sections { anchor position }
             some: sections(anchors: ["two", "nowhere", "opening", "two"]) { anchor }
             none: sections(anchors: []) { anchor } null: sections(anchors: null) { anchor }
             one: section(anchor: "one") { heading level } missing: section(anchor: "nowhere") { heading } } }"""
    )

    assert found["answer"] == {
        "all": [{"anchor": anchor, "position": place} for place, anchor in enumerate(["opening", "one", "two"])],
        "some": [{"anchor": "opening"}, {"anchor": "two"}],
        "none": [],
        "null": [{"anchor": "opening"}, {"anchor": "one"}, {"anchor": "two"}],
        "one": {"heading": "One", "level": 1},
        "missing": None,
    }


async def test_more_than_a_hundred_anchors_are_refused(asking: Asking) -> None:
    await asking.publish(answer())
    ask = 'query ($anchors: [String!]) { answer(slug: "how-does-it-work") { sections(anchors: $anchors) { anchor } } }'

    refusal = await asking.refusal(ask, anchors=["a"] * 101)

    assert refusal == ("BAD_USER_INPUT", "`anchors` has 101 entries: it takes at most 100.")


async def test_related_answers_are_at_most_as_many_as_asked(asking: Asking) -> None:
    await asking.publish(*[answer(f"answer-{number}") for number in range(8)])
    ask = 'query ($first: Int! = 5) { answer(slug: "answer-0") { relatedAnswers(first: $first) { slug } } }'

    found = [await asking.ask(ask), await asking.ask(ask, first=2), await asking.ask(ask, first=0)]

    assert [len(each["answer"]["relatedAnswers"]) for each in found] == [5, 2, 0]


async def test_related_answers_are_bounded(asking: Asking) -> None:
    await asking.publish(answer())

    refusal = await asking.refusal('{ answer(slug: "how-does-it-work") { relatedAnswers(first: 21) { slug } } }')

    assert refusal == ("BAD_USER_INPUT", "`first` is 21: it takes 0 to 20.")


async def test_related_answers_of_several_sizes_are_each_what_was_asked(asking: Asking) -> None:
    await asking.publish(*[answer(f"answer-{number}") for number in range(4)])

    found = await asking.ask(
        """{ answers { nodes { one: relatedAnswers(first: 1) { slug } two: relatedAnswers(first: 2) { slug } } } }"""
    )

    assert [(len(each["one"]), len(each["two"])) for each in found["answers"]["nodes"]] == [(1, 2)] * 4
    assert asking.statements == 3


async def test_translations_leave_the_answer_itself_out(asking: Asking) -> None:
    await asking.publish(answer(), answer(locale="es"), answer(locale="de"))

    found = await asking.ask('{ answer(slug: "how-does-it-work", locale: "en") { translations { locale } } }')

    assert found["answer"]["translations"] == [{"locale": "de"}, {"locale": "es"}]


async def test_the_topics_of_an_answer_open_with_the_main_one(asking: Asking) -> None:
    await asking.publish(answer(topics=(LEUKEMIA, CANCER)))

    found = await asking.ask('{ answer(slug: "how-does-it-work") { topics { slug } } }')

    assert found["answer"]["topics"] == [{"slug": "leukemia"}, {"slug": "cancer"}]


async def test_a_follow_up_question_leads_to_the_answer_that_asks_the_same(asking: Asking) -> None:
    asked = (drafts.Question(text="What comes next?", audience=vocabulary.QuestionAudience.READER),)
    await asking.publish(answer(questions=asked), answer("what-comes-next"))

    found = await asking.ask(
        """{ answer(slug: "how-does-it-work") {
             followUpQuestions { number text audience answer { slug disclaimers { text } } } } }"""
    )

    (question,) = found["answer"]["followUpQuestions"]
    assert (question["number"], question["text"], question["audience"]) == (1, "What comes next?", "READER")
    assert question["answer"]["slug"] == "what-comes-next"


async def test_an_answer_met_again_is_the_same_and_costs_nothing(asking: Asking) -> None:
    await asking.publish(answer())

    found = await asking.ask(
        """{ answer(slug: "how-does-it-work") { id sections { answer { id sections { citations {
             section { id answer { id } } source { title } } } } } } }"""
    )

    first = found["answer"]
    assert {each["answer"]["id"] for each in first["sections"]} == {first["id"]}
    assert first["sections"][0]["answer"]["sections"][0]["citations"][0]["section"]["answer"]["id"] == first["id"]
    assert asking.statements == 1


async def test_a_review_past_its_day_is_overdue_and_says_so_in_the_disclaimers(asking: Asking) -> None:
    reviewer = drafts.Contributor(name="B. Reviewer", kind=vocabulary.ContributorKind.PERSON)
    day = datetime.date(2020, 1, 1)
    await asking.publish(answer(review=drafts.Review(reviewed_on=day, reviewer=reviewer, next_review_on=day)))

    found = await asking.ask('{ answer(slug: "how-does-it-work") { review { isOverdue } disclaimers { kind } } }')

    assert found["answer"]["review"] == {"isOverdue": True}
    assert {"kind": "OVERDUE_REVIEW"} in found["answer"]["disclaimers"]


async def test_a_slug_that_no_text_can_hold_is_refused(asking: Asking) -> None:
    refusals = [await asking.refusal(ASK, slug=slug) for slug in ("a\0b", "a\ud800b")]

    message = "`slug` holds NUL or half of a surrogate pair: send text without it."
    assert refusals == [("BAD_USER_INPUT", message)] * 2
    assert asking.statements == 0

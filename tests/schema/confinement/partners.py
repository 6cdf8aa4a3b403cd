"""Two partners' libraries in one database: one is within the bounds of the caller, of the other it must learn nothing.

What lies beyond the bounds shares all that it can with what lies within: sources, words, questions, translations, and
where the bounds are locales the topics and slugs too.
"""

import datetime
from dataclasses import dataclass

from server.access.audience import Audience
from server.content import draft as drafts
from server.content.draft import Code, Draft, Question, Topic
from server.content.vocabulary import CodeSystem, ProductionMethod, QuestionAudience, SourceKind
from tests.schema.drafts import GUIDELINE, TRIAL, answer, paragraph, rich, section

HEART = Topic(name="Heart", slug="heart", codes=(Code(system=CodeSystem.UMLS, code="C0018787"),))
VALVE = Topic(name="Valve", slug="valve", parent="heart", synonyms=("Flap",))
SKIN = Topic(name="Zebraskin", slug="skin", codes=(Code(system=CodeSystem.UMLS, code="C1123023"),))
ACNE = Topic(name="Zebracne", slug="acne", parent="skin", synonyms=("Zebrapimple",))
BEYOND = drafts.Source(
    key="zebra", kind=SourceKind.BOOK, title="The zebra book", publisher="Zebra", url="https://zebra.example/"
)
OVERDUE = drafts.Review(
    reviewed_on=datetime.date(2020, 1, 1), reviewer=answer().author, next_review_on=datetime.date(2021, 1, 1)
)


@dataclass(frozen=True, kw_only=True)
class Partners:
    """Who asks, what lies within its bounds and what beyond, and what then leads from the one to the other."""

    audience: Audience
    inside: list[Draft]
    outside: list[Draft]
    leads: tuple[str, ...] = ()
    shares_topics: bool = False
    """Then what is said beyond the bounds of a topic within them is news of that topic."""


def _asking(*slugs: str) -> tuple[Question, ...]:
    named = [Question(text=f"And what of {slug}?", audience=QuestionAudience.READER, answer=slug) for slug in slugs]
    return (*named, Question(text="What is acne?", audience=QuestionAudience.READER))


def _heart(**changes: object) -> list[Draft]:
    both = (VALVE, HEART)
    return [
        rich("heart-failure", topics=(HEART,), questions=_asking("valve-repair", "acne-care"), **changes),
        answer("valve-repair", topics=both, title="Repairing a valve", review=OVERDUE, **changes),
        answer("valve-sounds", topics=both, sections=(section("Murmurs", paragraph("A murmur is heard.")),), **changes),
        answer("heart-attack", topics=(HEART,), retraction=drafts.Retraction(reason="It was wrong."), **changes),
    ]


def _skin(*topics: Topic, **changes: object) -> list[Draft]:
    zebra = section("Zebra stripes", paragraph("A zebra murmurs of its heart failure and its valvular zebracne."))
    cites = {"sources": (GUIDELINE, TRIAL, BEYOND), "topics": topics}
    grounded = drafts.Provenance(method=ProductionMethod.AI_GENERATED, grounded_in=("maude", "zebra"))
    return [
        answer("acne-care", question="What is acne?", provenance=grounded, **cites, **changes),
        answer(
            "zebra-care",
            sections=(*answer().sections, zebra),
            external_id="zebra:1",
            review=OVERDUE,
            **changes,
            **cites,
        ),
        answer(
            "zebra-gone", retraction=drafts.Retraction(reason="Zebra.", replacement="acne-care"), **cites, **changes
        ),
    ]


def _spanish(found: list[Draft]) -> list[Draft]:
    return [drafts.Draft(**{**_fields(draft), "locale": "es", "external_id": None}) for draft in found]


def _fields(draft: Draft) -> dict[str, object]:
    return {name: getattr(draft, name) for name in draft.__struct_fields__}


REPLACED_BEYOND = """update answer a set replacement_id = b.id from answer b
    where a.slug = 'heart-attack' and b.slug = 'acne-care' and b.locale = '{locale}'"""
PARENT_BEYOND = """update topic t set parent_id = p.id from topic p where t.slug = 'heart' and p.slug = 'skin'"""

BY_TOPIC = Partners(
    audience=Audience(topics=("heart",)),
    inside=[*_heart(), *_spanish(_heart()[:2])],
    outside=[
        *_skin(SKIN, ACNE),
        *_spanish(_skin(SKIN)),
        answer("herzfehler", locale="de", translation_of="heart-failure", topics=(SKIN,)),
    ],
    leads=(REPLACED_BEYOND.format(locale="en"), PARENT_BEYOND),
)
BY_LOCALE = Partners(
    audience=Audience(locales=("es",), default_locale="es"),
    inside=_spanish(_heart()),
    outside=[
        *_heart(external_id=None),
        *_skin(HEART, SKIN, ACNE),
        answer("herzfehler", locale="de", translation_of="heart-failure", topics=(HEART, SKIN)),
    ],
    leads=(REPLACED_BEYOND.format(locale="en"), PARENT_BEYOND),
    shares_topics=True,
)
BY_BOTH = Partners(
    audience=Audience(topics=("heart",), locales=("es", "fr"), default_locale="es"),
    inside=_spanish(_heart()),
    outside=[*_heart(external_id=None), *_skin(SKIN, ACNE), *_spanish(_skin(SKIN))],
    leads=(REPLACED_BEYOND.format(locale="es"), PARENT_BEYOND),
    shares_topics=True,
)
EACH = {"by topic": BY_TOPIC, "by locale": BY_LOCALE, "by both": BY_BOTH}

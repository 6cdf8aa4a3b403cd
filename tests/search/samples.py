"""Answers to be searched: defaults plus what a test says."""

import datetime

from msgspec.structs import replace

from server.content.draft import Contributor, Draft, Paragraph, Provenance, Section, Span, Topic
from server.content.vocabulary import ContributorKind, ProductionMethod


def section(heading: str | None, text: str) -> Section:
    return Section(heading=heading, blocks=(Paragraph(content=(Span(text=text),)),))


def topics(*names: str) -> tuple[Topic, ...]:
    return tuple([Topic(name=name) for name in names])


def answer(slug: str, question: str, *sections: Section, **fields: object) -> Draft:
    draft = Draft(
        slug=slug,
        question=question,
        title=question,
        author=Contributor(name="A nurse", kind=ContributorKind.PERSON),
        published_on=datetime.date(2026, 5, 15),
        provenance=Provenance(method=ProductionMethod.HUMAN_WRITTEN),
        sections=sections or (section("Overview", "More about it."),),
    )
    return replace(draft, **fields)


LEUKEMIA = answer(
    "what-is-leukemia",
    "What is leukemia?",
    section("Overview", "Leukemia is a cancer of the blood. It begins in the bone marrow, where blood cells are made."),
    section("Symptoms", "Tiredness, fever and easy bruising are common. See a doctor when they last."),
    topics=topics("Leukemia", "Cancer"),
)
FEVER = answer(
    "when-is-a-fever-dangerous",
    "When is a fever dangerous?",
    section("Overview", "A high temperature mostly goes by itself. In newborn babies it needs a doctor at once."),
    section("Treatment", "Drink enough. Paracetamol brings the temperature down."),
    topics=topics("Fever"),
)
ASTHMA = answer(
    "how-is-asthma-treated",
    "How is asthma treated?",
    section("Inhalers", "An inhaler with a steroid keeps the airways of the lungs open."),
    section("Attacks", "A blue inhaler brings relief within minutes. A severe attack needs an ambulance."),
    topics=topics("Asthma"),
)
ANEMIA_IN_SPANISH = answer(
    "que-es-la-anemia",
    "¿Qué es la anemia?",
    section("Síntomas", "El cansancio y la palidez son frecuentes. La inflamación crónica también la causa."),
    section("Tratamiento", "¿Cómo se trata? Los médicos recomiendan tabletas de hierro para la circulación."),
    locale="es",
    topics=topics("Anemia"),
)
LIBRARY = [LEUKEMIA, FEVER, ASTHMA, ANEMIA_IN_SPANISH]

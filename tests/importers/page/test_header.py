import datetime

import pytest

from server.content.draft import ContributorKind
from server.importers.page.header import read_header
from server.importers.page.lines import read_lines

DAY = datetime.date(2026, 5, 15)

RUN_TOGETHER = [
    ("LeukemiaMay 15, 2026Navis AI", ("Leukemia",), "Navis AI"),
    ("Leukemia · May 15, 2026 · Navis AI", ("Leukemia",), "Navis AI"),
    ("Leukemia | 15 May 2026 | By Jane Doe, MD", ("Leukemia",), "Jane Doe, MD"),
    ("Leukemia • 2026-05-15", ("Leukemia",), None),
    ("Leukemia\t15. Mai 2026\tRedaktion", ("Leukemia",), "Redaktion"),
    ("Leukemia – 15th May 2026 – Mayo Clinic", ("Leukemia",), "Mayo Clinic"),
    ("Leukemia, May 15 2026, Navis AI", ("Leukemia",), "Navis AI"),
    ("May 15th, 2026Navis AI", (), "Navis AI"),
    ("Friday, May 15, 2026", (), None),
    ("LeukemiaFriday, May 15, 2026", ("Leukemia",), None),
    ("Leukemia (May 15, 2026) Navis AI", ("Leukemia",), "Navis AI"),
    ("LEUKEMIAMAY 15, 2026NAVIS AI", ("LEUKEMIA",), "NAVIS AI"),
    ("Published: May 15, 2026", (), None),
    ("LeukemiaPublished on May 15, 2026by Navis AI", ("Leukemia",), "Navis AI"),
    ("Radiation15 May 2026", ("Radiation",), None),
    ("Leucemia15 de mayo de 2026Equipo Navis", ("Leucemia",), "Equipo Navis"),
    ("Leucémie15 mai 2026Équipe Navis", ("Leucémie",), "Équipe Navis"),
    ("Leucemia15 maggio 2026", ("Leucemia",), None),
    ("Leucemia15 de maio de 2026", ("Leucemia",), None),
    ("白血病2026年5月15日王小明", ("白血病",), "王小明"),
    ("Leukemia · Immunotherapy · May 15, 2026", ("Leukemia", "Immunotherapy"), None),
    ("March hemoglobinuriaMay 15, 2026", ("March hemoglobinuria",), None),
    ("Summer coldsMay 15, 2026", ("Summer colds",), None),
    ("Vitamin B12May 15, 2026", ("Vitamin B12",), None),
    ("Vitamin B122026-05-15", ("Vitamin B12",), None),
    ("COVID-1915 May 2026", ("COVID-19",), None),
    ("von Willebrand diseaseMay 15, 2026van der Berg", ("von Willebrand disease",), "van der Berg"),
    ("Topic: Leukemia | Date: May 15, 2026 | Author: Navis AI", ("Leukemia",), "Navis AI"),
    ("15/05/2026", (), None),
    ("2026-05-15T08:00:00ZNavis AI", (), "Navis AI"),
]


def header(line, question="How does it work?"):
    return read_header(read_lines(f"{question}\n\n{line}\n\nThe content.".encode()))


@pytest.mark.parametrize(("line", "topics", "author"), RUN_TOGETHER)
def test_topic_date_and_author_are_told_apart(line, topics, author):
    read = header(line)
    assert (read.topics, read.published_on, read.author and read.author.name) == (topics, DAY, author)


def test_the_question_says_which_digit_belongs_to_the_topic():
    read = header("Vitamin B125 May 2026", question="Do I need vitamin B12?")
    assert (read.topics, read.published_on) == (("Vitamin B12",), datetime.date(2026, 5, 5))


def test_topic_date_and_author_may_have_a_line_each():
    read = header("Leukemia\nMay 15, 2026\nNavis AI")
    assert (read.topics, read.author.name, read.length) == (("Leukemia",), "Navis AI", 4)


def test_the_author_may_stand_above_the_date():
    read = header("Leukemia\nBy Priya Raman, PharmD\nMay 15, 2026")
    assert (read.topics, read.author.name, read.length) == (("Leukemia",), "Priya Raman, PharmD", 4)


def test_what_follows_a_later_date_is_kept():
    assert header("LeukemiaMay 15, 2026Navis AI · Updated June 1, 2026").rest == "Updated June 1, 2026"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Navis AI", ContributorKind.AI),
        ("ChatGPT", ContributorKind.AI),
        ("Asistente de IA", ContributorKind.AI),
        ("CareLine Bot", ContributorKind.AI),
        ("Somno Assistant", ContributorKind.AI),
        ("Jane Doe, Physician Assistant", ContributorKind.PERSON),
        ("Midwives of Leith", ContributorKind.ORGANIZATION),
        ("Dr. Jane Doe", ContributorKind.PERSON),
        ("Jane Doe, PhD", ContributorKind.PERSON),
        ("Claude Bernard", ContributorKind.PERSON),
        ("王小明", ContributorKind.PERSON),
        ("Mayo Clinic Staff", ContributorKind.ORGANIZATION),
        ("Healthline", ContributorKind.ORGANIZATION),
        ("Cancer Research UK", ContributorKind.ORGANIZATION),
        ("Institute for AI in Medicine", ContributorKind.ORGANIZATION),
    ],
)
def test_a_name_gives_away_what_its_bearer_is(name, kind):
    assert header(f"LeukemiaMay 15, 2026{name}").author.kind is kind


def test_who_reviewed_the_page_may_be_run_together_with_its_author():
    read = header("LeukemiaMay 15, 2026Jane Doe, MDReviewed by Dr. Bo Chan")
    assert (read.author.name, read.rest) == ("Jane Doe, MD", "Reviewed by Dr. Bo Chan")

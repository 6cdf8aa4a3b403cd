import pytest

from server.importers.outline import outline
from server.importers.page.reading import read_page

NOTICE = "This information is for educational purposes only."


def read(*parts):
    page = "\n\n".join(
        ["What is lupus?", "May 1, 2026", "Lupus in Brief", "It is a disease.", "Causes", "Many.", *parts]
    )
    found = outline(read_page(page.encode()))
    texts = [[block.get("text") for block in section["blocks"]] for section in found["sections"]]
    return texts, [notice["text"] for notice in found["disclaimers"]], found["callsToAction"]


BODY = [["It is a disease."], ["Many."]]


def test_a_closing_notice_comes_after_the_content():
    assert read(NOTICE) == (BODY, [NOTICE], [])


def test_several_closing_notices_stay_apart():
    assert read(NOTICE, "This page is not medical advice.") == (BODY, [NOTICE, "This page is not medical advice."], [])


def test_a_notice_without_a_heading_may_have_several_paragraphs():
    parts = (NOTICE, "The clinic accepts no liability for its use.", "It was reviewed by our board.")
    assert read(*parts) == (BODY, ["\n\n".join(parts)], [])


def test_who_owns_the_page_is_no_call():
    texts, _, calls = read(NOTICE, "Ready to book? Call us today.", "© 2026 Hip Clinic.")
    assert (texts, calls) == (
        [*BODY[:1], [*BODY[1], "© 2026 Hip Clinic."]],
        [{"text": "Ready to book? Call us today."}],
    )


def test_calls_come_in_pairs_of_heading_and_text():
    texts, _, calls = read(
        NOTICE, "This is general information.", "Upload your records for more.", "Ask us", "Our nurses listen."
    )
    assert (texts, calls) == (
        BODY,
        [
            {"heading": "This is general information.", "text": "Upload your records for more."},
            {"heading": "Ask us", "text": "Our nurses listen."},
        ],
    )


def test_calls_need_no_notice_before_them():
    assert read("Get your plan", "Upload your records today.") == (
        BODY,
        [],
        [{"heading": "Get your plan", "text": "Upload your records today."}],
    )


def test_the_address_in_a_call_is_its_url():
    assert read(NOTICE, "Book a visit: https://example.org/book.")[2] == [
        {"text": "Book a visit: https://example.org/book.", "url": "https://example.org/book"}
    ]


def test_a_call_has_the_label_and_the_address_that_stand_under_it():
    assert read(NOTICE, "Ask us", "Our nurses listen.", "Chat now", "https://example.org/chat")[2] == [
        {"heading": "Ask us", "text": "Our nurses listen.", "label": "Chat now", "url": "https://example.org/chat"}
    ]


def test_an_address_that_nobody_may_be_sent_to_stays_text():
    assert read(NOTICE, "Book now: https://user:secret@example.org/")[2] == [
        {"text": "Book now: https://user:secret@example.org/"}
    ]


def test_a_notice_in_the_middle_of_the_content_stays_there():
    texts, notices, _ = read(NOTICE, "Symptoms", "• Fever", "Rest.")[:3]
    assert (texts[1], notices) == (["Many.", NOTICE], [])


PARTINGS = [
    "Disclaimer: see your physician.",
    "MEDICAL DISCLAIMER - Always seek the advice of your physician.",
    "Important: always talk to your doctor.",
    "Consult your pediatrician before making decisions.",
    "Talk to your cardiologist for personalized advice.",
    "Please talk with your nurse.",
    "Talk with your kidney team about what is right for you.",
]
ADVICE = [
    "Note: 3 x 400 mg a day is not a low dose.",
    "Talk to a sleep specialist if symptoms come three nights a week.",
    "Talk to your doctor before taking iron.",
    "Consult your pediatrician before making formula with well water.",
]


@pytest.mark.parametrize("text", PARTINGS)
def test_a_page_may_part_with_advice_to_turn_to_a_professional(text):
    assert read(text) == (BODY, [text], [])


@pytest.mark.parametrize("text", ADVICE)
def test_advice_on_something_in_particular_is_content(text):
    assert read(text) == ([*BODY[:1], [*BODY[1], text]], [], [])


def test_advice_under_a_heading_of_its_own_is_content():
    assert read("Bottom Line", "Always talk to your doctor.") == ([*BODY, ["Always talk to your doctor."]], [], [])


def test_a_call_without_a_notice_may_have_a_label():
    assert read("Need personalized guidance?", "Sign up to get answers.", "Learn more") == (
        BODY,
        [],
        [{"heading": "Need personalized guidance?", "text": "Sign up to get answers.", "label": "Learn more"}],
    )

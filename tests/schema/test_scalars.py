import datetime

import pytest
from graphql import GraphQLSchema, parse, validate
from hypothesis import given
from hypothesis import strategies as st

from schema.scalars import (
    parse_calendar_date,
    parse_date_time,
    parse_language_tag,
    parse_web_url,
    write_date_time,
)
from server.errors.requests import BadUserInputError

YEARS = {
    "min_value": datetime.datetime(1000, 1, 2),  # noqa: DTZ001 - hypothesis takes naive bounds
    "max_value": datetime.datetime(9999, 12, 30),  # noqa: DTZ001 - the same
}


@pytest.mark.parametrize(
    ("written", "canonical"),
    [("en", "en"), ("ES_mx", "es-MX"), ("zh-hant", "zh-Hant"), ("iw", "he"), ("sr-latn-rs", "sr-Latn-RS")],
)
def test_a_language_tag_is_made_canonical(written: str, canonical: str) -> None:
    assert parse_language_tag(written) == canonical


@pytest.mark.parametrize("written", ["", "english", "e", "en us", "en-", "é", "\0", "a" * 100, 1, None, True])
def test_a_malformed_language_tag_is_refused(written: object) -> None:
    with pytest.raises(BadUserInputError, match="BCP 47"):
        parse_language_tag(written)


@given(st.text(max_size=12))
def test_a_language_tag_is_canonical_or_refused(written: str) -> None:
    try:
        tag = parse_language_tag(written)
    except BadUserInputError:
        return
    assert parse_language_tag(tag) == tag


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("2026-05-15T00:00:00Z", "2026-05-15T00:00:00Z"),
        ("2026-05-15t02:30:00+02:30", "2026-05-15T00:00:00Z"),
        ("2026-05-15T00:00:00.5Z", "2026-05-15T00:00:00.500000Z"),
        ("2026-05-15T00:00:00.123456789Z", "2026-05-15T00:00:00.123456Z"),
        ("2026-05-15T00:00:00.000Z", "2026-05-15T00:00:00Z"),
    ],
)
def test_a_moment_is_written_in_utc(written: str, canonical: str) -> None:
    assert write_date_time(parse_date_time(written)) == canonical


@given(st.datetimes(**YEARS), st.integers(-1439, 1439))
def test_a_moment_keeps_its_instant_whatever_the_offset(moment: datetime.datetime, minutes: int) -> None:
    zone = datetime.timezone(datetime.timedelta(minutes=minutes))
    there = moment.replace(tzinfo=datetime.UTC).astimezone(zone)

    assert parse_date_time(there.isoformat()) == there
    assert parse_date_time(write_date_time(there)) == there


@pytest.mark.parametrize(
    "written",
    [
        "2026-05-15",
        "2026-05-15T00:00:00",
        "2026-05-15 00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-05-15T24:00:01Z",
        "0001-01-01T00:00:00+01:00",
        "٢٠٢٦-05-15T00:00:00Z",
        "",
        0,
        None,
    ],
)
def test_anything_but_rfc_3339_is_refused(written: object) -> None:
    with pytest.raises(BadUserInputError, match="date and time"):
        parse_date_time(written)


@given(st.dates())
def test_a_calendar_date_is_read_as_written(day: datetime.date) -> None:
    assert parse_calendar_date(day.isoformat()) == day


@pytest.mark.parametrize("written", ["2026-5-15", "20260515", "2026-02-30", "2026-W20-5", "", 2026, None])
def test_anything_but_a_calendar_date_is_refused(written: object) -> None:
    with pytest.raises(BadUserInputError, match="calendar date"):
        parse_calendar_date(written)


@pytest.mark.parametrize(
    "written", ["https://example.org/", "http://example.org:8080/a?b=c#d", "https://exämple.org/é"]
)
def test_a_web_url_is_kept_as_written(written: str) -> None:
    assert parse_web_url(written) == written


@pytest.mark.parametrize(
    "written",
    [
        "javascript:alert(1)",
        "//example.org",
        "https://",
        "ftp://example.org",
        "https://a b",
        "http://[",
        "x" * 3_000,
        1,
    ],
)
def test_anything_but_a_web_url_is_refused(written: object) -> None:
    with pytest.raises(BadUserInputError, match="absolute URL"):
        parse_web_url(written)


def test_a_refused_literal_says_what_the_argument_takes(schema: GraphQLSchema) -> None:
    (error,) = validate(schema, parse('{ answer(slug: "a", locale: "english") { id } }'))

    assert isinstance(error.original_error, BadUserInputError)
    assert "This takes a BCP 47 language tag such as `en`, `es-MX` or `zh-Hant`." in error.message

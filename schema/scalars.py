"""The contract's own scalars: each is parsed strictly, into a canonical form, and refused with a coded error."""

import datetime
import re
from functools import lru_cache
from typing import Final, NewType, NoReturn
from urllib.parse import urlsplit

import langcodes
import strawberry
from langcodes.tag_parser import LanguageTagError
from strawberry.types.scalar import ScalarDefinition

from server.errors.requests import BadUserInputError

LanguageTag = NewType("LanguageTag", str)
WebURL = NewType("WebURL", str)

_RFC_3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})",
    re.ASCII,
)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MICROSECONDS = 6
_LONGEST_TAG = 64
_LONGEST_URL = 2_048


def _refuse(wanted: str) -> NoReturn:
    raise BadUserInputError(f"This takes {wanted}.") from None


@lru_cache(maxsize=1_024)
def _canonical_tag(tag: str) -> LanguageTag:
    return LanguageTag(langcodes.standardize_tag(tag))


def parse_language_tag(value: object) -> LanguageTag:
    """The tag in canonical form (BCP 47, RFC 5646 section 4.5); raises BadUserInputError for one that is malformed."""
    if not isinstance(value, str) or len(value) > _LONGEST_TAG:
        _refuse("a BCP 47 language tag such as `en`, `es-MX` or `zh-Hant`")
    try:
        return _canonical_tag(value)
    except LanguageTagError:
        _refuse("a BCP 47 language tag such as `en`, `es-MX` or `zh-Hant`")


def parse_date_time(value: object) -> datetime.datetime:
    """A moment written as RFC 3339, section 5.6, says, in UTC; what is finer than a microsecond is cut off."""
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        _refuse("a date and time with its offset (RFC 3339), such as `2026-05-15T00:00:00Z`")
    try:
        return datetime.datetime.fromisoformat(_with_microseconds(value.upper())).astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        _refuse("a date and time that exists, such as `2026-05-15T00:00:00Z`")


def _with_microseconds(text: str) -> str:
    head, dot, rest = text.partition(".")
    if not dot:
        return text
    digits = re.match(r"\d+", rest)
    fraction = digits.group() if digits else ""
    return f"{head}.{fraction[:_MICROSECONDS].ljust(_MICROSECONDS, '0')}{rest[len(fraction) :]}"


def write_date_time(moment: datetime.datetime) -> str:
    """The moment as RFC 3339 in UTC, with microseconds only where it has some."""
    return moment.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")


def parse_calendar_date(value: object) -> datetime.date:
    """A date written `YYYY-MM-DD`; raises BadUserInputError for one that does not exist."""
    if not isinstance(value, str) or not _ISO_DATE.fullmatch(value):
        _refuse("a calendar date (ISO 8601), such as `2026-05-15`")
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        _refuse("a calendar date that exists, such as `2026-05-15`")


def parse_web_url(value: object) -> WebURL:
    """An absolute http(s) URL, as written; raises BadUserInputError for anything else."""
    if not isinstance(value, str) or len(value) > _LONGEST_URL or not _is_web_url(value):
        _refuse("an absolute URL that begins with `http://` or `https://`")
    return WebURL(value)


def _is_web_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and text.isprintable() and " " not in text
    except ValueError:
        return False


SCALARS: Final[dict[object, ScalarDefinition]] = {
    LanguageTag: strawberry.scalar(
        name="LanguageTag",
        description=(
            "A BCP 47 language tag in canonical form: `en`, `es-MX`, `zh-Hant`. As an argument it may have any form."
        ),
        specified_by_url="https://www.rfc-editor.org/info/bcp47",
        parse_value=parse_language_tag,
    ),
    datetime.datetime: strawberry.scalar(
        name="DateTime",
        description=(
            "An RFC 3339 date and time in UTC: `2026-05-15T00:00:00Z`. As an argument it may have any offset."
        ),
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=write_date_time,
        parse_value=parse_date_time,
    ),
    datetime.date: strawberry.scalar(
        name="CalendarDate",
        description="An ISO 8601 calendar date, free of time zones: `2026-05-15`.",
        serialize=datetime.date.isoformat,
        parse_value=parse_calendar_date,
    ),
    WebURL: strawberry.scalar(
        name="WebURL",
        description="An absolute http(s) URL: `https://www.cancer.gov/`.",
        specified_by_url="https://url.spec.whatwg.org/",
        parse_value=parse_web_url,
    ),
}
"""What each Python type of a field is in the schema; `datetime` takes the place of Strawberry's own."""

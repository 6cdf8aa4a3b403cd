"""Dates as people write them, in the languages that pages come in."""

import datetime
import re
import unicodedata
from dataclasses import dataclass

from server.errors.content import UnreadableError

_MONTHS = (
    "january jan enero ene janvier janv januar jänner janeiro gennaio gen",
    "february feb febrero février fevrier févr februar fevereiro fev febbraio",
    "march mar marzo mars märz maerz março",
    "april apr abril abr avril avr aprile",
    "may mayo mai maio maggio mag",
    "june jun junio juin juni junho giugno giu",
    "july jul julio juillet juil juli julho luglio lug",
    "august aug agosto ago août aout",
    "september sept sep septiembre setiembre septembre setembro settembre set",
    "october oct octubre octobre oktober okt outubro out ottobre ott",
    "november nov noviembre novembre novembro",
    "december dec diciembre dic décembre déc dezember dez dezembro dicembre",
)
_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun "
    "lunes martes miércoles jueves viernes sábado domingo lundi mardi mercredi jeudi vendredi samedi dimanche "
    "montag dienstag mittwoch donnerstag freitag samstag sonntag"
)


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join([char for char in decomposed if not unicodedata.combining(char)])


_NUMBERS = {_plain(name): number for number, names in enumerate(_MONTHS, 1) for name in names.split()}


def _either(words: str) -> str:
    forms = {unicodedata.normalize(form, word) for word in words.split() for form in ("NFC", "NFD")}
    return "|".join(sorted(forms | {_plain(form) for form in forms}, key=lambda form: (-len(form), form)))


_MONTH = rf"(?P<month>{_either(' '.join(_MONTHS))})"
_YEAR = r"(?P<year>\d{4})(?!\d)"
_OF = r"(?:\s*(?:de|del|of|di)\s+|[\s,./-]\s*|\.\s*)"
_ORDINAL = r"(?:st|nd|rd|th|er|º|°|ª|\.)?"
_TIME = r"(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_FORMS = (
    rf"{_MONTH}\.?\s*(?P<day>\d{{1,2}}){_ORDINAL}(?:\s*,\s*|\s+){_YEAR}",
    rf"(?P<day>\d{{1,2}}){_ORDINAL}{_OF}?{_MONTH}\.?{_OF}?{_YEAR}",
    rf"{_YEAR}(?P<sep>[-/.])(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}})(?!\d){_TIME}",
    r"(?P<year>\d{4})\s*[年년]\s*(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日일]?",
    rf"(?<!\d)(?P<first>\d{{1,2}})(?P<sep>[./-])(?P<second>\d{{1,2}})(?P=sep){_YEAR}",
)
_PATTERNS = tuple([re.compile(form, re.IGNORECASE) for form in _FORMS])
_BEFORE = re.compile(rf"(?<![^\W_])(?:{_either(_WEEKDAYS)})[.,]?\s*(?:the\s+|den\s+|le\s+)?$", re.IGNORECASE)
_DAY_BEFORE = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s*$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A date in a line, and the stretch that it takes up there, its weekday included."""

    date: datetime.date
    start: int
    end: int


def find_date(text: str, line: int) -> Found | None:
    """The first date in a line; raises UnreadableError for one that does not exist or can be read in two ways."""
    matches = [match for pattern in _PATTERNS if (match := _first(pattern, text)) is not None]
    if not matches:
        return None
    match = min(matches, key=lambda match: (match.start(), -match.end()))
    return Found(date=_date(match, line), start=_start(text, match.start()), end=match.end())


def _first(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next((match for match in pattern.finditer(text) if _is_free(match, text)), None)


def _is_free(match: re.Match[str], text: str) -> bool:
    """Tells whether a month's name is no part of a longer word: run together, it opens with a capital."""
    month = match.groupdict().get("month")
    if month is None or month.isdigit():
        return True
    start = match.start("month")
    return start == 0 or not text[start - 1].isalpha() or month[0].isupper()


def _start(text: str, start: int) -> int:
    weekday = _BEFORE.search(text, 0, start) or _DAY_BEFORE.search(text, 0, start)
    return start if weekday is None else weekday.start()


def _date(match: re.Match[str], line: int) -> datetime.date:
    parts = match.groupdict()
    if parts.get("first") is not None:
        month, day = _month_and_day(match, line)
    else:
        name = parts["month"] or ""
        month = int(name) if name.isdigit() else _NUMBERS[_plain(name)]
        day = int(parts["day"] or 0)
    try:
        return datetime.date(int(parts["year"] or 0), month, day)
    except ValueError:
        raise UnreadableError(f"the date `{match[0]}` does not exist: correct it", line) from None


def _month_and_day(match: re.Match[str], line: int) -> tuple[int, int]:
    first, second = int(match["first"]), int(match["second"])
    if match["sep"] == "." or first > 12 or first == second:
        return second, first
    if second > 12:
        return first, second
    raise UnreadableError(f"the date `{match[0]}` can be read in two ways: write the month's name", line)

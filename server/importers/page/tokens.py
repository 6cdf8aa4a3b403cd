"""The words of a text, and what each tells alone: whether it is part of a name, and of what kind of name."""

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"\S+")
_OPENERS = "\"'“‘«([{*_¿¡"
_CLOSERS = "\"”»)]}*_,;:!?…。，；：、.'’"
_WORK = re.compile(
    r"guidelines?|guidance|standards|recommendations?|reports?|review|reviews|handbook|textbook|manuals?|journal|annals|"
    r"statement|atlas|encyclop\w+|facts|figures|survey|database|registry|library|consensus|guide|lancet|bulletin|surveillance|"
    r"leitlinien?|gu[ií]as?|recommandations?",
    re.IGNORECASE,
)
_NAMED_BODY = (
    r"society|association|institutes?|foundation|organi[sz]ation|academy|college|network|council|university|force|administration|"
    r"agency|ministry|alliance|federation|collaboration|initiative|commission|consortium|coalition|sociedad|asociaci[oó]n|"
    r"instituto|fundaci[oó]n|soci[ée]t[ée]|gesellschaft|institut|haute|bundesamt"
)
_BODY = re.compile(
    rf"{_NAMED_BODY}|program|programme|clinic|hospitals?|centers?|centre|department|committee|service|school|board|group|trust|"
    r"research|registry|authority|medicine|health|support|services",
    re.IGNORECASE,
)
_NAMED = re.compile(_NAMED_BODY, re.IGNORECASE)
_LOOSE_BODY = re.compile(rf"(?!(?:{_NAMED_BODY})$)(?:{_BODY.pattern})", re.IGNORECASE)
_ACRONYM = re.compile(r"(?:[A-Z]{2,8}|[A-Z]{1,4}[&/-][A-Z]{1,4}|(?:[A-Z]\.){2,5}|[A-Z][a-z]?[A-Z]{2,6})s?")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.(?:gov|org|com|edu|int|net|uk|eu)", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """A word of a text without the punctuation around it, and its place."""

    core: str
    start: int
    end: int
    before: str
    after: str


def tokens_of(text: str) -> list[Token]:
    """The words of a text."""
    return [_token(match[0], match.start()) for match in _TOKEN.finditer(text)]


def _token(raw: str, start: int) -> Token:
    core = raw.lstrip(_OPENERS)
    before = raw[: len(raw) - len(core)]
    bare = core.rstrip(_CLOSERS)
    after = core[len(bare) :]
    if after.startswith(".") and re.fullmatch(r"(?:[A-Za-z]\.)*[A-Za-z]|St|Mt|vs|al", bare):
        bare, after = f"{bare}.", after[1:]
    return Token(core=bare, start=start + len(before), end=start + len(before) + len(bare), before=before, after=after)


def is_proper(word: str) -> bool:
    """Whether a word can be part of a proper name."""
    return word[:1].isupper() or (word[:1].isdigit() and any(map(str.isupper, word))) or is_domain(word)


def is_domain(word: str) -> bool:
    """Whether a word is the domain of a site: `nhs.uk`."""
    return _DOMAIN.fullmatch(word) is not None


def is_year(word: str) -> bool:
    """Whether a word is a year."""
    return _YEAR.fullmatch(word) is not None


def is_abbreviation(word: str) -> bool:
    """Whether a word is an abbreviation: `ACS`, `U.S.`, `AHA/ACC`."""
    return _ACRONYM.fullmatch(word) is not None


def names_work(word: str) -> bool:
    """Whether a word is that for a guideline, report, journal or book."""
    return _WORK.fullmatch(word.strip(",.:")) is not None


def names_body(word: str) -> bool:
    """Whether a word is that for a body: `Society`, `Clinic`."""
    bare = word.strip(",.:").removesuffix("'s").removesuffix("’s")
    return _BODY.fullmatch(bare.rpartition("-")[2]) is not None


def names_body_surely(word: str) -> bool:
    """Whether a word is that for a body, and no common word: `Society`, not `Clinic`."""
    return _NAMED.fullmatch(word) is not None


def names_body_loosely(word: str) -> bool:
    """Whether a word is that for a body, and a common word too: `Clinic`, not `Society`."""
    return _LOOSE_BODY.fullmatch(word) is not None

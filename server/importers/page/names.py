"""Proper names in running text: which words make one up, and whether it can be that of a source."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from server.importers.page.known import is_known
from server.importers.page.vocabulary import BETWEEN, COMMON, LATE_LINKS, LINKS, OPENINGS, VERBS, WORKS

LONGEST_NAME = 24
"""In words."""

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
_DEGREE = re.compile(r"M\.?D\.?|D\.?O\.?|Ph\.?D\.?|R\.?N\.?|N\.?P\.?|PA(?:-C)?|MPH|MSc?|PharmD|RDN?|a|an|who")
_HONORIFIC = re.compile(r"(?:Dr|Drs|Prof|Professor|Mr|Mrs|Ms|Doctor)\.?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """A word of a text without the punctuation around it, and its place."""

    core: str
    start: int
    end: int
    before: str
    after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """A proper name: its words and place, the tokens `first` to `last`; `also` and `year` are in brackets after it."""

    text: str
    start: int
    end: int
    first: int
    last: int
    also: str | None = None
    year: str | None = None
    is_possessive: bool = False


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


def names_in(text: str, tokens: Sequence[Token]) -> Iterator[Name]:
    """The proper names of a text, in order."""
    place = 0
    while place < len(tokens):
        name = read_name(text, tokens, first=place)
        if name is None:
            place += 1
        else:
            yield name
            place = name.last + 1


def read_name(text: str, tokens: Sequence[Token], *, first: int) -> Name | None:
    """The proper name that begins at a token, as long as it goes; None where none does."""
    if not _is_proper(tokens[first].core) or _is_stop_at_start(tokens, first):
        return None
    last = _last_of(tokens, first)
    core = tokens[last].core
    is_possessive = core.endswith(("'s", "’s")) and not tokens[last].after
    end = tokens[last].end - (2 if is_possessive else 0)
    also, year, end_of_brackets = (None, None, last) if is_possessive else _brackets(tokens, last)
    words = text[tokens[first].start : end]
    if year is None and _YEAR.fullmatch(core) and last > first:
        year = core
    return Name(
        text=words, start=tokens[first].start, end=end, first=first, last=end_of_brackets,
        also=also, year=year, is_possessive=is_possessive,
    )  # fmt: skip


def _is_proper(word: str) -> bool:
    return word[:1].isupper() or (word[:1].isdigit() and any(map(str.isupper, word))) or bool(_DOMAIN.fullmatch(word))


def _is_stop_at_start(tokens: Sequence[Token], place: int) -> bool:
    core = tokens[place].core
    return core.lower() in OPENINGS and not (core.isupper() and len(core) > 1)


def _last_of(tokens: Sequence[Token], first: int) -> int:
    """The last token of the name that begins at `first`."""
    last, place, is_work = first, first, False
    while place < min(len(tokens), first + LONGEST_NAME):
        token = tokens[place]
        if place > first and token.before:
            break
        if (
            _is_proper(token.core)
            or (place > first and token.core.isdigit() and _counts(tokens, place))
            or (token.core.lower() in WORKS and last == place - 1)
        ):
            last = place
        elif not _links(tokens, place, is_work=is_work):
            break
        is_work = is_work or _WORK.fullmatch(token.core) is not None
        if token.after:
            if not (last == place and is_work and _goes_on_after_colon(tokens, place)):
                break
        elif token.core.endswith(("'s", "’s")) and not _is_owner(tokens, place):
            break
        place += 1
    return last


def _counts(tokens: Sequence[Token], place: int) -> bool:
    """Tells whether a number is part of a name: a year, `Type 2 Diabetes`, `Version 2.2024`."""
    token = tokens[place]
    return _YEAR.fullmatch(token.core) is not None or (not token.after and _has_proper_next(tokens, place))


def _has_proper_next(tokens: Sequence[Token], place: int) -> bool:
    return place + 1 < len(tokens) and not tokens[place + 1].before and _is_proper(tokens[place + 1].core)


def _is_owner(tokens: Sequence[Token], place: int) -> bool:
    """Tells the owner in a name (`Alzheimer's Association`, `Crohn's & Colitis Foundation`) from that of something."""
    is_pair = place + 1 < len(tokens) and tokens[place + 1].core == "&"
    return _has_proper_next(tokens, place + 1 if is_pair else place)


def _links(tokens: Sequence[Token], place: int, *, is_work: bool) -> bool:
    """Tells whether a small word joins the name before it to more of the name."""
    token = tokens[place]
    word = token.core.lower()
    if token.after or token.core != word:
        return False
    if word in BETWEEN:
        return any(each.core.lower() in WORKS for each in tokens[place + 1 : place + 4])
    if word in ("and", "&") and _divides(tokens, place):
        return False
    ahead = place + 1
    while ahead < len(tokens) and ahead <= place + 2 and tokens[ahead].core in LINKS and not tokens[ahead].after:
        if word == "and" and tokens[ahead].core == "the":
            return False
        ahead += 1
    is_team = word == "in" and any(each.core in ("Group", "Network") for each in tokens[place + 1 : place + 4])
    is_link = word in LINKS or is_team or (word in LATE_LINKS and (is_work or _is_body(tokens[place - 1].core)))
    return is_link and ahead < len(tokens) and not tokens[ahead].before and _is_proper(tokens[ahead].core)


def _divides(tokens: Sequence[Token], place: int) -> bool:
    """Tells the `and` between two names from the one inside a name."""
    before, after = tokens[place - 1].core, tokens[place + 1].core if place + 1 < len(tokens) else ""
    if _ACRONYM.fullmatch(before) and _ACRONYM.fullmatch(after):
        return True
    if tokens[place].core != "and":
        return False
    phrase = takewhile(lambda token: not token.after, reversed(tokens[max(0, place - 6) : place]))
    is_body_before = any(_NAMED.fullmatch(each.core) for each in phrase)
    is_body_after = any(_NAMED.fullmatch(each.core) for each in tokens[place + 1 : place + 4])
    ends_in_body = _NAMED.fullmatch(before) is not None
    return ends_in_body or (is_body_before and is_body_after) or _ACRONYM.fullmatch(after) is not None


def _goes_on_after_colon(tokens: Sequence[Token], place: int) -> bool:
    """Tells a subtitle (`Guidelines for Patients: Acute Myeloid Leukemia,`) from what follows a sentence's colon."""
    if tokens[place].after != ":":
        return False
    ahead = place + 1
    while ahead < min(len(tokens), place + 12):
        token = tokens[ahead]
        if token.before or not (
            _is_proper(token.core) or token.core in LINKS or token.core in LATE_LINKS or token.core.isdigit()
        ):
            return token.core.lower() in VERBS and ahead > place + 2
        if token.after:
            return ahead > place + 1 or token.after in (",", ")")
        ahead += 1
    return ahead == len(tokens)


def _brackets(tokens: Sequence[Token], last: int) -> tuple[str | None, str | None, int]:
    """The abbreviation or year that stands in brackets after a name."""
    if tokens[last].after or last + 1 >= len(tokens):
        return None, None, last
    token = tokens[last + 1]
    following = tokens[last + 2] if last + 2 < len(tokens) else None
    if following is not None and token.before == "(" and token.after == "," and following.after.startswith(")"):
        is_both = _ACRONYM.fullmatch(token.core) and _YEAR.fullmatch(following.core)
        return (token.core, following.core, last + 2) if is_both else (None, None, last)
    if token.before != "(" or not token.after.startswith(")"):
        return None, None, last
    if _YEAR.fullmatch(token.core):
        return None, token.core, last + 1
    return (token.core, None, last + 1) if _ACRONYM.fullmatch(token.core) else (None, None, last)


def is_sure(name: Name) -> bool:
    """Whether a name is that of a body, a journal, a site or a work: something that can be cited."""
    words = name.text.split()
    if _HONORIFIC.fullmatch(words[0]):
        return False
    if is_known(name.text) or (
        len(words) > 1 and any(is_known(" ".join(words[:length])) for length in range(1, min(len(words), 8)))
    ):
        return True
    if len(words) > 1 and any(_is_body(word) or _WORK.fullmatch(word.strip(",.:")) for word in words):
        return any(_is_proper(word) and not _is_common(word) for word in words)
    return is_site(name.text)


def _is_common(word: str) -> bool:
    if word.isupper() and len(word) > 1 and word not in ("US", "UK"):
        return False
    return word.lower() in COMMON or bool(_LOOSE_BODY.fullmatch(word) or _WORK.fullmatch(word))


def _is_body(word: str) -> bool:
    bare = word.strip(",.:").removesuffix("'s").removesuffix("’s")
    return _BODY.fullmatch(bare.rpartition("-")[2]) is not None


def is_common(name: Name) -> bool:
    """Whether no word of a name is its own: `National Guidelines`."""
    return all(_is_common(word.strip(",.:")) or not _is_proper(word) for word in name.text.split())


def is_person(name: Name, tokens: Sequence[Token]) -> bool:
    """Whether a name bears a title or a degree: who says something is no source."""
    words = name.text.split()
    following = tokens[name.last + 1].core if name.last + 1 < len(tokens) else ""
    return _HONORIFIC.fullmatch(words[0]) is not None or (
        tokens[name.last].after == "," and _DEGREE.fullmatch(following) is not None
    )


def is_site(text: str) -> bool:
    """Whether a name is a domain, or written in mixed case as sites are: `MedlinePlus`."""
    return _DOMAIN.fullmatch(text) is not None or re.fullmatch(r"[A-Z][a-z]+(?:[A-Z][a-z]*)+", text) is not None


def is_acronym(name: Name) -> bool:
    """Whether a name is an abbreviation alone."""
    return is_abbreviation(name.text)


def is_abbreviation(text: str) -> bool:
    """Whether a text is an abbreviation alone: `ACS`, `U.S.`, `AHA/ACC`."""
    return _ACRONYM.fullmatch(text) is not None


def is_work(name: Name) -> bool:
    """Whether a name is that of a guideline, report, journal or book, not only of a body."""
    return any(_WORK.fullmatch(word.strip(",.:")) for word in name.text.split())


def body_of(title: str) -> str | None:
    """The body that a title opens with: `American Thyroid Association` of its `Guidelines`; None where none does."""
    words = title.split()
    end = next((place for place, word in enumerate(words) if _WORK.fullmatch(word.strip(",.:"))), len(words))
    while end and (words[end - 1] in BETWEEN or words[end - 1] in LINKS):
        end -= 1
    is_body = any(map(_is_body, words[:end]))
    return " ".join(words[:end]).rstrip(",.:") if is_body else None

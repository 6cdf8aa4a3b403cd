"""Proper names in running text: which words make one up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from server.importers.page.tokens import (
    Token,
    is_abbreviation,
    is_proper,
    is_year,
    names_body,
    names_body_surely,
    names_work,
)
from server.importers.page.vocabulary import BETWEEN, LATE_LINKS, LINKS, OPENINGS, VERBS, WORKS

LONGEST_NAME = 24
"""In words."""


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
    if not is_proper(tokens[first].core) or _is_stop_at_start(tokens, first):
        return None
    last = _last_of(tokens, first)
    core = tokens[last].core
    is_possessive = core.endswith(("'s", "’s")) and not tokens[last].after
    end = tokens[last].end - (2 if is_possessive else 0)
    also, year, end_of_brackets = (None, None, last) if is_possessive else _brackets(tokens, last)
    words = text[tokens[first].start : end]
    if year is None and is_year(core) and last > first:
        year = core
    return Name(
        text=words, start=tokens[first].start, end=end, first=first, last=end_of_brackets,
        also=also, year=year, is_possessive=is_possessive,
    )  # fmt: skip


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
            is_proper(token.core)
            or (place > first and token.core.isdigit() and _counts(tokens, place))
            or (token.core.lower() in WORKS and last == place - 1)
        ):
            last = place
        elif not _links(tokens, place, is_work=is_work):
            break
        is_work = is_work or names_work(token.core)
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
    return is_year(token.core) or (not token.after and _has_proper_next(tokens, place))


def _has_proper_next(tokens: Sequence[Token], place: int) -> bool:
    return place + 1 < len(tokens) and not tokens[place + 1].before and is_proper(tokens[place + 1].core)


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
    is_link = word in LINKS or is_team or (word in LATE_LINKS and (is_work or names_body(tokens[place - 1].core)))
    return is_link and ahead < len(tokens) and not tokens[ahead].before and is_proper(tokens[ahead].core)


def _divides(tokens: Sequence[Token], place: int) -> bool:
    """Tells the `and` between two names from the one inside a name."""
    before, after = tokens[place - 1].core, tokens[place + 1].core if place + 1 < len(tokens) else ""
    if is_abbreviation(before) and is_abbreviation(after):
        return True
    if tokens[place].core != "and":
        return False
    phrase = takewhile(lambda token: not token.after, reversed(tokens[max(0, place - 6) : place]))
    is_body_before = any(names_body_surely(each.core) for each in phrase)
    is_body_after = any(names_body_surely(each.core) for each in tokens[place + 1 : place + 4])
    ends_in_body = names_body_surely(before)
    return ends_in_body or (is_body_before and is_body_after) or is_abbreviation(after)


def _goes_on_after_colon(tokens: Sequence[Token], place: int) -> bool:
    """Tells a subtitle (`Guidelines for Patients: Acute Myeloid Leukemia,`) from what follows a sentence's colon."""
    if tokens[place].after != ":":
        return False
    ahead = place + 1
    while ahead < min(len(tokens), place + 12):
        token = tokens[ahead]
        if token.before or not (
            is_proper(token.core) or token.core in LINKS or token.core in LATE_LINKS or token.core.isdigit()
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
        is_both = is_abbreviation(token.core) and is_year(following.core)
        return (token.core, following.core, last + 2) if is_both else (None, None, last)
    if token.before != "(" or not token.after.startswith(")"):
        return None, None, last
    if is_year(token.core):
        return None, token.core, last + 1
    return (token.core, None, last + 1) if is_abbreviation(token.core) else (None, None, last)

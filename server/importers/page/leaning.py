"""Which proper names a sentence leans on: those that it appeals to, or lets speak. Others it only mentions."""

import re
from collections.abc import Sequence
from dataclasses import replace

from server.importers.page.bearers import is_acronym, is_common, is_person, is_site, is_sure, is_work
from server.importers.page.known import is_known, journal
from server.importers.page.names import Name, names_in
from server.importers.page.tokens import Token
from server.importers.page.vocabulary import ADVERBS, BETWEEN, PRINTED, REPORTS, SKIPPED, TOLD, VERBS

_SPEAKING = re.compile(
    r"(?:recommend|advise|explain|say|said|state|define|estimate|warn|conclude|urge|endorse|encourage|caution|stress|emphasi|"
    r"recomi|explica|señal|empfehl|empfiehl|erklär|recomm|expliqu|raccom|spieg|recomen)\w*"
)
_APPEALS = (
    ("based", "on"), ("line", "with"), ("consistent", "with"), ("grounded", "in"), ("adapted", "from"), ("following",),
    ("follow",), ("see",), ("cited", "in"), ("in",), ("with",), ("per",), ("under",), ("from",), ("by",),
)  # fmt: skip
_ELSEWHERE = (
    ("according", "to"),
    ("de", "acuerdo", "con"),
    ("source",),
    ("sources",),
    ("según",),
    ("selon",),
    ("laut",),
    ("secondo",),
    ("segundo",),
    ("gemäß",),
)
_JOINTS = re.compile(r"\s*,?\s*(?:and|&|or|y|et|und)\s+(?:the\s+)?|\s*,\s*(?:the\s+)?")
_JOINTS_OF_APPEAL = re.compile(r"\s*,?\s+(?:and|&|or|y|et|und)\s+(?:the\s+)?")
_LISTING = re.compile(r"\s*[;,]\s*(?:and\s+)?(?:the\s+)?")
_LABEL = re.compile(r"\W*(?:sources?|fuentes?|quellen?|fonti?|fontes?)\s*:", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_PLURALS = re.compile(r"\w*[^s]|stress|emphasi[sz]e")


def leaning_names(text: str, tokens: Sequence[Token]) -> list[Name]:
    """The names in a text that it leans on, in order; a year right before one belongs to it."""
    names = list(names_in(text, tokens))
    appealed = [_is_appealed_to(name, tokens) for name in names]
    speaking = [_speaks(name, tokens) for name in names]
    _pass_on_appeals(text, names, appealed=appealed)
    _pass_on_speech(text, names, speaking=speaking, plural=[_is_plural(name, tokens) for name in names])
    pairs = zip(names, appealed, speaking, strict=True)
    return [_with_year(name, text, tokens=tokens) for name, one, other in pairs if one or other]


def _pass_on_appeals(text: str, names: Sequence[Name], *, appealed: list[bool]) -> None:
    """Marks the names that are joined to one appealed to: `according to the CDC and the WHO`."""
    joint = _LISTING if _LABEL.match(text) else _JOINTS_OF_APPEAL
    for place in range(1, len(names)):
        if appealed[place - 1] and _is_joined(text, names[place - 1], other=names[place], joint=joint):
            appealed[place] = appealed[place] or _is_firm(names[place])


def _pass_on_speech(text: str, names: Sequence[Name], *, speaking: list[bool], plural: list[bool]) -> None:
    """Marks the names that speak together with the one before the verb: `The CDC and the WHO recommend`."""
    for place in range(len(names) - 1, 0, -1):
        if speaking[place] and plural[place] and _is_joined(text, names[place - 1], other=names[place], joint=_JOINTS):
            speaking[place - 1] = speaking[place - 1] or _is_firm(names[place - 1])
            plural[place - 1] = True


def _is_joined(text: str, one: Name, *, other: Name, joint: re.Pattern[str]) -> bool:
    has_brackets = one.also or one.year or text.startswith(" (http", one.end)
    end = max(one.end, text.rfind(")", one.end, other.start) + 1) if has_brackets else one.end
    return joint.fullmatch(text[end : other.start]) is not None


def _is_plural(name: Name, tokens: Sequence[Token]) -> bool:
    verb = _verb_after(name, tokens)
    return verb is not None and _PLURALS.fullmatch(verb) is not None


def _with_year(name: Name, text: str, *, tokens: Sequence[Token]) -> Name:
    """The name with the year that stands right before it: `2024 GOLD Report`."""
    if name.first == 0 or name.year or not is_work(name):
        return name
    token = tokens[name.first - 1]
    if token.after or not _YEAR.fullmatch(token.core):
        return name
    return replace(name, text=text[token.start : name.end], start=token.start, year=token.core)


def _is_appealed_to(name: Name, tokens: Sequence[Token]) -> bool:
    """Tells whether the words before a name appeal to it as a source."""
    before = _words_before(name, tokens)
    if is_person(name, tokens):
        return False
    if any(before[-len(words) :] == list(words) for words in _ELSEWHERE):
        return not is_common(name) and (_is_firm(name) or _ends_phrase(name, tokens))
    if before[:2] == ["according", "to"] and before[2:3] and before[2] in REPORTS:
        return not is_common(name)
    if _is_speaker(name, tokens):
        return True
    return _is_guideline(name) or _is_reported(name, before, tokens=tokens)


def _is_speaker(name: Name, tokens: Sequence[Token]) -> bool:
    """Tells who a quotation is from: `"Move," says the Arthritis Foundation`."""
    place = name.first - 1
    if place > 0 and tokens[place].core.lower() == "the":
        place -= 1
    is_quoted = place > 0 and tokens[place - 1].after.endswith((',"', ",”", "”,", '",', "”", '"'))
    return is_quoted and _SPEAKING.fullmatch(tokens[place].core) is not None and is_sure(name)


def _is_reported(name: Name, before: Sequence[str], *, tokens: Sequence[Token]) -> bool:
    """Tells whether the words before a name say that something was recommended by it, or printed in it."""
    is_printed = journal(name.text) is not None or (is_work(name) and is_sure(name))
    match before[-2:]:
        case [told, "by"] if told in TOLD:
            return _is_firm(name)
        case [report, "from" | "by"] if report in REPORTS:
            return is_sure(name) or (is_acronym(name) and _ends_phrase(name, tokens))
        case ["guidelines" | "guideline" | "recommendations" | "guidance", "of"]:
            return _is_firm(name)
        case [*_, "per"]:
            return is_sure(name)
        case [told, "in"] if told in PRINTED or told in REPORTS:
            return is_printed
        case _:
            return is_work(name) and is_sure(name) and any(before[-len(words) :] == list(words) for words in _APPEALS)


def _is_firm(name: Name) -> bool:
    return is_sure(name) or is_acronym(name) or is_site(name.text)


def _is_guideline(name: Name) -> bool:
    """Tells guidelines with the name of who wrote them from guidelines in general."""
    return re.search(
        r"\b(?:guidelines?|standards of (?:medical )?care)\b", name.text, re.IGNORECASE
    ) is not None and is_sure(name)


def _ends_phrase(name: Name, tokens: Sequence[Token]) -> bool:
    """Tells whether a name stands for itself, and is not the first word of a longer phrase."""
    if tokens[name.last].after or name.last + 1 == len(tokens):
        return True
    following = tokens[name.last + 1].core.lower()
    return following in VERBS or following in ADVERBS or following in ("and", "that", "which", "on", "about", "for")


def _words_before(name: Name, tokens: Sequence[Token]) -> list[str]:
    """The small words before a name, up to four, without an article or an adjective of time."""
    words: list[str] = []
    place = name.first - 1
    while place >= 0 and len(words) < 4:
        token = tokens[place]
        if token.after and not (token.after == ":" and token.core.lower() in ("source", "sources", "by")):
            break
        word = token.core.lower()
        is_passed = not words and (
            word in SKIPPED or _YEAR.fullmatch(word) or word in ("la", "el", "los", "las", "le", "der", "die")
        )
        if not is_passed:
            words.insert(0, word)
        place -= 1
    return words


def _verb_after(name: Name, tokens: Sequence[Token]) -> str | None:
    """The verb that a name is the subject of, past adverbs and past the guidelines or data that it has."""
    last = tokens[name.last]
    if last.after and not (last.after == ")" and (name.also or name.year)):
        return None
    allowance = 4
    for token in tokens[name.last + 1 : name.last + 1 + allowance]:
        word = token.core.lower()
        if token.before:
            return None
        if word in VERBS and token.core == word:
            return word
        is_passed = word in ADVERBS or word in REPORTS or (name.is_possessive and word in BETWEEN)
        if not is_passed or token.after:
            return None
    return None


def _speaks(name: Name, tokens: Sequence[Token]) -> bool:
    """Tells whether the sentence lets a name speak: `The American Cancer Society explains`."""
    verb = _verb_after(name, tokens)
    if verb is None or is_person(name, tokens) or is_common(name):
        return False
    if is_sure(name) and (len(name.text.split()) > 1 or is_known(name.text) or is_site(name.text)):
        return True
    has_article = name.first > 0 and tokens[name.first - 1].core.lower() == "the"
    is_named = is_acronym(name) or (has_article and len(name.text.split()) > 1)
    return is_named and _SPEAKING.fullmatch(verb) is not None

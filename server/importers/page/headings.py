"""What tells a heading from a paragraph: it is short, a line of its own, and no sentence."""

import re
import unicodedata

from server.importers.page.vocabulary import GENERIC, UNCAPITALISED, VERBS

LONGEST_HEADING = 160
_LONGEST_PLAIN = 110
_LONGEST_IDEOGRAPHIC = 40
_MOST_WORDS = 24
_MOST_PLAIN_WORDS = 16
_TITLE_SHARE = 0.6

CLOSERS = "\"'”’»)]）」』*_"
_FINAL = ".;,…。；，、۔،؛।॥:："
_QUESTION = "?？؟"
_EXCLAMATION = "!！"
_SENTENCE_BREAK = re.compile(
    r"(?<![A-Z])(?<!\b[A-Z][a-z])(?<!\b[Vv]s)(?<!\bSt)(?<!\bno)[.!?][\"”’)]*\s+(?=[\"“‘(]*[A-ZÀ-Þ])|[。！？](?=.)"
)
_ADDRESS = re.compile(r"https?://|www\.|\S@\S+\.\w|\bdoi:", re.IGNORECASE)
_CITED = re.compile(
    r"[(\[][^()\[\]]*\b(?:19|20)\d\d[a-z]?[)\]]$|\[\d+(?:[,–-]\s?\d+)*\]$|^\[\d+\]|^\(?sources?\s*:\s*\S", re.IGNORECASE
)
_LONGEST_NOTE = 40
_NOTE = re.compile(r"(?<=\S)(?:\s?\[\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\]|[⁰¹²³⁴⁵⁶⁷⁸⁹†‡][˒,]?)+$")
_CAUSES = re.compile(
    r"\b(?:common|main|possible|other|known|likely|usual|typical|rare|leading|frequent|root|potential|underlying|medical|"
    r"the|and|&|of|its|their)\s+causes$",
    re.IGNORECASE,
)
"""The noun, which the verb that dangles before a list looks like."""
_DANGLING = re.compile(
    r"\b(?:includ(?:e|es|ing)|are|is|if|have|has|with|to|as|following|the|a|an|and|or|you|may|can|should|that|of|for|by|"
    r"from|such|cause|causes|need)$",
    re.IGNORECASE,
)
_MOST_LABEL_WORDS = 10
_MOST_PLAIN_LABEL_WORDS = 8
_ASKING = re.compile(
    r"(?:what|when|how|why|where|who|which|questions?|if|before|after|during|preguntas|fragen)\b", re.IGNORECASE
)
"""What opens a phrase that has a verb and is no sentence."""
_WHAT_FOR = re.compile(r"what\s+to\s+\w+(?:\s+\w+){0,2}\s+(?:for|about|with)$", re.IGNORECASE)
_CLAUSE = re.compile(
    r"^(?:it|there|this|these|that|those|they|you|we|i|he|she|here|then|so|but|also|some|most|many|each|do|take|keep|bring|"
    r"ask|call|tell|try|make|use|avoid|look|watch|check|start|stop|work|follow|remember|choose|eat|drink|get|go|see|talk|"
    r"wash|clean|apply|put|include|consider|note|write|read|let|give|find|learn|know|think|seek|have|be|prepare|plan|limit|"
    r"say|answer|pick|mix|add|count|rest|track|discuss|don[’']t)\b|"
    r"\b(?:is|are|was|were|has|have|had|can|could|should|would|will|may|might|must|do|does|did|it|them|these|this)\b",
    re.IGNORECASE,
)
_OWNED = re.compile(r"(?:an?|the|your|our|my|doctors?|patients?|people)\b", re.IGNORECASE)
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W\d_]+")


def looks_like_heading(text: str) -> bool:
    """Whether a line that stands by itself reads as a heading."""
    if len(text) > LONGEST_HEADING or _ADDRESS.search(text) or _CITED.search(text):
        return False
    core = _core(text)
    if not core or not any(char.isalnum() for char in core) or _SENTENCE_BREAK.search(text):
        return False
    if core[-1] in _FINAL:
        return core[-1] in ":：" and _is_label(core[:-1].rstrip())
    if core[-1] in _EXCLAMATION:
        return is_titled(core)
    return _has_fit_words(text, is_question=core[-1] in _QUESTION)


def _is_label(words: str) -> bool:
    """Tells a phrase that a colon ends as a heading from a sentence that goes on with a list."""
    count = len(words.split())
    last = words.rpartition(" ")[2]
    is_whole = _DANGLING.search(words) is None or _WHAT_FOR.match(words) is not None
    if not count or not is_whole or last in VERBS or "," in words:
        return False
    if is_titled(words):
        return count <= _MOST_LABEL_WORDS
    if not words[0].isupper() or count > _MOST_PLAIN_LABEL_WORDS:
        return False
    if _ASKING.match(words):
        return True
    return _CLAUSE.search(words) is None and not (_OWNED.match(words) and last.endswith("s") and last not in GENERIC)


def _has_fit_words(text: str, *, is_question: bool) -> bool:
    words = text.split()
    if _IDEOGRAPH.search(text):
        return len(text) <= _LONGEST_IDEOGRAPHIC
    if words[0][0].islower() and words[0].islower() and words[0].isalpha():
        return False
    if is_titled(text):
        return len(words) <= _MOST_WORDS
    if _DANGLING.search(text) and not _CAUSES.search(text):
        return False
    most = _MOST_PLAIN_WORDS + (6 if is_question else 0)
    return len(words) <= most and len(text) <= _LONGEST_PLAIN + (40 if is_question else 0)


def is_titled(text: str) -> bool:
    """Whether most words of a line that can open with a capital do."""
    words = [word for word in _WORD.findall(text) if len(word) > 1 and word.lower() not in UNCAPITALISED]
    capital = sum(not word[0].islower() for word in words)
    return bool(words) and any(word[0].isupper() for word in words) and capital >= _TITLE_SHARE * len(words)


def _core(text: str) -> str:
    """A line without the quotes, brackets, emoji and numbers of notes at its end."""
    note = _NOTE.search(text[-_LONGEST_NOTE:])
    end = len(text) if note is None else len(text) - len(note[0])
    while end and (
        text[end - 1] in CLOSERS or text[end - 1].isspace() or unicodedata.category(text[end - 1])[0] in "SMC"
    ):
        end -= 1
    return text[:end]


def is_finished(text: str) -> bool:
    """Whether a line ends as a sentence does."""
    core = _core(text)
    return bool(core) and core[-1] in _FINAL.replace(",", "") + _QUESTION + _EXCLAMATION


def is_question(text: str) -> bool:
    """Whether a text ends as a question does."""
    return _core(text)[-1:] in tuple(_QUESTION)

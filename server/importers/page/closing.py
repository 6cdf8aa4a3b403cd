"""The end of a page: its closing notices, and the calls to action after them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from server.content.addresses import is_web_url
from server.content.draft import CallToAction, DisclaimerPlacement, Notice
from server.importers.page.notices import goes_on, is_notice, is_notice_heading, is_parting, notice
from server.importers.page.pieces import Piece, StepMark, Text
from server.importers.page.references import is_reference_heading

_MOST = 24
"""A closing has fewer passages."""
_LONGEST_HEADING = 90
_LONGEST_LABEL = 40
_LONGEST_CALL = 600
_CALL = re.compile(
    r"\b(?:upload|sign\s+(?:up|in)|log\s+in|subscribe|download\s+(?:our|the|your)|get\s+(?:started|guidance|help|support|"
    r"answers|your|a\s+(?:second|personal)|personali[sz]ed|matched|in\s+touch)|book\s+(?:a|an|your|now|online)|schedule\s+(?:a|an|"
    r"your)|make\s+an\s+appointment|request\s+(?:a|an|your)|register\s+(?:for|now|here|today)|join\s+(?:us|our|the|a|now)|try\s+"
    r"(?:it|our|navis|for|the\s+app)|start\s+(?:a|your|now|here|free)|create\s+(?:a|an|your)\s+(?:free\s+)?(?:account|profile)|"
    r"contact\s+us|call\s+us|visit\s+us|email\s+us|chat\s+(?:with|now)|talk\s+(?:to|with)\s+(?:us|our|one\s+of|a\s+(?:nurse|"
    r"specialist|navigator))|speak\s+(?:to|with)\s+(?:us|our|one\s+of|a\s+(?:nurse|specialist|navigator))|ask\s+(?:us|our|navis|"
    r"a\s+(?:nurse|follow))|learn\s+more|read\s+more|find\s+out\s+more|find\s+a\s+(?:\w{1,20}\s+)?(?:doctor|clinic|specialist|trial|"
    r"center|centre|therapist|provider)|click|tap\b|share\s+this|donate|free\s+trial|newsletter|our\s+(?:app|team|nurses|"
    r"experts|specialists|service|clinic|community|navigators|website|portal|tool|helpline|care)|"
    r"your\s+(?:own\s+)?(?:records|case|account|inbox|lab\s+results|test\s+results|scans|reports|uploads)|"
    r"(?:personali[sz]ed|tailored|specific)\s+(?:guidance|answers?|advice|to\s+(?:your|you)\b)|was\s+this\s+(?:\w{1,20}\s+)?helpful|"
    r"suba|sube|descargue|descargar|reserve|regístrese|solicite|obtenga|inscr[ií]base|téléchargez|inscrivez|prenez\s+rendez|"
    r"obtenez|laden\s+sie|melden\s+sie|buchen\s+sie|holen\s+sie|agende|baixe|carregue|cadastre|prenota|scarica|carica|iscriviti)\b",
    re.IGNORECASE,
)
_SURE_CALL = re.compile(
    r"\b(?:upload\s+your|sign\s+(?:up|in)|subscribe|newsletter|download\s+our|(?:contact|call|visit|email|ask)\s+us|free\s+trial|"
    r"(?:our|one\s+of\s+our)\s+(?:\w{1,20}\s+)?(?:app|team|nurses|experts|specialists|service|clinic|community|navigators|"
    r"website|portal|helpline)|your\s+(?:own\s+)?(?:records|case|account|inbox)|create\s+(?:a|an|your)\s+(?:free\s+)?account|"
    r"get\s+(?:started|guidance|matched|personali[sz]ed)|personali[sz]ed\s+guidance|was\s+this\s+(?:\w{1,20}\s+)?helpful|"
    r"share\s+this\s+(?:page|answer|article)|(?:book|schedule|request|register|join|start|donate|download|sign)\b[^.]{0,80}"
    r"https?://\S)",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://[^\s<>\"]+")
_ADDRESS_ONLY = re.compile(r"(?:\S{1,30}\s+)?https?://\S+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """What a page ends with, and the pieces of content before it."""

    content: list[Piece]
    notices: tuple[Notice, ...] = ()
    calls: tuple[CallToAction, ...] = ()


@dataclass(slots=True)
class _Call:
    heading: str | None = None
    text: str = ""
    label: str | None = None


@dataclass(slots=True)
class _Tail:
    """Sorts the passages of a closing, in order."""

    texts: list[Text]
    notices: list[tuple[str | None, list[str]]] = field(default_factory=list)
    calls: list[_Call] = field(default_factory=list)
    place: int = 0

    def sort(self) -> None:
        while self.place < len(self.texts):
            if not (self._take_notice() or self._take_address() or self._take_label()):
                self._take_call()

    def _at(self, offset: int = 0) -> str:
        place = self.place + offset
        return self.texts[place].text if place < len(self.texts) else ""

    def _take_notice(self) -> bool:
        text, following = self._at(), self._at(1)
        if is_notice_heading(text) and following and not self._heads_call() and not self.texts[self.place + 1].is_bare:
            self.notices.append((text, [following]))
            self.place += 2
        elif not self._heads_call() and (is_notice(text) or is_parting(text)) and not self._is_of_call():
            self.notices.append((None, [text]))
            self.place += 1
        else:
            return False
        while self.notices[-1][0] and self._at() and not self._is_headlike() and goes_on(self._at()):
            self.notices[-1][1].append(self._at())
            self.place += 1
        return True

    def _is_of_call(self) -> bool:
        return bool(self.calls) and _CALL.search(self._at()) is not None

    def _is_headlike(self) -> bool:
        text = self._at()
        return self.texts[self.place].is_bare or len(text) <= _LONGEST_HEADING // 2

    def _heads_call(self) -> bool:
        """Tells whether a short line, with or without a full stop, heads the call that follows it."""
        text, following = self._at(), self._at(1)
        if not following or len(text) > _LONGEST_HEADING or _ADDRESS_ONLY.fullmatch(text) or _URL.search(text):
            return False
        if not (self._is_headlike() or _CALL.search(text)):
            return False
        is_heading_too = self.place + 1 < len(self.texts) and self.texts[self.place + 1].is_bare and bool(self._at(2))
        longer = len(following) > len(text) and not _ADDRESS_ONLY.fullmatch(following)
        return longer and not is_heading_too and (_CALL.search(following) is not None or not is_notice(following))

    def _take_address(self) -> bool:
        """An address alone belongs to the call before it."""
        if not self.calls or not _ADDRESS_ONLY.fullmatch(self._at()) or _URL.search(self.calls[-1].text):
            return False
        if self.calls[-1].label is not None and self._at().startswith("http"):
            self.calls[-1].label += f" {self._at()}"
        else:
            self.calls[-1].text += f"\n\n{self._at()}"
        self.place += 1
        return True

    def _take_label(self) -> bool:
        """A short line after a call, where no call of its own follows, is what its button says."""
        text = self._at()
        if not self.calls or self.calls[-1].label is not None or not self.texts[self.place].is_bare:
            return False
        if len(text) > _LONGEST_LABEL or self._heads_call() or not self.calls[-1].text:
            return False
        self.calls[-1].label = text
        self.place += 1
        return True

    def _take_call(self) -> None:
        if self._heads_call():
            self.calls.append(_Call(heading=self._at(), text=self._at(1)))
            self.place += 2
        else:
            self.calls.append(_Call(text=self._at()))
            self.place += 1


def split_closing(pieces: Sequence[Piece]) -> Closing:
    """The content of a page apart from its closing; references that stand below the closing are content."""
    start = _start_of_closing(pieces)
    below = len(pieces)
    if start is None:
        below = _start_of_references(pieces)
        start = _start_of_closing(pieces[:below])
    if start is None:
        return Closing(content=list(pieces))
    tail = _Tail(texts=[piece for piece in pieces[start:below] if isinstance(piece, Text)])
    tail.sort()
    return Closing(
        content=[*pieces[:start], *pieces[below:]],
        notices=tuple([notice(heading, texts, DisclaimerPlacement.AFTER_CONTENT) for heading, texts in tail.notices]),
        calls=tuple([_call(call) for call in tail.calls]),
    )


def _start_of_references(pieces: Sequence[Piece]) -> int:
    place = len(pieces) - 1
    while place > 0:
        piece = pieces[place]
        if isinstance(piece, StepMark):
            break
        if isinstance(piece, Text) and is_reference_heading(piece.text):
            return place
        place -= 1
    return 0


def _start_of_closing(pieces: Sequence[Piece]) -> int | None:
    first = _start_of_prose(pieces)
    return next((place for place in range(first, len(pieces)) if _opens_closing(pieces, place)), None)


def _start_of_prose(pieces: Sequence[Piece]) -> int:
    """The place from which on nothing but passages stands, at most so many as a closing has."""
    place = len(pieces)
    while place > 0 and len(pieces) - place < _MOST and isinstance(pieces[place - 1], Text):
        place -= 1
    return place


def _opens_closing(pieces: Sequence[Piece], place: int) -> bool:
    """Tells whether a closing starts here: a notice or a call, and nothing but notices and calls after it."""
    piece = pieces[place]
    if not isinstance(piece, Text) or isinstance(pieces[place - 1] if place else None, StepMark):
        return False
    later = [each for each in pieces[place + 1 :] if isinstance(each, Text)]
    if _is_notice_here(piece, later):
        return _is_all_closing(later, most=8)
    return _is_call_here(piece, later) and _is_all_calls([piece, *later])


def _is_notice_here(piece: Text, later: Sequence[Text]) -> bool:
    if is_notice_heading(piece.text) and later and not later[0].is_bare:
        return is_notice(later[0].text) or is_parting(later[0].text)
    return not piece.is_bare and (is_notice(piece.text) or (is_parting(piece.text) and not _has_content(later)))


def _has_content(later: Sequence[Text]) -> bool:
    return not all(_CALL.search(each.text) or is_notice(each.text) or each.is_bare for each in later)


def _is_all_closing(later: Sequence[Text], *, most: int) -> bool:
    """Tells whether passages after a notice are notices and calls: pairs of a short line and one passage, or alone."""
    others = 0
    for before, each in zip([None, *later], later, strict=False):
        if len(each.text) > _LONGEST_CALL and not is_notice(each.text):
            return False
        is_known = _CALL.search(each.text) or is_notice(each.text) or goes_on(each.text) or each.is_bare
        is_second = before is not None and not before.is_bare and not each.is_bare
        others += 0 if is_known else 2 if is_second else 1
    return others <= most // 2


def _is_call_here(piece: Text, later: Sequence[Text]) -> bool:
    if piece.is_bare or len(piece.text) <= _LONGEST_HEADING // 2:
        return bool(later) and not later[0].is_bare and _SURE_CALL.search(later[0].text) is not None
    return _SURE_CALL.search(piece.text) is not None and len(piece.text) <= _LONGEST_CALL


def _is_all_calls(texts: Sequence[Text]) -> bool:
    """Tells whether passages are calls without doubt, for no notice sets them off from the content."""
    for place, each in enumerate(texts):
        following = texts[place + 1] if place + 1 < len(texts) else None
        is_head = (
            following is not None and not following.is_bare and (each.is_bare or len(each.text) <= _LONGEST_HEADING)
        )
        is_sure = (
            _SURE_CALL.search(each.text) is not None
            or is_notice(each.text)
            or _ADDRESS_ONLY.fullmatch(each.text) is not None
        )
        if len(each.text) > _LONGEST_CALL or not (is_sure or is_head):
            return False
    return True


def _call(call: _Call) -> CallToAction:
    found = _URL.search(f"{call.text} {call.label or ''}")
    url = found[0].rstrip(".,;:!?)]}'\"”’") if found else None
    label = _URL.sub("", call.label).strip() or None if call.label else None
    return CallToAction(heading=call.heading, text=call.text, label=label, url=url if url and is_web_url(url) else None)

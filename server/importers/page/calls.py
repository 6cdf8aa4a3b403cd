"""Calls to action: what a page invites its reader to do."""

import re

from server.content.checks.addresses import is_web_url
from server.content.draft import CallToAction

LONGEST_CALL = 600

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
"""Invitations of a site to use it, which no advice on health is."""
_URL = re.compile(r"https?://[^\s<>\"]+")
_ADDRESS = re.compile(r"(?:\S{1,30}\s+)?https?://\S+")
_FOOTER = re.compile(
    r"(?:©|\(c\)\s|copyright\b|all\s+rights\s+reserved|last\s+(?:updated|reviewed)|published\s+by)", re.IGNORECASE
)


def is_call(text: str) -> bool:
    """Whether a passage invites its reader to something."""
    return _CALL.search(text[:LONGEST_CALL]) is not None or _URL.search(text[:LONGEST_CALL]) is not None


def is_sure_call(text: str) -> bool:
    """Whether a passage invites its reader to use the site, beyond doubt."""
    return len(text) <= LONGEST_CALL and _SURE_CALL.search(text) is not None


def is_address(text: str) -> bool:
    """Whether a line is a web address, with at most a word before it."""
    return _ADDRESS.fullmatch(text) is not None


def has_address(text: str) -> bool:
    """Whether a web address stands in a passage."""
    return _URL.search(text) is not None


def is_footer(text: str) -> bool:
    """Whether a line says who owns the page."""
    return _FOOTER.match(text) is not None


def call_to_action(text: str, *, heading: str | None, label: str | None) -> CallToAction:
    """The call in the page's own words, with the address that stands in it."""
    found = _URL.search(f"{text} {label or ''}")
    url = found[0].rstrip(".,;:!?)]}'\"”’") if found else None
    words = _URL.sub("", label).strip() if label else None
    return CallToAction(heading=heading, text=text, label=words or None, url=url if url and is_web_url(url) else None)

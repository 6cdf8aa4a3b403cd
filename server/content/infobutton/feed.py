"""Answers as the feed of a knowledge response: Atom, and the JSON of the same that MedlinePlus Connect made usual.

RFC 4287; HL7 Context-Aware Knowledge Retrieval (Infobutton), Service-Oriented Architecture Implementation Guide. Each
entry bears the disclaimers of its answer twice: as text, one `usageInfo` of schema.org for each, which is what the
JSON-LD calls them as well; and around the content in `summary` and `content`, which are HTML. What is asked is said
again in `category` elements.
"""

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.etree import ElementTree as ET

import orjson

from server.content.answer import Answer, Disclaimer, Topic
from server.content.infobutton.asking import LANGUAGE, OIDS, RECIPIENT, SEARCHED, KnowledgeRequest
from server.content.publication.leaflet import credit_line, opening, whole

ATOM = "http://www.w3.org/2005/Atom"
SCHEMA = "https://schema.org/"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
TITLE = "Caveat"
_LISTS = frozenset({"entry", "link", "category", "usageInfo"})
"""What there may be several of: a list in JSON, however many there are."""
_ILLEGIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

ET.register_namespace("", ATOM)
ET.register_namespace("schema", SCHEMA)


class Link(NamedTuple):
    """Where an answer can be read."""

    href: str
    media_type: str


LinkTo = Callable[[Answer], Link]


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """A feed, and the answers in it by id and revision."""

    root: ET.Element
    served: tuple[tuple[UUID, int], ...]

    def xml(self) -> bytes:
        """The feed as Atom in UTF-8."""
        written: bytes = ET.tostring(self.root, encoding="utf-8", xml_declaration=True)
        return written

    def json(self) -> bytes:
        """The same as JSON: attributes and elements by their names without a prefix, text as `_value`."""
        return orjson.dumps({"feed": {"entry": [], **_object(self.root)}})


def feed_of(answers: Sequence[Answer], request: KnowledgeRequest, *, locale: str, link_to: LinkTo) -> Feed:
    """The feed of the answers to a request, in their order; one of none is as of the beginning of the day."""
    root = ET.Element(_atom("feed"), {LANG: locale})
    _add(root, "title", text=TITLE, type="text")
    _add(root, "subtitle", text="; ".join(map(" ".join, _asked(request))), type="text")
    _add(root, "id", text=f"urn:uuid:{uuid5(NAMESPACE_URL, repr([locale, *_context(request)]))}")
    _add(root, "updated", text=_moment(max([answer.updated_at for answer in answers], default=_today())))
    _add(_add(root, "author"), "name", text=TITLE)
    for scheme, term in _context(request):
        _add(root, "category", scheme=scheme, term=term)
    for answer in answers:
        root.append(_entry(answer, link_to(answer)))
    return Feed(root=root, served=tuple((answer.uuid, answer.revision) for answer in answers))


def _today() -> datetime.datetime:
    """Midnight: what says that nothing is found stays the same to the byte all day long."""
    return datetime.datetime.now(datetime.UTC).replace(hour=0, minute=0, second=0)


def _asked(request: KnowledgeRequest) -> Iterator[list[str]]:
    for criterion in request.criteria:
        named = criterion.known or (criterion.oid, criterion.code)
        yield [str(part) for part in (*named, criterion.name) if part]


def _context(request: KnowledgeRequest) -> Iterator[tuple[str, str]]:
    for number, criterion in enumerate(request.criteria):
        suffix = str(number) if number else ""
        for part, value in (("c", criterion.code), ("cs", criterion.oid), ("dn", criterion.name)):
            if value is not None:
                yield f"{SEARCHED}{part}{suffix}", value
    if request.recipient is not None:
        yield RECIPIENT, request.recipient
    if request.locale is not None:
        yield LANGUAGE, request.locale


def _entry(answer: Answer, link: Link) -> ET.Element:
    entry = ET.Element(_atom("entry"), {LANG: answer.locale})
    _add(entry, "title", text=answer.published.title, type="text")
    _add(entry, "link", rel="alternate", type=link.media_type, hreflang=answer.locale, href=link.href)
    for source in answer.caveats.sources:
        if source.url is not None:
            _add(entry, "link", rel="related", title=source.title, href=source.url)
    _add(entry, "id", text=f"urn:uuid:{answer.uuid}")
    _add(entry, "updated", text=_moment(answer.updated_at))
    _add(entry, "published", text=_moment(answer.published_at))
    author = _add(entry, "author")
    _add(author, "name", text=answer.published.author.name)
    if answer.published.author.url is not None:
        _add(author, "uri", text=answer.published.author.url)
    for topic in answer.caveats.topics:
        _add_codes(entry, topic)
    if credit := credit_line(answer):
        _add(entry, "rights", text=credit, type="text")
    for disclaimer in answer.caveats.disclaimers:
        _add_notice(entry, disclaimer)
    _add(entry, "summary", text=opening(answer), type="html")
    _add(entry, "content", text=whole(answer), type="html")
    return entry


def _add_notice(entry: ET.Element, disclaimer: Disclaimer) -> None:
    notice = ET.SubElement(entry, f"{{{SCHEMA}}}usageInfo", {LANG: disclaimer.locale})
    for name, text in (("name", disclaimer.heading), ("text", disclaimer.text)):
        if text is not None:
            ET.SubElement(notice, f"{{{SCHEMA}}}{name}").text = _legible(text)


def _add_codes(entry: ET.Element, topic: Topic) -> None:
    for code in topic.codes:
        label = {"label": code.display} if code.display else {}
        _add(entry, "category", scheme=f"urn:oid:{OIDS[code.system]}", term=code.code, **label)


def _add(parent: ET.Element, name: str, *, text: str | None = None, **attributes: str) -> ET.Element:
    """Adds an element of Atom; its attributes stand in the order given."""
    element = ET.SubElement(parent, _atom(name), {key: _legible(value) for key, value in attributes.items()})
    element.text = None if text is None else _legible(text)
    return element


def _atom(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _legible(text: str) -> str:
    """Text that XML can hold, and hands on as it is: a feed must be well-formed whatever an editor wrote."""
    return _ILLEGIBLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _moment(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _object(element: ET.Element) -> dict[str, Any]:
    found: dict[str, Any] = {_local(name): value for name, value in element.attrib.items()}
    if element.text is not None:
        found["_value"] = element.text
    for child in element:
        name = _local(child.tag)
        if name in _LISTS:
            found.setdefault(name, []).append(_object(child))
        else:
            found[name] = _object(child)
    return found


def _local(name: str) -> str:
    return name.rpartition("}")[2]

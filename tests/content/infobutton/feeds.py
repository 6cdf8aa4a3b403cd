"""Feeds as those who read them see them, and requests for them."""

import json
from xml.etree import ElementTree as ET

from server.content.infobutton.finding import read_question
from server.content.library import Library

ATOM = {"a": "http://www.w3.org/2005/Atom", "schema": "https://schema.org/"}
V = "mainSearchCriteria.v"
UMLS = "2.16.840.1.113883.6.86"
PAGE = "https://example.org/{locale}/answers/{slug}"


def on(code, *, oid=UMLS, **more):
    """The parameters that ask for a code."""
    names = {"language": "informationRecipient.languageCode.c", "name": f"{V}.dn"}
    return [(f"{V}.c", code), (f"{V}.cs", oid), *[(names[name], value) for name, value in more.items()]]


class Asker:
    """Whoever asks, by its audience alone."""

    def __init__(self, audience):
        self.audience = audience


async def ask(library, parameters, *, page=PAGE):
    """The feed that a library's audience is given."""
    read = read_question(parameters, library_of=lambda audience: Library(library.sight._reads, audience), page=page)
    return await read(Asker(library.audience), "https://caveat.example/graphql")


def entries(feed):
    """The entries, as an XML parser finds them."""
    return ET.fromstring(feed.xml()).findall("a:entry", ATOM)  # noqa: S314 - what we wrote ourselves


def text(entry, name):
    """The text of an element in an entry."""
    return entry.findtext(name, namespaces=ATOM)


def pages(feed):
    """Where the entries lead, in their order."""
    return [entry.find("a:link[@rel='alternate']", ATOM).attrib["href"] for entry in entries(feed)]


def slugs(feed):
    """The slugs of the answers, in their order."""
    return [page.rpartition("/")[2] for page in pages(feed)]


def as_json(feed):
    """The feed as JSON."""
    return json.loads(feed.json())["feed"]

"""A feed is well-formed whatever stands in it, the same in JSON and XML, and has no entry without its caveats."""

import datetime
from uuid import UUID
from xml.etree import ElementTree as ET

import feedparser
import nh3
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from server.content import disclaimers, evidence
from server.content.answer import Answer, AnswerStatus, Caveats, Disclaimer, EvidenceStatus, Source, SourceStatus
from server.content.disclaimers import list_disclaimers
from server.content.draft import Draft, Notice
from server.content.infobutton.asking import read_request
from server.content.infobutton.feed import Link, feed_of
from server.content.library import Library
from server.content.publication.revision import build, draft_questions
from server.content.publishing import publish
from server.content.vocabulary import DisclaimerKind, DisclaimerPlacement
from server.db.engine import Engine
from tests.content.infobutton.feeds import ATOM, V, as_json, ask, entries, on, text
from tests.content.parsed import html_text
from tests.factories import drafts
from tests.schema.drafts import GUIDELINE, answer

DAY = datetime.datetime(2026, 5, 15, tzinfo=datetime.UTC)
any_text = st.text(max_size=20) | st.sampled_from(
    ["</entry>", "]]>", "&amp;", '"><script>alert(1)</script>', "a\r\nb\0"]
)


def shown(draft: Draft, wordings: list[str]) -> Answer:
    """An answer as it would be read, with disclaimers of these words before and behind it by turns."""
    ids = {source.key: UUID(int=place) for place, source in enumerate(draft.sources)}
    keys = [str(number) for number in range(len(draft_questions(draft)))]
    sources = [
        Source(
            uuid=ids[source.key], status=SourceStatus.CURRENT, superseded_by_id=None,
            **{name: getattr(source, name) for name in (
                "kind", "title", "publisher", "edition", "published_on", "url", "doi", "attribution", "license")},
        )
        for source in draft.sources
    ]  # fmt: skip
    places = [*DisclaimerPlacement]
    notices = [
        Disclaimer(uuid=UUID(int=place), kind=DisclaimerKind.INFORMATIONAL, placement=places[place % 2], heading=words,
                   text=words, locale="en", version=1)
        for place, words in enumerate(wordings)
    ]  # fmt: skip
    return Answer(
        uuid=UUID(int=7), set_id=UUID(int=8), slug=draft.slug, locale=draft.locale, external_id=None,
        status=AnswerStatus.PUBLISHED, question=draft.question, revision=1, digest="", method=draft.provenance.method,
        published_at=DAY, updated_at=DAY,
        published=build(draft, answer_id=UUID(int=7), source_ids=ids, question_keys=keys),
        caveats=Caveats(disclaimers=tuple(notices), sources=tuple(sources), topics=(), evidence=EvidenceStatus.CURRENT,
                        review=None, retraction=None),
    )  # fmt: skip


def legible(words: str) -> str:
    """Words as XML can hold them."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    kept = [char if char in "\t\n" or (char >= " " and char not in "\ufffe\uffff") else "\ufffd" for char in lines]
    return "".join(kept)


@given(drafts.whole, st.lists(any_text, min_size=1, max_size=3), any_text, any_text)
def test_hostile_texts_survive_in_both_forms(draft: Draft, wordings: list[str], href: str, name: str) -> None:
    request = read_request([(f"{V}.dn", "<&>\"'"), (f"{V}.dn", legible(name)[:300].replace("\x7f", "")[:300] or "x")])
    feed = feed_of([shown(draft, wordings)], request, locale="en", link_to=lambda _: Link(href, "text/html"))

    (entry,) = entries(feed)
    (told,) = as_json(feed)["entry"]
    assert text(entry, "a:title") == told["title"]["_value"] == draft.title
    assert [text(notice, "schema:text") for notice in entry.findall("schema:usageInfo", ATOM)] == [
        *map(legible, wordings)
    ]
    for name_ in ("summary", "content"):
        html = text(entry, f"a:{name_}")
        assert html == told[name_]["_value"]
        assert nh3.clean(html) == html, "sanitised, semantic HTML"
        assert all(" ".join(legible(words).split()) in " ".join(html_text(html).split()) for words in wordings)


async def test_an_entry_is_its_answer_between_its_disclaimers(engine: Engine, library: Library) -> None:
    notices = (
        Notice(
            kind=DisclaimerKind.EDUCATIONAL, placement=DisclaimerPlacement.BEFORE_CONTENT, heading="Note", text="1 < 2"
        ),
    )
    licensed = replace(GUIDELINE, attribution="© NCCN", license="CC-BY-4.0")
    await publish(engine, [answer("it", notices=notices, sources=(licensed,))])

    (entry,) = entries(await ask(library, on("C0023418")))

    (standing,) = [each.text for each in await _all(engine) if each.name == "general" and each.locale == "en"]
    assert text(entry, "a:summary") == (
        "<aside>\n<p><strong>Note</strong></p>\n<p>1 &lt; 2</p>\n</aside>\n<p>Says the <cite>NCCN</cite></p>\n"
        f"<aside>\n<p><strong>General health information</strong></p>\n<p>{standing}</p>\n</aside>"
    )
    body = (await library.answer_by_slug("it", None)).published.body.html
    named = f"{GUIDELINE.title}, {GUIDELINE.publisher}, {GUIDELINE.edition}"
    cited = f'<a href="{GUIDELINE.url}" rel="noopener noreferrer"><cite>{named}</cite></a>'
    credit = f"<p>{cited}. © NCCN (CC-BY-4.0)</p>"
    before, _, behind = text(entry, "a:content").partition(body)
    assert (before, behind) == (
        "<aside>\n<p><strong>Note</strong></p>\n<p>1 &lt; 2</p>\n</aside>\n",
        f"\n<aside>\n<p><strong>General health information</strong></p>\n<p>{standing}</p>\n</aside>\n{credit}",
    )
    assert text(entry, "a:rights") == "© NCCN (CC-BY-4.0)"
    assert [text(each, "schema:text") for each in entry.findall("schema:usageInfo", ATOM)] == ["1 < 2", standing]


async def _all(engine: Engine) -> list[disclaimers.Standing]:
    async with engine.transaction() as session:
        return await list_disclaimers(session)


async def test_what_an_editor_says_later_leads_the_next_feed(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("it")])
    await evidence.withdraw(engine, GUIDELINE.title)

    (entry,) = entries(await ask(library, on("C0023418")))

    first = text(entry.find("schema:usageInfo", ATOM), "schema:text")
    assert "withdrawn" in first
    assert text(entry, "a:content").startswith("<aside>")
    assert first in text(entry, "a:content")


async def test_a_reader_of_feeds_finds_all_that_atom_asks_for(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("one", title="A & B"), answer("two")])

    feed = await ask(library, on("C0023418", name="Leukemia", language="en"))
    read = feedparser.parse(feed.xml())

    assert (read.bozo, read.version, read.feed.title, read.feed.subtitle) == (
        False, "atom10", "Caveat", "UMLS C0023418 Leukemia",
    )  # fmt: skip
    assert [(tag.scheme, tag.term) for tag in read.feed.tags] == [
        ("mainSearchCriteria.v.c", "C0023418"),
        ("mainSearchCriteria.v.cs", "2.16.840.1.113883.6.86"),
        ("mainSearchCriteria.v.dn", "Leukemia"),
        ("informationRecipient.languageCode.c", "en"),
    ]
    assert {(entry.title, entry.link, entry.author, entry.updated) for entry in read.entries} == {
        ("A & B", "https://example.org/en/answers/one", "Editorial team", "2026-05-15T00:00:00Z"),
        ("How it works", "https://example.org/en/answers/two", "Editorial team", "2026-05-15T00:00:00Z"),
    }
    assert len({read.feed.id, *(entry.id for entry in read.entries)}) == 3
    assert all(entry.tags[0].term == "C0023418" and entry.summary_detail.type == "text/html" for entry in read.entries)


async def test_the_json_has_the_shape_of_medlineplus_connect(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("one")])

    found, nothing = as_json(await ask(library, on("C0023418"))), as_json(await ask(library, on("C9999999")))

    (entry,) = found["entry"]
    assert entry["title"] == {"type": "text", "_value": "How it works"}
    assert entry["link"][0] == {
        "rel": "alternate", "type": "text/html", "hreflang": "en", "href": "https://example.org/en/answers/one",
    }  # fmt: skip
    assert entry["summary"]["type"] == "html"
    assert found["author"] == {"name": {"_value": "Caveat"}}
    assert found["category"][0] == {"scheme": "mainSearchCriteria.v.c", "term": "C0023418"}
    assert (nothing["entry"], nothing["subtitle"]) == ([], {"type": "text", "_value": "UMLS C9999999"})


async def test_a_feed_is_the_same_to_the_byte_for_the_same_audience(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("one"), answer("two")])
    parameters = on("C0023418")

    first, second = await ask(library, parameters), await ask(library, parameters)
    spanish = await ask(library, on("C0023418", language="es"))

    assert (first.xml(), first.json(), first.served) == (second.xml(), second.json(), second.served)
    ids = {ET.fromstring(feed.xml()).findtext("a:id", namespaces=ATOM) for feed in (first, second, spanish)}  # noqa: S314
    assert len(ids) == 2


async def test_without_a_page_an_entry_leads_to_its_answer_over_graphql(engine: Engine, library: Library) -> None:
    await publish(engine, [answer("one")])

    (entry,) = as_json(await ask(library, on("C0023418"), page=None))["entry"]

    link = entry["link"][0]
    assert link["type"] == "application/json"
    assert link["href"].startswith("https://caveat.example/graphql?query=query%28%24slug%3AString%21")


def test_a_feed_of_nothing_is_as_of_today() -> None:
    before = datetime.datetime.now(datetime.UTC).date()
    feed = feed_of([], read_request([(f"{V}.dn", "x")]), locale="en", link_to=lambda _: Link("", ""))
    days = {before, datetime.datetime.now(datetime.UTC).date()}

    assert feed.served == ()
    updated = ET.fromstring(feed.xml()).findtext("a:updated", namespaces=ATOM)  # noqa: S314
    assert updated in {f"{day}T00:00:00Z" for day in days}

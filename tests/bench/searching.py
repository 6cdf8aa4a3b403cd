"""Search in a large library: its index, built as a server builds it and kept beside the database, and what is asked."""

import asyncio
import json
import re
import time

from server.access.audience import ANONYMOUS
from server.content.filters import AnswerFilter
from server.content.reads.sight import Sight
from server.db.reads import Reads
from server.events.stream import Wakes
from server.search.results import SearchRequest, SuggestRequest
from server.search.searching import Scope
from tests.bench.corpus import say

DEADLINE = 120.0
BUILT = "search-built.json"
_COPY = re.compile(r" \(\d+\)$")
"""What tells a copy's question from that of the corpus."""


async def opened(url, home):
    """The search of a library, and what its index took."""
    async with Reads(url, size=1, deadline=DEADLINE) as reads:
        scope = Scope(Sight(reads, ANONYMOUS), wakes=Wakes(), data_dir=home)
        place = await scope.worker.attach()
        if place.current is None or not (home / BUILT).exists():
            say("Building the index of search; this is done once …")
            began, used = time.monotonic(), time.process_time()
            await scope.worker.catch_up(rebuilds=place.current is not None)
            took = {"seconds": time.monotonic() - began, "processor": time.process_time() - used}
            (home / BUILT).write_text(json.dumps(took))
        await scope.worker.catch_up()
    return scope, _described(json.loads((home / BUILT).read_text()), place.current)


def _described(took, build):
    size = sum(file.stat().st_size for file in build.rglob("*") if file.is_file())
    return (
        f"Index of search: {size / 1e6:,.0f} MB, built in {took['seconds']:,.0f} s "
        f"({took['processor']:,.0f} s of this process's processor time, Postgres's apart)."
    )


async def questions(search, library, places):
    """What readers ask, by name: of topics and answers from all over the library, some of it misspelt."""
    names = [words(row["slug"]) for row in places.topics]
    asked = [_COPY.sub("", row["question"]) for row in places.answers if row["locale"] == "en"]
    paragraphs = await _paragraphs(library, places)
    texts = {
        "search, a topic": names,
        "search, a topic misspelt": [misspelt(name) for name in names],
        "search, a question": asked,
        "search, a question misspelt": [misspelt(question) for question in asked],
        "search, a paragraph": paragraphs,
        "search, two words of all": ["treatment symptoms"],
        "search, a phrase": [f'"{name}"' for name in names],
        "search, what nothing answers": ["zxqv wvut"],
    }
    prefixes = [name[: 2 + place % 8] for place, name in enumerate(names)]
    searches = {name: _searching(search, library, found) for name, found in texts.items()}
    return searches | {
        "search, 100 answers": _searching(search, library, names, first=100),
        "suggest": _suggesting(search, library, prefixes),
        "suggest, a letter": _suggesting(search, library, [chr(ord("a") + place) for place in range(26)]),
        "suggest, what a question begins with": _suggesting(search, library, [each[:14] for each in asked]),
        "suggest, what nothing begins with": _suggesting(search, library, ["zxqv"]),
    }


async def _paragraphs(library, places):
    found = await asyncio.gather(*[library.answers_by_id([row["id"]]) for row in places.answers[:40]])
    return [answer.published.body.text[:600] for (answer,) in found if answer and answer.published.body.text]


def words(slug):
    """The words of a slug, without the number of its copy."""
    return " ".join([word for word in slug.split("-") if word[:1] != "c" or not word[1:].isdigit()])


def misspelt(text):
    """The text with two letters of its longest word exchanged."""
    longest = max(text.split(), key=len)
    middle = len(longest) // 2
    wrong = longest[: middle - 1] + longest[middle] + longest[middle - 1] + longest[middle + 1 :]
    return text.replace(longest, wrong) if len(longest) > 3 else text


def _searching(search, library, texts, first=10):
    def call(number):
        query = texts[number % len(texts)]
        return search.search(SearchRequest(query=query, filter=AnswerFilter(), first=first), library=library)

    return call


def _suggesting(search, library, prefixes):
    return lambda number: search.suggest(
        SuggestRequest(prefix=prefixes[number % len(prefixes)], first=8), library=library
    )

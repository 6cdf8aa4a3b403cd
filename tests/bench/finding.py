"""How well and how fast answers are found: `make bench-search`, `BENCH='--judged FILE'` for judged questions too.

The library is the corpus, published. A title counts as found where an answer to the same question is first, in
whatever collection; a term where an answer on a topic of that name or synonym is. Times are of one server that is asked
one thing after the other, without HTTP and GraphQL: reading what is found, and not kept, included.
"""

import argparse
import asyncio
import random
import statistics
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import asyncpg

from server.access.audience import ANONYMOUS
from server.access.clients import Caller
from server.commands.running import opened_reads
from server.content.filters import AnswerFilter
from server.content.library import Library
from server.content.reads.sight import Sight
from server.content.words import surface
from server.db import local
from server.events.stream import Wakes
from server.execution.callers import Rights
from server.parts import Parts
from server.search.evaluation import evaluate, read_judged
from server.search.query import Search
from server.search.results import SearchRequest, SuggestRequest
from server.search.snapshots import Snapshots
from server.search.worker import Worker
from server.settings import read_settings
from server.telemetry.spans import UNTRACED
from tests.bench import machine
from tests.bench.corpus import prepared, say
from tests.bench.results import save, table
from tests.bench.wording import misspelt, sampled, typed, without_function_words

QUALITY = ("queries", "asked", "right at rank 1")
TIMES = ("call", "asked", "median ms", "p99 ms", "processor ms")
JUDGED = ("judged file", "questions", "success@1", "success@5", "MRR", "nDCG@10")
ON_TOPIC = """
    SELECT answer.slug, name, synonyms
    FROM answer JOIN answer_topic ON answer_id = answer.id JOIN topic_name USING (topic_id)
    WHERE answer.locale = 'en' AND topic_name.locale = 'en'
"""
SHORTEST = 5
"""Letters of a single word that is misspelt."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What the library holds, as far as it is told right from wrong by."""

    titles: dict[str, set]
    """The slugs of the answers to each question, the same in whatever case and punctuation."""
    names: dict[str, set]
    """Those of the answers on the topics that bear a name or synonym, in lower case."""
    topics: set
    """The names among them that are no synonyms."""


async def known(url):
    """The questions and the names of topics, in English."""
    connection = await asyncpg.connect(url)
    titles, names, topics = defaultdict(set), defaultdict(set), set()
    for row in await connection.fetch("SELECT slug, question FROM answer WHERE locale = 'en'"):
        titles[" ".join(surface(row["question"]))].add(row["slug"])
    for row in await connection.fetch(ON_TOPIC):
        topics.add(row["name"].lower())
        for name in (row["name"], *row["synonyms"]):
            names[name.lower()].add(row["slug"])
    await connection.close()
    return Known(titles=titles, names=names, topics=topics)


def cases(held, most):
    """What is typed, each with the answers that are right."""
    chance = random.Random(7)
    single = [name for name in held.names if name.isalpha() and len(name) >= SHORTEST]
    pools = {
        "topic of one word, one typo": [name for name in single if name in held.topics],
        "topic of several words, one typo": [name for name in held.topics if " " in name],
        "topic or synonym of one word, one typo": single,
    }
    titles = sampled(held.titles, most, seed=1)
    yield "title without function words", [(without_function_words(each), held.titles[each]) for each in titles]
    for heading, pool in pools.items():
        names = sampled(pool, most, seed=2)
        yield heading, [(misspelt(name, chance), held.names[name]) for name in names]


async def share_right(pairs, *, search, library):
    """How many of the queries have a right answer first."""
    right = 0
    for query, answers in pairs:
        page = await search.search(SearchRequest(query=query, filter=AnswerFilter(), first=1), library=library)
        right += bool(page.hits) and page.hits[0].answer.slug in answers
    return right / len(pairs)


async def timed(calls):
    """The latency of each call in milliseconds, and the processor time of this process for one."""
    taken, started = [], time.process_time()
    for call in calls:
        before = time.perf_counter()
        await call()
        taken.append((time.perf_counter() - before) * 1000)
    used = (time.process_time() - started) * 1000 / len(taken)
    return taken, used


def row_of(name, taken, used):
    """A row of the table of times."""
    late = statistics.quantiles(taken, n=100)[98]
    return (name, f"{len(taken):,}", f"{statistics.median(taken):.3f}", f"{late:.3f}", f"{used:.3f}")


async def times(held, most, *, new_context):
    """Rows on suggest, with prefixes that are new to the process and the same again, and on search."""
    chance = random.Random(3)
    prefixes = list(dict.fromkeys([typed(each, chance) for each in sampled(held.titles, 2 * most, seed=4)]))
    short = [without_function_words(each) for each in sampled(held.titles, most, seed=5)]
    long = [". ".join(sampled(held.titles, 6, seed=number)) for number in range(most // 5)]

    def suggest(prefix):
        return lambda: new_context().suggest(SuggestRequest(prefix=prefix, first=8))

    def find(query):
        return lambda: new_context().search(SearchRequest(query=query, filter=AnswerFilter(), first=10))

    calls = {
        "suggest, a new prefix": [suggest(each) for each in prefixes],
        "suggest, a prefix that was asked before": [suggest(each) for each in prefixes],
        "search, a short query": [find(each) for each in short],
        "search, a paragraph": [find(each) for each in long],
    }
    return [row_of(name, *await timed(made)) for name, made in calls.items()]


async def _times_served(held, url, home, *, most):
    """Those of a server on the same index, with all that it keeps."""
    parts = Parts(replace(read_settings(), data_dir=home), url=url, tracer=UNTRACED)
    caller = Caller(address="127.0.0.1", rights=Rights())
    async with parts.lifespan(None):
        return await times(held, most, new_context=partial(parts.new_context, caller))


async def measured(url, home, arguments):
    """The tables."""
    held = await known(url)
    async with opened_reads(url) as reads:
        snapshots = Snapshots()
        worker = Worker(Sight(reads, ANONYMOUS), snapshots, wakes=Wakes(), data_dir=home)
        say("Building the index, where there is none …")
        await worker.catch_up()
        at = {"search": Search(snapshots), "library": Library(reads)}
        quality = []
        for name, pairs in cases(held, arguments.most):
            quality.append((name, f"{len(pairs):,}", f"{await share_right(pairs, **at):.3f}"))
            say(f"  {quality[-1]}")
        tables = [table(QUALITY, quality), table(TIMES, await _times_served(held, url, home, most=arguments.most))]
        judged = []
        for file in arguments.judged:
            found = await evaluate(read_judged(file.read_text(encoding="utf-8")), **at)
            scores = (found.success_at_1, found.success_at_5, found.mean_reciprocal_rank, found.ndcg_at_10)
            judged.append((file.stem, f"{found.questions:,}", *[f"{score:.3f}" for score in scores]))
    return [*tables, *([table(JUDGED, judged)] if judged else [])]


def main(arguments):
    """Prints the tables; `--save` puts them into RESULTS.md."""
    home, name = prepared()
    with local.running(home / "postgres") as url:
        tables = asyncio.run(measured(url, home, arguments))
    heading = f"{name}; load of the machine {machine.load()}"
    text = "\n\n".join([machine.described(), heading, *tables])
    sys.stdout.write(text + "\n")
    if arguments.save:
        save("search", text)


def parsed():
    """How many queries of each kind, and the files of judged questions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=1_000)
    parser.add_argument("--judged", type=Path, action="append", default=[])
    parser.add_argument("--save", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main(parsed())

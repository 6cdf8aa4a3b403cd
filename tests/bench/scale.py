"""What reads cost among a million answers: `make bench-scale`, `ANSWERS=15000` for less.

The library is the corpus, published, and rows derived from it (see `filling`). Every read goes through the library as
the server's do, one after the other, with other arguments each time; its statements are then explained. A table counts
as scanned where a plan reads every row of it, by whatever way.
"""

import argparse
import asyncio
import random
import sys

from server.content.libraries import ForgetfulLibrary
from server.db import local
from tests.bench import machine, searching
from tests.bench.asking import Places, questions
from tests.bench.corpus import say
from tests.bench.filling import filled
from tests.bench.reading import SERVED_SECONDS, Explaining, Noting, cost
from tests.bench.results import save, table

HEAD = ("read", "statements", "median ms", "p99 ms", "processor ms", "rows of a table", "scans")


def main(arguments):
    """Prints what each read costs."""
    home, name = filled(arguments.answers)
    with local.running(home / "postgres") as url:
        costs, index = asyncio.run(_costs(url, home, arguments=arguments))
    rows = [
        (
            each.name,
            str(each.statements),
            f"{each.at(0.5):,.1f}",
            f"{each.at(0.99):,.1f}",
            f"{each.processor_ms:,.1f}",
            f"{each.looked.rows:,}",
            ", ".join(each.looked.scanned),
        )
        for each in costs
    ]
    heading = f"{name}, varied to {arguments.answers:,} answers; load of the machine {machine.load()}"
    text = "\n".join([machine.described(), "", heading, "", index, "", table(HEAD, rows)])
    sys.stdout.write(text + "\n")
    if arguments.save:
        save(f"scale {arguments.answers}", text)


async def _costs(url, home, *, arguments):
    searches = not arguments.read or any(read.startswith(("search", "suggest")) for read in arguments.read)
    scope, index = await searching.opened(url, home) if searches else (None, "")
    explain = await Explaining.on(url)
    async with Noting(url) as reads:
        places = await Places.find(reads, random.Random(4))
        library = ForgetfulLibrary(reads)  # what a server reads that keeps nothing
        asked = questions(library, reads=reads, places=places)
        if scope is not None:
            asked |= await searching.questions(scope.search, library, places)
        costs = []
        for name, call in asked.items():
            if arguments.read and name not in arguments.read:
                continue
            found = await cost(name, call, reads=reads, explain=explain, times=arguments.times)
            late = "  LATER THAN THE SERVER WAITS" if found.at(0.5) > SERVED_SECONDS * 1000 else ""
            say(f"  {name}: {found.at(0.5):.1f} ms, {found.looked.rows:,} rows, {found.looked.scanned}{late}")
            costs.append(found)
    await explain.close()
    if scope is not None:
        scope.snapshots.close()
    return costs, index


def parsed():
    """How many answers, and how often each read is made; `--save` puts the table into RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--read", action="append")
    parser.add_argument("--save", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main(parsed())

"""How fast answers are delivered, beside other servers of the same answers: `make bench`.

One process each, on the embedded Postgres, asked over 32 connections kept alive. What counts is the processor time for
a request, of the server and of Postgres apart, and its ratio to the limit: a bare ASGI application that answers from a
dict in the same run. Case by case all servers are asked one after the other.
"""

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import orjson

from server.db import local
from tests.bench import machine
from tests.bench.aims import judged
from tests.bench.bare import POSTED, TAGS, key_of
from tests.bench.cases import cases, over_get
from tests.bench.corpus import ROOT, prepared, say
from tests.bench.processor import resident
from tests.bench.results import save, table
from tests.bench.servers import caveat, other, postmaster, variants
from tests.bench.trusting import trusted

CONNECTIONS = 32
BARE, PLAIN = "bare ASGI", "plain Strawberry"
HEAD = ("case", "server", "requests/s", "p50 ms", "p99 ms", "server ms", "Postgres ms", "ms in all", "× bare", "bytes")


def main(arguments):
    """Runs every case on every server, and prints the table."""
    home, name = prepared()
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(local.running(home / "postgres"))
        key, document = trusted(url)
        ours = [stack.enter_context(caveat(each, url=url, **given)) for each, given in variants().items()]
        asked = cases(ours[0].port)
        asked += _asked_by_id(asked[0].requests, port=ours[0].port, key=key, document=document)
        asked = [case for case in asked if not arguments.case or case.name in arguments.case]
        bare = stack.enter_context(_bare(asked, port=ours[0].port))
        plain = stack.enter_context(other("plain", url, name=PLAIN))
        servers = [bare, *ours, plain]
        figures = [each for case in asked for each in _figures(case, servers, home=home, arguments=arguments)]
        sizes = ", ".join(f"{each.name} {resident(each.pids):.0f}" for each in servers)
    heading = f"{name}; {arguments.seconds} s a figure, {CONNECTIONS} connections; load of the machine {machine.load()}"
    rows = table(HEAD, [_row(each) for each in figures])
    memory = f"Memory at the end, MB: {sizes}."
    text = "\n".join([machine.described(), "", heading, "", rows, "", memory, "", "Of the aims:", "", judged(figures)])
    sys.stdout.write(text + "\n")
    if arguments.save:
        save("delivery", text)


def _asked_by_id(pages, *, port, key, document):
    found = over_get(pages, port=port, document=document, key=key)
    if len(found) == 1:
        say("LEFT OUT: “GET 304”: responses to GET bear no ETag in this checkout.")
    return found


@contextlib.contextmanager
def _bare(asked, *, port):
    """The limit, with the answers that Caveat gave."""
    kept = {POSTED: {}, TAGS: {}}
    for case in asked:
        for request in case.requests:
            if request.body is not None:
                kept[POSTED][key_of(request.body)] = request.fetch(port)[2].decode()
            elif tag := dict(request.headers).get("if-none-match"):
                kept[TAGS][request.path.partition("?")[2]] = tag
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "answers.json"
        file.write_bytes(orjson.dumps({name: list(pairs.items()) for name, pairs in kept.items()}))
        with other("bare", file, name=BARE) as server:
            yield server


def _figures(case, servers, *, home, arguments):
    """The figures of one case, server by server; the first is the limit of the others."""
    limit = None
    for server in servers:
        if case.only_ours and (server.name == PLAIN or (server.name == BARE and case.status == 200)):
            continue
        if case.status == 304 and server.name == PLAIN:
            continue
        found = measured(case, server, home=home, arguments=arguments)
        spent = found["server"] + found["postgres"]
        limit = spent if server.name == BARE else limit
        say(f"  {case.name}, {server.name}: {spent:.3f} ms, generator {found['generator']:.0%} of a core")
        if found["refused"]:
            say(f"  REFUSED: {found['refused']:.1%} of them")
        ratio = spent / limit if limit else None
        yield found | {"case": case.name, "name": server.name, "spent": spent, "ratio": ratio}


def _row(figure):
    return (
        figure["case"],
        figure["name"],
        f"{figure['rate']:,.0f}",
        f"{figure['p50']:.2f}",
        f"{figure['p99']:.2f}",
        f"{figure['server']:.3f}",
        f"{figure['postgres']:.3f}",
        f"{figure['spent']:.3f}",
        f"{figure['ratio']:.1f}" if figure["ratio"] else "",
        f"{figure['bytes']:,.0f}",
    )


def measured(case, server, *, home, arguments):
    """What the generator, a process of its own, found of one server."""
    job = {
        "address": ["127.0.0.1", server.port],
        "connections": CONNECTIONS,
        "requests": [request.text for request in case.requests],
        "status": case.status,
        "faults": '"errors":[',
        "warm_up": arguments.warm_up,
        "seconds": arguments.seconds,
        "groups": {"server": server.pid, "postgres": postmaster(home)},
    }
    return run(job)


def run(job):
    """The figures of a job."""
    command = [sys.executable, "-m", "tests.bench.load"]
    done = subprocess.run(
        command, input=json.dumps(job), capture_output=True, text=True, cwd=ROOT, check=False, timeout=600
    )
    if done.returncode:
        raise SystemExit(f"The generator gave up: {done.stderr[-2000:]}")
    return json.loads(done.stdout)


def parsed():
    """How long and what; `--save` puts the table into RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--warm-up", type=float, default=1)
    parser.add_argument("--case", action="append")
    parser.add_argument("--save", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main(parsed())

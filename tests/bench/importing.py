"""How fast a library goes in: `make bench-import`.

The real command imports the corpus, or the samples multiplied where there is none, into an empty library, and then
once more, when nothing is new. The corpus is looked for beside the checkout; `CAVEAT_BENCH_CORPUS` names its archive
where that is elsewhere. Each of its processes is looked at many times a second: what processor time it has used,
and the most memory that it ever held. Whoever else is busy on the machine, the sum of these times and the busiest
process bound what two cores can do.
"""

import itertools
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from server.importers.markdown.writing import write_markdown
from tests.bench import machine
from tests.bench.corpus import ARCHIVE, ROOT, SAMPLES, extract, multiplied, say
from tests.bench.processor import seconds, tree
from tests.bench.results import parsed, save, table

CORES = 2
PAUSE = 0.25
LOOKS = 4
"""After how many looks new processes are looked for, which costs far more."""
READERS, WRITER, POSTGRES, COMMAND = "readers", "Postgres, the connection", "Postgres, the rest", "the command itself"
ROLES = (
    ("importers.reader", READERS),
    ("server.cli", COMMAND),
    ("postgres: caveat", WRITER),
    ("postgres", POSTGRES),
)
"""By what stands in the command line of a process."""
TURNS = 20_000
HEAD = ("run", "process", "processor s", "ms an answer", "peak MB")
RATES = ("run", "answers", "wall s", "answers/s", "processor s", "answers/s that 2 cores allow")


def main(arguments):
    """Prints what a first and a second import cost."""
    with tempfile.TemporaryDirectory(prefix="caveat-import-") as folder:
        name = _gathered(Path(folder, "files"))
        runs = {title: _run(Path(folder)) for title in ("first", "again")}
    answers = runs["first"].answers
    rates = [_rates(title, run, answers) for title, run in runs.items()]
    rows = [row for title, run in runs.items() for row in _rows(title, run, answers)]
    heading = f"{name}; load of the machine {machine.load()}; a turn of `total += i * i` takes {_pace()} ns"
    text = "\n".join([machine.described(), "", heading, "", table(RATES, rates), "", table(HEAD, rows)])
    sys.stdout.write(text + "\n")
    if arguments.save:
        save("import", text)


def _gathered(files):
    """Puts the files to import into a folder, and says what they are."""
    files.mkdir()
    if ARCHIVE.exists():
        extract(ARCHIVE, files)
        return "MedQuAD"
    say(f"There is no {ARCHIVE}, and CAVEAT_BENCH_CORPUS names no other: what is imported are samples, multiplied.")
    for draft in multiplied():
        (files / f"{draft.slug}.{draft.locale}.md").write_text(write_markdown(draft), encoding="utf-8", newline="")
    return f"the corpus is not there: the samples of seeds/, multiplied to {SAMPLES:,}"


class _Run:
    """One import, and what its processes were seen to use."""

    def __init__(self):
        self.wall = 0.0
        self.answers = 0
        self._seen = {}

    def look(self, pids):
        """Notes what processes have used so far; what one uses after its last look is missing."""
        for pid in pids:
            role = _role(pid)
            if role is not None:  # a process may end between two reads of what it used
                _, used, peak = self._seen.get(pid, (role, 0, 0))
                self._seen[pid] = (role, max(used, seconds([pid], with_children=False)), max(peak, _peak(pid)))

    def used(self, role):
        """The processor seconds of the processes of a role, each."""
        return [used for its, used, _ in self._seen.values() if its == role]

    def peak(self, role):
        """The most megabytes that one process of a role held."""
        return max((peak for its, _, peak in self._seen.values() if its == role), default=0)


def _run(folder):
    run, started = _Run(), time.monotonic()
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "server.cli", "import", folder / "files"]
    data = {"CAVEAT_DATA_DIR": str(folder / "data")}
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment | data, cwd=ROOT, stdout=output, stderr=output)
        for number in itertools.count():
            if process.poll() is not None:
                break
            if number % LOOKS == 0:
                pids = tree(process.pid)
            run.look(pids)
            time.sleep(PAUSE)
    run.wall = time.monotonic() - started
    told = log.read_text(encoding="utf-8").strip().rpartition("\n")[2]
    if process.returncode:
        raise SystemExit(f"the import failed: {told}")
    say(told)
    run.answers = sum(map(int, re.findall(r"(\d+) (?:published|unchanged)", told)))
    return run


def _pace():
    """What a turn of a loop takes, as a rule, by the processor time of this process: a crowded machine counts more."""
    taken = []
    for _ in range(101):
        total, started = 0, time.process_time_ns()
        for i in range(TURNS):
            total += i * i
        taken.append((time.process_time_ns() - started) / TURNS)
    return f"{statistics.median(taken):.0f}"


def _role(pid):
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return None
    return next((role for mark, role in ROLES if mark in line), None)


def _peak(pid):
    """The megabytes that a process held at most, with its part of what is shared."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def _rates(title, run, answers):
    every = [used for _, role in ROLES for used in run.used(role)]
    allowed = answers / max(sum(every) / CORES, *every)
    return (
        title,
        f"{answers:,}",
        f"{run.wall:.1f}",
        f"{answers / run.wall:,.0f}",
        f"{sum(every):.1f}",
        f"{allowed:,.0f}",
    )


def _rows(title, run, answers):
    for _, role in ROLES:
        used = sum(run.used(role))
        yield title, role, f"{used:.1f}", f"{used / answers * 1000:.2f}", f"{run.peak(role):.0f}"


if __name__ == "__main__":
    main(parsed(__doc__))

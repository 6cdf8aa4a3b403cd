"""The library that is measured: the corpus where it is, samples multiplied otherwise, imported once and kept.

What was filled lies in a folder of the machine's temporary one (`CAVEAT_BENCH_DIR` names another), by the digest of
what went in and of the tables it went into; nothing of it is in the checkout.
"""

import asyncio
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from server.commands.running import opened_engine
from server.content.draft import Draft
from server.content.publishing import OutcomeKind, publish
from server.db import local, migrations, readiness
from server.importers.files import Manner, find_files, read_files

ROOT = Path(__file__).parents[2]
ARCHIVE = Path(os.environ.get("CAVEAT_BENCH_CORPUS") or ROOT.parent / "shared" / "corpus" / "medquad.tar.xz")
FOLDER = Path(os.environ.get("CAVEAT_BENCH_DIR") or Path(tempfile.gettempdir()) / f"caveat-bench-{os.geteuid()}")
SAMPLES = 1_500
BATCH = 100


def say(text):
    """Tells what goes on, beside the results."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def prepared():
    """The data folder of a library that is filled, and a word on what is in it."""
    source = ARCHIVE if ARCHIVE.exists() else None
    name = "MedQuAD" if source else f"the samples of seeds/, multiplied to {SAMPLES:,}"
    home = FOLDER / f"library-{_digest(source)}"
    if not (home / "filled").exists():
        say(f"Filling a library with {name}; this is done once …")
        home.mkdir(parents=True, exist_ok=True)
        _import(source, home) if source else _multiply(home)
        (home / "filled").touch()
    return home, name


def _digest(source):
    parts = [readiness.head()]
    parts.append(hashlib.sha256(source.read_bytes()).hexdigest() if source else f"samples {SAMPLES}")
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:12]


def extract(archive, folder):
    """Puts the files of the archive into a folder."""
    shutil.unpack_archive(archive, folder)


def _import(archive, home):
    """The real command, on the archive's files."""
    with tempfile.TemporaryDirectory(prefix="caveat-corpus-") as folder:
        extract(archive, folder)
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        subprocess.run(
            [sys.executable, "-m", "server.cli", "import", folder, "--format", "medquad"],
            env={**environment, "CAVEAT_DATA_DIR": str(home)},
            cwd=ROOT,
            check=True,
            stdout=sys.stderr,
        )


def multiplied():
    """The samples under other names, until there are enough."""
    drafts = [draft for _, draft in read_files(find_files(ROOT / "seeds"), Manner()) if isinstance(draft, Draft)]
    plain = [draft for draft in drafts if draft.retraction is None and draft.translation_of is None]
    return [_copy(plain[number % len(plain)], number // len(plain)) for number in range(SAMPLES)]


def _multiply(home):
    """The real publisher, on the samples under other names."""
    with local.running(home / "postgres") as url:
        asyncio.run(_publish(url, multiplied()))


async def _publish(url, copies):
    await migrations.upgrade(url)
    async with opened_engine(url) as engine:
        for start in range(0, len(copies), BATCH):
            outcomes = await publish(engine, copies[start : start + BATCH])
            refused = [outcome.reason for outcome in outcomes if outcome.kind is OutcomeKind.REFUSED]
            if refused:
                raise SystemExit(refused[0])


def _copy(draft, number):
    if not number:
        return draft
    external_id = draft.external_id and f"{draft.external_id}-{number}"
    return msgspec.structs.replace(
        draft,
        slug=f"{draft.slug}-{number}",
        external_id=external_id,
        question=f"{draft.question.rstrip('?')}, case {number}?",
    )

"""`caveat search`: how well it does, how far it is, and building anew what it reads."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TextIO

import click
from rich.console import Console
from rich.progress import Progress

from server.access.audience import ANONYMOUS
from server.commands.running import on_database, opened_engine, opened_reads
from server.content.library import Library
from server.content.reads.indexing import read_entries
from server.content.reads.sight import Sight
from server.content.vectors.nearest import read_progress
from server.db.reads import Reads
from server.events.stream import Wakes
from server.search.evaluation import evaluate, read_judged
from server.search.query import Search
from server.search.searching import Meaning
from server.search.semantic.folder import open_model
from server.search.snapshots import Snapshots
from server.search.worker import Worker
from server.settings import read_settings


@click.group("search")
def search_() -> None:
    """Measure search, and look after its index."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Opened:
    """What the commands read and write, on one database."""

    reads: Reads
    snapshots: Snapshots
    worker: Worker
    meaning: Meaning | None

    async def catch_up(self, *, rebuilds: bool) -> None:
        """Brings the index up to the outbox, and the vectors where there is a model."""
        await self.worker.catch_up(rebuilds=rebuilds)
        if self.meaning is None:
            return
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task("Vectors", total=None)
            vectors = self.meaning.worker(Sight(self.reads, ANONYMOUS), Wakes())
            await vectors.catch_up(rebuilds=rebuilds, note=lambda count: progress.advance(task, count))


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[_Opened]:
    settings = read_settings()
    threads = os.cpu_count() or 1
    model = open_model(settings.semantic_model, threads=threads) if settings.semantic_model else None
    async with opened_reads(url) as reads, opened_engine(url) as engine:
        snapshots = Snapshots()
        meaning = Meaning(model, url, engine=engine) if model else None
        sight = Sight(reads, ANONYMOUS)
        try:
            worker = Worker(sight, snapshots, wakes=Wakes(), data_dir=settings.data_dir)
            yield _Opened(reads=reads, snapshots=snapshots, worker=worker, meaning=meaning)
        finally:
            if meaning is not None:
                await meaning.reads.close()


@search_.command("eval")
@click.argument("file", type=click.File(encoding="utf-8", errors="surrogateescape"))
@on_database
async def evaluate_(url: str, file: TextIO) -> None:
    """Score search on judged questions: a JSON object a line with `query`, `relevant` and `locale`."""
    judged = read_judged(file.read())
    async with _opened(url) as opened:
        await opened.catch_up(rebuilds=False)
        fusion = opened.meaning.fusion(ANONYMOUS) if opened.meaning else None
        search = Search(opened.snapshots, fusion=fusion)
        found = await evaluate(judged, search=search, library=Library(opened.reads))
    click.echo(f"questions\t{found.questions}")
    for name in ("success_at_1", "success_at_5", "mean_reciprocal_rank", "ndcg_at_10"):
        click.echo(f"{name}\t{getattr(found, name):.4f}")


@search_.command()
@on_database
async def rebuild(url: str) -> None:
    """Build the index of this machine anew, and the vectors of all machines where CAVEAT_SEMANTIC_MODEL names a model.

    A server that runs meanwhile goes on with the old index until it is done, and finds the fewer by meaning until then.
    """
    async with _opened(url) as opened:
        await opened.catch_up(rebuilds=True)
        await _print_status(opened)


@search_.command()
@on_database
async def status(url: str) -> None:
    """Tell how far the index of this machine is, and the vectors where CAVEAT_SEMANTIC_MODEL names a model."""
    async with _opened(url) as opened:
        await opened.worker.attach()
        opened.snapshots.refresh(at_once=True)
        await _print_status(opened)


async def _print_status(opened: _Opened) -> None:
    head = (await read_entries(Sight(opened.reads, ANONYMOUS), 0, most=0)).head
    latest = opened.snapshots.latest
    if latest is None:
        click.echo("There is no index yet: a server builds it, or `caveat search rebuild`.")
    else:
        click.echo(f"generation\t{latest.generation}\nbehind\t{head - latest.position}")
        for spoken, volume in sorted(latest.volumes.items()):
            click.echo(f"answers in {spoken}\t{volume.searcher.num_docs - 1}")
    if opened.meaning is not None:
        await _print_vectors(opened, opened.meaning.model.digest, head=head)


async def _print_vectors(opened: _Opened, digest: str, *, head: int) -> None:
    found = await read_progress(Sight(opened.reads, ANONYMOUS), digest)
    if found is None:
        click.echo("There are no vectors yet: a server makes them, or `caveat search rebuild`.")
        return
    click.echo(f"model\t{digest[:12]}\nvectors\t{found.vectors} of {found.answers}")
    click.echo(f"vectors behind\t{head - found.position if found.is_built else 'being made'}")

"""`caveat search`: how well it does, how far it is, and building its index anew."""

from typing import TextIO

import click

from server.access.audience import ANONYMOUS
from server.commands.running import on_database, opened_reads
from server.content.library import Library
from server.content.reads.indexing import read_entries
from server.content.reads.sight import Sight
from server.db.reads import Reads
from server.events.stream import Wakes
from server.search.evaluation import evaluate, read_judged
from server.search.query import Search
from server.search.snapshots import Snapshots
from server.search.worker import Worker
from server.settings import read_settings


@click.group("search")
def search_() -> None:
    """Measure search, and look after its index."""


@search_.command("eval")
@click.argument("file", type=click.File(encoding="utf-8", errors="surrogateescape"))
@on_database
async def evaluate_(url: str, file: TextIO) -> None:
    """Score search on judged questions: a JSON object a line with `query`, `relevant` and `locale`."""
    judged = read_judged(file.read())
    async with opened_reads(url) as reads:
        snapshots = Snapshots()
        await _worker(reads, snapshots).catch_up()
        found = await evaluate(judged, search=Search(snapshots), library=Library(reads))
    click.echo(f"questions\t{found.questions}")
    for name in ("success_at_1", "success_at_5", "mean_reciprocal_rank", "ndcg_at_10"):
        click.echo(f"{name}\t{getattr(found, name):.4f}")


@search_.command()
@on_database
async def rebuild(url: str) -> None:
    """Build the index of this machine anew; a server that runs meanwhile goes on with the old one until it is done."""
    async with opened_reads(url) as reads:
        snapshots = Snapshots()
        await _worker(reads, snapshots).catch_up(rebuilds=True)
        await _print_status(reads, snapshots)


@search_.command()
@on_database
async def status(url: str) -> None:
    """Tell how far the index of this machine is."""
    async with opened_reads(url) as reads:
        snapshots = Snapshots()
        await _worker(reads, snapshots).attach()
        snapshots.refresh(at_once=True)
        await _print_status(reads, snapshots)


def _worker(reads: Reads, snapshots: Snapshots) -> Worker:
    return Worker(Sight(reads, ANONYMOUS), snapshots, wakes=Wakes(), data_dir=read_settings().data_dir)


async def _print_status(reads: Reads, snapshots: Snapshots) -> None:
    latest = snapshots.latest
    if latest is None:
        click.echo("There is no index yet: a server builds it, or `caveat search rebuild`.")
        return
    behind = (await read_entries(Sight(reads, ANONYMOUS), 0, most=0)).head - latest.position
    click.echo(f"generation\t{latest.generation}\nbehind\t{behind}")
    for spoken, volume in sorted(latest.volumes.items()):
        click.echo(f"answers in {spoken}\t{volume.searcher.num_docs - 1}")

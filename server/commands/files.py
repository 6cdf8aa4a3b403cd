"""Answers in and out as files: `caveat import` and `caveat export`."""

import asyncio
import contextlib
import datetime
import functools
import gc
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from server.commands.options import Locale
from server.commands.running import on_database, opened_engine, opened_reads
from server.content.draft import Draft
from server.content.files import knows_files
from server.content.publishing import Outcome, OutcomeKind, publish_prepared
from server.content.stored import stored_drafts
from server.db import local
from server.errors.content import NotFoundError
from server.importers.ahead import Ahead, reading
from server.importers.files import MEDQUAD_PUBLISHED_ON, Form, Manner, find_files, read_files
from server.importers.load import Loaded, load
from server.importers.markdown.writing import write_markdown
from server.importers.outline import outline
from server.importers.reader import OBJECTS
from server.importers.windows import Recall
from server.settings import read_settings

_DONE = "done"
"""Counts the files."""
_QUIET = (OutcomeKind.UNCHANGED,)
_QUIET_IN_BULK = (*_QUIET, OutcomeKind.PUBLISHED, OutcomeKind.UPDATED)


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--locale", default="en", show_default=True, type=Locale(), help="The language of pages (.txt).")
@click.option(
    "--format",
    "form",
    type=click.Choice([form.value for form in Form]),
    help="What the files are; their content tells otherwise.",
)
@click.option(
    "--published-on",
    type=click.DateTime(["%Y-%m-%d"]),
    default=MEDQUAD_PUBLISHED_ON.isoformat(),
    show_default=True,
    help="The date of MedQuAD files, which bear none.",
)
@click.option("--dry-run", is_flag=True, help="Print the outline that was read; write nothing.")
def import_(path: Path, locale: str, *, form: str | None, published_on: datetime.datetime, dry_run: bool) -> None:
    """Import a page (.txt), a Markdown file, a MedQuAD file (.xml), or all of them in a directory."""
    manner = Manner(locale=locale, published_on=published_on.date(), form=Form(form) if form else None)
    files = find_files(path, manner.form)
    if dry_run:
        _print_outlines(files, manner)
        return
    with _seldom_collected(), reading(manner) as ahead:
        if local.is_new(read_settings()):
            ahead.begin(files)  # while the database is made there is nothing else to do
        _import(files, ahead=ahead)


@contextlib.contextmanager
def _seldom_collected() -> Iterator[None]:
    """Looks for circles seldom: of what an import makes hardly anything has one, and most is gone with its batch."""
    before = gc.get_threshold()
    gc.set_threshold(OBJECTS)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@on_database
async def _import(url: str, files: list[Path], *, ahead: Ahead) -> None:
    counts: Counter[str] = Counter()
    try:
        await _load(url, files, ahead=ahead, counts=counts)
    except asyncio.CancelledError:  # Ctrl-C
        done = counts.pop(_DONE, 0)
        click.echo(f"Stopped after {done} of {_files(len(files))}{_summary(counts)}.", err=True)
        click.echo("What is in stays, and is whole: the same command goes on with the rest.", err=True)
        raise
    del counts[_DONE]
    click.echo(f"{_files(len(files))}{_summary(counts)}")
    if counts[OutcomeKind.REFUSED]:
        raise SystemExit(1)


async def _load(url: str, files: list[Path], *, ahead: Ahead, counts: Counter[str]) -> None:
    console = Console(stderr=True)
    progress = Progress(console=console, transient=True, disable=len(files) == 1 or not console.is_terminal)
    async with opened_engine(url) as engine:
        with progress:
            task = progress.add_task("Importing", total=len(files))

            def note(loaded: Loaded) -> None:
                progress.advance(task)
                counts.update(_counted(loaded))
                for line in _lines(loaded):
                    progress.console.print(line, markup=False, highlight=False, soft_wrap=True)

            publish = functools.partial(publish_prepared, engine)
            recall = Recall.of(engine) if await knows_files(engine) else None
            await load(files, publish=publish, recall=recall, on_loaded=note, ahead=ahead)


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _summary(counts: Counter[str]) -> str:
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    return f": {told}" if told else ""


def _counted(loaded: Loaded) -> Counter[str]:
    counts = Counter([_DONE, *(str(outcome.kind) for outcome in loaded.outcomes)])
    if refusals := _refusals(loaded):
        counts[OutcomeKind.REFUSED] += len(refusals)
    if loaded.without_text:
        counts["without text"] += loaded.without_text
    return counts


def _lines(loaded: Loaded) -> list[str]:
    quiet = _QUIET_IN_BULK if loaded.form is Form.MEDQUAD else _QUIET
    refused = [f"refused: {reason}" for reason in _refusals(loaded)]
    told = [_line(outcome) for outcome in loaded.outcomes if outcome.kind not in quiet]
    return [f"{loaded.path}: {line}" for line in (*refused, *told)]


def _refusals(loaded: Loaded) -> Sequence[str]:
    """Why the file was refused, or what was left out of it."""
    return loaded.faults if loaded.error is None else (loaded.error,)


def _line(outcome: Outcome) -> str:
    if outcome.kind is OutcomeKind.REFUSED:
        return f"refused: {outcome.reason}"
    reason = f": {outcome.reason}" if outcome.reason else ""
    revision = f", revision {outcome.revision}" if outcome.revision else ""
    return f"{outcome.kind}: {outcome.slug} ({outcome.locale}{revision}){reason}"


def _print_outlines(files: list[Path], manner: Manner) -> None:
    is_refused = False
    for file, result in read_files(files, manner):
        if isinstance(result, str):
            is_refused = True
            click.echo(f"{file}: refused: {result}", err=True)
        else:
            click.echo(json.dumps(outline(result), ensure_ascii=False, indent=1))
    if is_refused:
        raise SystemExit(1)


@click.command()
@click.argument("slugs", nargs=-1)
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), help="Write each answer to a file here."
)
@on_database
async def export(url: str, slugs: tuple[str, ...], *, folder: Path | None) -> None:
    """Write answers as Markdown with front matter: those with these slugs, in every locale, else all."""
    if folder is None and not slugs:
        raise click.UsageError("Say which answers by their slugs, or where to write all of them with --to.")
    found: set[str] = set()
    async with opened_reads(url) as reads:
        async for draft in stored_drafts(reads, slugs or None):
            found.add(draft.slug)
            _write(draft, folder)
    if missing := set(slugs) - found:
        raise NotFoundError(f"no answer has the slug {', '.join(sorted(missing))}.")


def _write(draft: Draft, folder: Path | None) -> None:
    written = write_markdown(draft)
    if folder is None:
        sys.stdout.write(written)
        return
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{draft.slug}.md" if draft.locale == "en" else f"{draft.slug}.{draft.locale}.md"
    (folder / name).write_text(written, encoding="utf-8", newline="")

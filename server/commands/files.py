"""Answers in and out as files: `caveat import` and `caveat export`."""

import functools
import json
import sys
from collections import Counter
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from server.commands.options import Locale
from server.commands.running import on_database, opened_engine, opened_reads
from server.content.draft import Draft
from server.content.publishing import OutcomeKind, publish
from server.content.stored import stored_drafts
from server.errors import NotFoundError
from server.importers.load import Loaded, find_files, load, read_files
from server.importers.markdown.writing import write_markdown
from server.importers.outline import outline

_QUIET = (OutcomeKind.UNCHANGED,)


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--locale", default="en", show_default=True, type=Locale(), help="The language of pages (.txt).")
@click.option("--dry-run", is_flag=True, help="Print the outline that was read; write nothing.")
def import_(path: Path, locale: str, *, dry_run: bool) -> None:
    """Import a page (.txt), a Markdown file, or all of them in a directory."""
    files = find_files(path)
    if dry_run:
        _print_outlines(files, locale)
    else:
        _import(files, locale=locale)


@on_database
async def _import(url: str, files: list[Path], *, locale: str) -> None:
    counts: Counter[str] = Counter()
    progress = Progress(console=Console(stderr=True), transient=True, disable=len(files) == 1)
    async with opened_engine(url) as engine:
        with progress:
            task = progress.add_task("Importing", total=len(files))

            def note(loaded: Loaded) -> None:
                progress.advance(task)
                counts[_kind(loaded)] += 1
                if line := _line(loaded):
                    progress.console.print(line, markup=False, highlight=False, soft_wrap=True)

            await load(files, publish=functools.partial(publish, engine), locale=locale, on_loaded=note)
    read = "1 file" if len(files) == 1 else f"{len(files)} files"
    click.echo(f"{read}: " + ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())))
    if counts[OutcomeKind.REFUSED]:
        raise SystemExit(1)


def _kind(loaded: Loaded) -> str:
    return OutcomeKind.REFUSED if loaded.error or not loaded.outcome else loaded.outcome.kind


def _line(loaded: Loaded) -> str | None:
    if loaded.error is not None or loaded.outcome is None:
        return f"{loaded.path}: refused: {loaded.error}"
    outcome = loaded.outcome
    if outcome.kind in _QUIET:
        return None
    reason = f": {outcome.reason}" if outcome.reason else ""
    revision = f", revision {outcome.revision}" if outcome.revision else ""
    return f"{loaded.path}: {outcome.kind}: {outcome.slug} ({outcome.locale}{revision}){reason}"


def _print_outlines(files: list[Path], locale: str) -> None:
    is_refused = False
    for file, result in read_files(files, locale=locale):
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

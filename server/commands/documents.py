"""`caveat documents`: what clients registered beforehand, and will ask for by id."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from server.access.clients import Client
from server.access.documents import keeping, listing
from server.access.documents.checking import Complaint, documents_of, faults_of
from server.access.documents.keeping import PushKind
from server.access.documents.manifests import Manifest
from server.access.documents.reading import read_manifest
from server.access.documents.values import Document
from server.access.registration import find_client
from server.commands.running import on_database, opened_engine, print_row
from server.commands.vetting import document_check
from server.db.engine import Engine
from server.errors.content import RefusedError

_manifest = click.argument("path", metavar="MANIFEST", type=click.Path(path_type=Path))
_client = click.option("--client", metavar="NAME", required=True, help="Whose documents they are.")
_version = click.option("--version", required=True, help="The version of the client, such as 3.2.0.")


@click.group()
def documents() -> None:
    """Register the documents that clients are trusted with."""


@documents.command()
@_manifest
@_client
@_version
@on_database
async def push(url: str, path: Path, *, client: str, version: str) -> None:
    """Register the documents of a manifest, or of a folder of GraphQL files, all or none."""
    manifest = read_manifest(path)
    async with opened_engine(url) as engine:
        found = _checked(manifest, await _find(engine, client))
        pushed = await keeping.push(engine, found, client=client, version=version)
    _print_documents(found)
    if pushed.kind is PushKind.UNCHANGED:
        _say(f"Unchanged: {client} {version}, {_counted(len(found))}.")
    elif pushed.kind is PushKind.SERVED_AGAIN:
        _say(f"Served again: {client} {version}, {_counted(len(found))}.")
    else:
        _say(f"Pushed: {client} {version}, {_counted(len(found))}, {len(pushed.new)} of them new to the client.")


@documents.command()
@_manifest
@click.option("--client", metavar="NAME", help="Also check the limits of a client, and the texts that it has.")
def check(path: Path, *, client: str | None) -> None:
    """Check a manifest as `push` does, and register nothing."""
    manifest = read_manifest(path)
    if client is None:
        found = _checked(manifest, None)
    else:
        found = documents_of(manifest)
        _check_for(manifest, name=client)
    _print_documents(found)
    _say(f"Nothing is wrong with {_counted(len(found))}.")


@documents.command("list")
@click.option("--client", metavar="NAME", help="Of this client alone.")
@on_database
async def list_(url: str, *, client: str | None) -> None:
    """List the documents of clients, with the versions that have them."""
    async with opened_engine(url) as engine, engine.transaction() as session:
        listed = await listing.list_documents(session, client=client)
    print_row("client", "id", "name", "versions", "retired versions")
    for each in listed:
        versions, retired = ", ".join(each.versions), ", ".join(each.retired)
        print_row(each.client, each.document.id, each.document.name, versions, retired)


@documents.command()
@_client
@_version
@on_database
async def retire(url: str, *, client: str, version: str) -> None:
    """Retire a version: what no other version of the client has is served no longer."""
    async with opened_engine(url) as engine:
        orphaned = await keeping.retire(engine, client=client, version=version)
    _print_documents(orphaned)
    _say(f"Retired: {client} {version}; {_counted(len(orphaned))} served no longer.")


@on_database
async def _check_for(url: str, manifest: Manifest, *, name: str) -> None:
    async with opened_engine(url) as engine:
        client = await _find(engine, name)
        found = _checked(manifest, client)
        async with engine.transaction() as session:
            await keeping.check_texts(session, client.id, documents=found)


async def _find(engine: Engine, name: str) -> Client:
    async with engine.transaction() as session:
        return await find_client(session, name)


def _checked(manifest: Manifest, client: Client | None) -> list[Document]:
    """The documents of a manifest without faults; prints every fault of one that has any, and raises RefusedError."""
    check = document_check(client.rights if client else None)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Checking", total=len(manifest.entries))

        def watched(text: str) -> Sequence[Complaint]:
            progress.advance(task)
            return check(text)

        faults = faults_of(manifest, watched)
    for fault in faults:
        _say(str(fault))
    if faults:
        wrong = Counter(fault.document for fault in faults)
        raise RefusedError(f"{len(faults)} errors in {_counted(len(wrong))}: nothing was registered.")
    return documents_of(manifest)


def _print_documents(found: Sequence[Document]) -> None:
    for document in found:
        print_row(document.id, document.name)


def _counted(number: int) -> str:
    return f"{number} document" if number == 1 else f"{number} documents"


def _say(words: str) -> None:
    click.echo(words, err=True)

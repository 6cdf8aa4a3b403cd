"""Manifests in JSON, as graphql-codegen, Apollo's tools for web, iOS and Kotlin, and the Relay compiler write them.

- `{"<id>": "<text>", …}`: graphql-codegen's client preset, Relay's `persistConfig.file`; with `{"name", "source"}` in
  place of the text, the operation output of Apollo's Kotlin and iOS generators.
- `[["<id>", "<text>"], …]`, or a list of objects with `id` and `text`: what a server that Relay persists to keeps.
- `{"format": "apollo-persisted-query-manifest", "version": 1, "operations": […]}`: objects with `id`, `body`, `name`
  and `type`, or an object of them by id.

https://www.apollographql.com/docs/graphos/platform/security/persisted-queries#manifest-format
"""

import json
from collections.abc import Iterable
from typing import Any

from server.access.documents.manifests import Entry, Fault, Manifest, Place
from server.errors.content import UnreadableError

APOLLO, APOLLO_VERSION = "apollo-persisted-query-manifest", 1
TEXTS = ("body", "text", "source", "query")
"""The members that hold an operation's text."""


def read_json(data: bytes, *, file: str) -> Manifest:
    """The documents of a manifest in JSON; raises UnreadableError for one of no known form."""
    value = _decoded(data)
    if isinstance(value, dict) and "format" in value:
        pairs = _apollo(value)
    elif isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = [_pair(item) for item in value]
    else:
        raise UnreadableError("it is no manifest: neither a JSON object nor a list.")
    return _manifest(pairs, file=file)


def _decoded(data: bytes) -> Any:  # noqa: ANN401 -- the JSON edge
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_object)
    except UnicodeDecodeError:
        raise UnreadableError("it is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise UnreadableError(f"it is not JSON: {error.msg}.", error.lineno) from None
    except RecursionError:
        raise UnreadableError("it nests too deep to be a manifest.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if found.setdefault(name, value) != value:
            raise UnreadableError(f"`{name}` stands in it twice, with different values.")
    return found


def _apollo(value: dict[str, Any]) -> list[tuple[object, object]]:
    if value["format"] != APOLLO:
        raise UnreadableError(f"its `format` is not `{APOLLO}`.")
    if value.get("version") != APOLLO_VERSION:
        raise UnreadableError(f"its `version` is not {APOLLO_VERSION}.")
    operations = value.get("operations")
    if isinstance(operations, dict):
        return list(operations.items())
    if not isinstance(operations, list):
        raise UnreadableError("its `operations` are no list.")
    return [_pair(item) for item in operations]


def _pair(item: object) -> tuple[object, object]:
    """An id, and what stands beside it."""
    if isinstance(item, list) and len(item) == 2:
        return item[0], item[1]
    return (item.get("id"), item) if isinstance(item, dict) else (None, item)


def _manifest(pairs: Iterable[tuple[object, object]], *, file: str) -> Manifest:
    entries: list[Entry] = []
    faults: list[Fault] = []
    for number, (said_id, value) in enumerate(pairs, start=1):
        text = _text(value)
        if isinstance(said_id, str) and text is not None:
            members = value if isinstance(value, dict) else {}
            name, kind = members.get("name"), members.get("type")
            entries.append(
                Entry(said_id=said_id, text=text, place=Place(file=file), name=_word(name), kind=_word(kind))
            )
        else:
            missing = "a text" if isinstance(said_id, str) else "an id, which is a string"
            label = said_id if isinstance(said_id, str) else f"document {number}"
            faults.append(Fault(place=Place(file=file), document=label, message=f"has not {missing}."))
    return Manifest(file=file, entries=tuple(entries), faults=tuple(faults))


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value
    texts = [value[name] for name in TEXTS if isinstance(value.get(name), str)] if isinstance(value, dict) else []
    return texts[0] if texts else None


def _word(value: object) -> str | None:
    return value if isinstance(value, str) and value else None

"""The way out: a draft as an author's file."""

import datetime
from collections.abc import Iterable

import msgspec
import yaml
from msgspec.structs import FieldInfo

from server.content.draft import Draft
from server.content.publication.canonical import normalise
from server.importers.markdown.front_matter import key_of
from server.importers.markdown.markup import write_sections
from server.importers.markdown.reading import FENCE

_ORDER = (
    "question", "title", "slug", "locale", "external_id", "translation_of", "topics", "author", "published_on",
    "provenance", "review", "notices", "questions", "sources", "calls_to_action", "retraction",
)  # fmt: skip
"""What tells which answer it is, then what a reader sees first; a field that is new comes behind all of these."""


class _Dumper(yaml.SafeDumper):
    """YAML with entries of lists indented and text of several lines as it stands."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - PyYAML's own
        super().increase_indent(flow, indentless=False)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text and text.replace("\n", "").isprintable() else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def write_markdown(draft: Draft) -> str:
    """The file that says what a draft says: read again, it is the same draft, its spans merged where they can be."""
    draft = normalise(draft)
    body = write_sections(draft.sections)
    front = yaml.dump(_front_matter(draft), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=float("inf"))
    return f"{FENCE}\n{front}{FENCE}\n" + (f"\n{body}\n" if body else "")


def _front_matter(draft: Draft) -> dict[str, object]:
    fields = {field.name: field for field in msgspec.structs.fields(Draft) if field.name != "sections"}
    names = [*_ORDER, *[name for name in fields if name not in _ORDER]]
    if draft.title == draft.question:
        names.remove("title")
    return _keys(draft, [fields[name] for name in names])


def _keys(value: msgspec.Struct, fields: Iterable[FieldInfo]) -> dict[str, object]:
    given = [(field, getattr(value, field.name)) for field in fields]
    return {key_of(field.name): _plain(each) for field, each in given if each != field.default}


def _plain(value: object) -> object:
    """A value in YAML's types; a structure that says only the one thing it must say is that alone."""
    if isinstance(value, msgspec.Struct):
        fields = msgspec.structs.fields(value)
        keys = _keys(value, fields)
        required = [key_of(field.name) for field in fields if field.required]
        return keys[required[0]] if list(keys) == required and len(required) == 1 else keys
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value if isinstance(value, (bool, datetime.date)) else str(value)

"""The front matter, read against the fields of a draft: whatever a draft holds beside its sections has its key.

A scalar is taken by what its key expects: where text is expected, `2019`, `yes` and `1:30` are the text as written. A
mapping of which one key is required may be written as the value of that key alone: `topics: [Leukemia]`.
"""

import datetime
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
import yaml
from langcodes import standardize_tag
from msgspec import inspect

from server.content.checks.drafts import is_locale
from server.content.draft import Draft, Provenance
from server.content.slugs import slug_of
from server.content.vocabulary import ContributorKind, ProductionMethod
from server.errors.content import UnreadableError
from server.importers.markdown.nodes import compose, line_of

_NULL = "tag:yaml.org,2002:null"
_BOOLEANS = {"true": True, "yes": True, "false": False, "no": False}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHOWN = 80
"""Characters of a wrong value that a refusal shows."""
_DERIVED = ("slug", "title", "provenance")
"""Fields that a draft must have and that an author need not give."""


def key_of(name: str) -> str:
    """The key that stands for a field: `published_on` is `publishedOn`."""
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)


@cache
def _fields(cls: type[msgspec.Struct]) -> dict[str, inspect.Field]:
    described = inspect.type_info(cls)
    return {key_of(field.name): field for field in getattr(described, "fields", ())}


def _root() -> dict[str, inspect.Field]:
    return {key: field for key, field in _fields(Draft).items() if field.name != "sections"}


_ROOT = _root()
_REQUIRED = [key for key, field in _ROOT.items() if field.required and field.name not in _DERIVED]


def read_front_matter(text: str) -> dict[str, Any]:
    """The fields of a draft but its sections; raises UnreadableError with line, key and remedy."""
    node = compose(text)
    if not isinstance(node, yaml.MappingNode):
        raise UnreadableError(f"the front matter has no keys: give at least {_listed(_REQUIRED)}.", 1)
    entries = _entries(node, _ROOT, at="")
    values: dict[str, Any] = {
        _ROOT[key].name: _value(each, _ROOT[key].type, at=key) for key, each in entries.items() if not _is_null(each)
    }
    for key in _REQUIRED:
        if _ROOT[key].name not in values:
            raise UnreadableError(f"`{key}` is missing: give it a value.", line_of(entries.get(key, node)))
    if "locale" in values:
        values["locale"] = _canonical(values["locale"], line_of(entries["locale"]))
    return {**_defaults(values), **values}


def _defaults(given: Mapping[str, Any]) -> dict[str, Any]:
    is_by_ai = given["author"].kind is ContributorKind.AI
    method = ProductionMethod.AI_GENERATED if is_by_ai else ProductionMethod.HUMAN_WRITTEN
    return {
        "slug": slug_of(given["question"]),
        "title": given["question"],
        "provenance": Provenance(method=method),
    }


def _canonical(tag: str, line: int) -> str:
    try:
        canonical = standardize_tag(tag)
    except ValueError:
        canonical = ""
    if not is_locale(canonical):
        raise UnreadableError(f"`locale` is `{tag[:_SHOWN]}`: give a language tag such as `en` or `es-MX`.", line)
    return canonical


def _value(node: yaml.Node, expected: inspect.Type, *, at: str) -> object:
    match expected:
        case inspect.UnionType(types=types):
            return _value(node, next(each for each in types if not isinstance(each, inspect.NoneType)), at=at)
        case inspect.VarTupleType(item_type=item_type):
            return _values(node, item_type, at=at)
        case inspect.StructType(cls=cls):
            return _struct(node, cls, at)
    return _parsed(node, expected, at=at)


def _parsed(node: yaml.Node, expected: inspect.Type, *, at: str) -> object:
    text = _scalar(node, at)
    match expected:
        case inspect.DateType():
            return _date(text, at, node=node)
        case inspect.EnumType(cls=choices):
            return _choice(text, {str(choice): choice for choice in choices}, at=at, node=node)
        case inspect.BoolType():
            return _choice(text.lower(), _BOOLEANS, at=at, node=node)
    return text


def _scalar(node: yaml.Node, at: str) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise UnreadableError(f"`{at}` takes one value: it has several.", line_of(node))
    if _is_null(node):
        raise UnreadableError(f"`{at}` is empty: give it a value, or take the key out.", line_of(node))
    return str(node.value)


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == _NULL


def _values(node: yaml.Node, expected: inspect.Type, *, at: str) -> tuple[object, ...]:
    if not isinstance(node, yaml.SequenceNode):
        raise UnreadableError(f"`{at}` takes a list: start each entry with `- `.", line_of(node))
    return tuple([_value(each, expected, at=at) for each in node.value])


def _struct(node: yaml.Node, cls: type[msgspec.Struct], at: str) -> msgspec.Struct:
    fields = _fields(cls)
    required = [key for key, field in fields.items() if field.required]
    if not isinstance(node, yaml.MappingNode):
        if isinstance(node, yaml.SequenceNode) or len(required) > 1:
            raise UnreadableError(f"`{at}` takes keys: {_listed(fields)}.", line_of(node))
        field = fields[required[0]]
        return cls(**{field.name: _value(node, field.type, at=at)})
    entries = {key: each for key, each in _entries(node, fields, at=at).items() if not _is_null(each)}
    for key in required:
        if key not in entries:
            raise UnreadableError(f"`{at}` lacks `{key}`: give it a value.", line_of(node))
    return cls(**{fields[key].name: _value(each, fields[key].type, at=f"{at}.{key}") for key, each in entries.items()})


def _entries(node: yaml.MappingNode, fields: Mapping[str, inspect.Field], *, at: str) -> dict[str, yaml.Node]:
    entries: dict[str, yaml.Node] = {}
    for key_node, value in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
        where = f"`{at}.{key[:_SHOWN]}`" if at else f"`{key[:_SHOWN]}`"
        if key not in fields:
            raise UnreadableError(f"{where} is no key: use {_listed(fields)}.", line_of(key_node))
        if key in entries:
            raise UnreadableError(f"{where} stands twice: keep one of them.", line_of(key_node))
        entries[key] = value
    return entries


def _date(text: str, at: str, *, node: yaml.Node) -> datetime.date:
    try:
        if _DATE.fullmatch(text):
            return datetime.date.fromisoformat(text)
    except ValueError:
        raise UnreadableError(f"`{at}` is {text}, a date that does not exist: correct it.", line_of(node)) from None
    raise UnreadableError(f"`{at}` is `{text[:_SHOWN]}`: write the date as 2026-05-15.", line_of(node))


def _choice(text: str, choices: Mapping[str, object], *, at: str, node: yaml.Node) -> object:
    if text not in choices:
        raise UnreadableError(f"`{at}` is `{text[:_SHOWN]}`: choose {_listed(choices, 'or')}.", line_of(node))
    return choices[text]


def _listed(names: Mapping[str, object] | list[str], last: str = "and") -> str:
    *others, final = [f"`{name}`" for name in names]
    return f"{', '.join(others)} {last} {final}" if others else final

"""Manifests as the tools write them, of a schema of no consequence."""

import hashlib
import json

from graphql import specified_rules

from server.execution.checking import Checker
from server.limits import Limits
from tests.execution.shop import schema

HELLO = "query Hello { hello }"
NUMBER = "query Number($of: Int) {\n  number(of: $of)\n}"


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def persisted(text):
    """The extensions of a request in Apollo's protocol."""
    return {"persistedQuery": {"version": 1, "sha256Hash": sha256(text)}}


def as_json(value):
    return json.dumps(value).encode()


def by_hash(*texts, prefix=""):
    """As graphql-codegen and Relay write it."""
    return as_json({prefix + sha256(text): text for text in texts})


def as_apollo(*texts, **changes):
    """As Apollo's tools write it."""
    operations = [
        {"id": sha256(text), "body": text, "name": text.split()[1].partition("(")[0], "type": text.split()[0]}
        for text in texts
    ]
    return as_json({"format": "apollo-persisted-query-manifest", "version": 1, "operations": operations} | changes)


def check(text, *, limits=None):
    """What the shop has against a text."""
    checker = Checker(schema, rules=specified_rules, limits=limits or Limits(), longest_list=100)
    return [(error["message"], error.get("locations", [{"line": None}])[0]["line"]) for error in checker.errors(text)]

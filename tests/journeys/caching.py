"""A client whose key lies in an app, and what it asks by the id of its document."""

import json

from server.access.clients import ClientKind
from server.access.documents.keeping import push
from server.access.documents.values import Document
from tests.access.documents.manifests import sha256
from tests.access.registering import bearer, register

PAGE = """query Page($slug: String!) {
  answer(slug: $slug, locale: "en") { title status disclaimers { text } body { text } } }"""
LIST = "query List { answers(first: 5) { nodes { title } } }"
SEARCH = 'query Search { search(query: "tea") { edges { node { title } } } }'
SELF = "query Self { client { name } }"
BOTH = "query Both { client { name } answers(first: 5) { nodes { title } } }"
TEXTS = (PAGE, LIST, SEARCH, SELF, BOTH)


async def app(engine, name="app", *, kind=ClientKind.WEB, **rights):
    """The header of a client whose documents are registered."""
    key = await register(engine, name, kind=kind, **rights)
    await push(engine, [Document(id=sha256(text), text=text) for text in TEXTS], client=name, version="1")
    return bearer(key)


def asked(text, **variables):
    """The parameters of a URL that names a document."""
    return {"documentId": sha256(text), "variables": json.dumps(variables)}

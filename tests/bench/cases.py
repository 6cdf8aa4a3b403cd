"""What is asked: each case is a set of requests in turn, with what every answer to them looks like."""

import http.client
import json
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from tests.bench.load import NUMBER

HOT = 1
SLUGS, PAGES, WORDS = 1_000, 20, 100

PARTS = """
  id slug title publishedOn author { name kind } disclaimers { id kind placement heading text }
  sections { id anchor heading level body { id html } }
  sources { id title publisher url status } callsToAction { heading text label url }
"""
PAGE = f"query Page($slug: String!) {{ answer(slug: $slug) {{ {PARTS} }} }}"
NEW = PAGE.replace("Page", f"Page{NUMBER.decode()}")
FRAGMENT = "query Fragment($slug: String!) { answer(slug: $slug) { id title disclaimers { text } summary { text } } }"
ROW = "id slug title publishedOn disclaimers { text } summary { text }"
WALK = """query Walk($after: String) {
  answers(first: 100, after: $after) { nodes { slug topics { name } } pageInfo { endCursor } } }"""
LIST = (
    "query List($after: String) {{ answers(first: 20, after: $after) {{ nodes {{ {} }} pageInfo {{ endCursor }} }} }}"
)
DEEP = LIST.replace("query List", "query DeepList")
SEARCH = f"query Search($query: String!) {{ search(query: $query, first: 10) {{ nodes {{ {ROW} }} }} }}"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request, without the server's address."""

    body: dict | None = None
    path: str = "/graphql"
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def text(self):
        """The request as it goes over the wire."""
        data = "" if self.body is None else json.dumps(self.body, separators=(",", ":"))
        lines = [f"{'GET' if self.body is None else 'POST'} {self.path} HTTP/1.1", "host: bench", "accept: */*"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.body is not None:
            lines += ["content-type: application/json", f"content-length: {len(data.encode())}"]
        return "\r\n".join([*lines, "", data])

    def fetch(self, port):
        """The status, the headers and the body of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", port)
        try:
            data = None if self.body is None else json.dumps(self.body)
            method, headers = ("GET", {}) if data is None else ("POST", {"content-type": "application/json"})
            connection.request(method, self.path, body=data, headers={**headers, **dict(self.headers)})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def data(self, port):
        """What the answer holds; ends the run for an answer with errors."""
        status, _, body = self.fetch(port)
        answer = json.loads(body)
        if status != 200 or answer.get("errors"):
            raise SystemExit(f"{self} was answered by {status}: {body[:600].decode()}")
        return answer["data"]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One row of the table."""

    name: str
    requests: tuple[Asked, ...]
    status: int = 200
    only_ours: bool = False
    """Whether servers without trusted documents can't be asked it."""


def posted(text, /, is_new=False, **variables):
    """An operation in the body of a POST."""
    named = {} if is_new else {"operationName": text.split("(")[0].split()[1]}
    return Asked(body={"query": text, **named, "variables": variables})


def cases(port):
    """Every case but those over GET, made of what the library at a port holds."""
    slugs, words, cursor = [], {}, None
    while len(slugs) < SLUGS:
        answers = posted(WALK, after=cursor).data(port)["answers"]
        slugs += [node["slug"] for node in answers["nodes"]]
        words.update((topic["name"], None) for node in answers["nodes"] for topic in node["topics"])
        if cursor == (cursor := answers["pageInfo"]["endCursor"]):
            break
    cursors = [None]
    while len(cursors) < PAGES:
        cursors.append(posted(LIST.format(ROW), after=cursors[-1]).data(port)["answers"]["pageInfo"]["endCursor"])
    slugs = slugs[:SLUGS]
    pages = tuple(posted(PAGE, slug=slug) for slug in slugs)
    return [
        Case(name="page", requests=pages),
        Case(name="page, hot", requests=(_middling(pages, port),)),
        Case(name="page, a new text each time", requests=tuple(posted(NEW, is_new=True, slug=slug) for slug in slugs)),
        Case(name="fragment", requests=tuple(posted(FRAGMENT, slug=slug) for slug in slugs)),
        Case(name="list of 20", requests=tuple(posted(LIST.format(ROW), after=cursor) for cursor in cursors)),
        Case(name="deep list of 20", requests=tuple(posted(DEEP.format(PARTS), after=cursor) for cursor in cursors)),
        Case(name="search", requests=tuple(posted(SEARCH, query=word) for word in list(words)[:WORDS])),
    ]


def _middling(pages, port):
    """That of middling length."""
    some = pages[:: max(1, len(pages) // 50)]
    return sorted(some, key=lambda page: len(page.fetch(port)[2]))[len(some) // 2]


def over_get(pages, *, port, document, key):
    """Pages asked by their trusted document's id, and asked again with the tag that they came with, if they do."""
    asked = tuple(
        Asked(
            path="/graphql?"
            + urlencode(
                {"documentId": document, "variables": json.dumps(page.body["variables"], separators=(",", ":"))}
            ),
            headers=(("authorization", f"Bearer {key}"),),
        )
        for page in pages
    )
    found = [Case(name="GET", requests=asked, only_ours=True)]
    tags = [request.fetch(port)[1].get("etag") for request in asked]
    if not all(tags):
        return found
    again = tuple(
        replace(request, headers=(*request.headers, ("if-none-match", tag)))
        for request, tag in zip(asked, tags, strict=True)
    )
    return [*found, Case(name="GET 304", requests=again, status=304)]

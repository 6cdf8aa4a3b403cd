"""The page for developers at the endpoint: GraphiQL with a query to try, its assets pinned by their hashes.

The assets are files of npm packages, as the CDN serves them; the hashes are those of the files in the packages.
"""

import base64
import hashlib
import json
from dataclasses import dataclass

CDN = "https://unpkg.com"
EXAMPLE = """\
# Press the button, or Ctrl-Enter, to run this query.
# Content goes with its disclaimers, always:
# without them the query is refused.
{
  answer(slug: "how-does-car-t-cell-therapy-work-for-leukemia") {
    title
    disclaimers { text }
    sections { heading body { text } }
  }
}
"""
_STYLE = (
    "graphiql@4.1.2/graphiql.min.css",
    "sha384-1el1QShFBnnXTx9x/Cprg82hZWKt0ry29OAYIXt05swbi0KcZDFoj0CWguMpopJr",
)
_SCRIPTS = (
    (
        "react@18.3.1/umd/react.production.min.js",
        "sha384-DGyLxAyjq0f9SPpVevD6IgztCFlnMF6oW/XQGmfe+IsZ8TqEiDrcHkMLKI6fiB/Z",
    ),
    (
        "react-dom@18.3.1/umd/react-dom.production.min.js",
        "sha384-gTGxhz21lVGYNMcdJOyq01Edg0jhn/c22nsx0kyqP0TxaV5WVdsSH1fSDUf5YJj1",
    ),
    (
        "graphiql@4.1.2/graphiql.min.js",
        "sha384-9XdHu7ajgGJziD4J1zNBKQ842Q/+zZfDv+ib1eMhZWBH6hPAs806x+Jbcf0yNO6B",
    ),
)
_START = """
const url = new URL(location.href);
const subscriptionUrl = url.href.replace(/^http/, "ws");
const fetcher = GraphiQL.createFetcher({ url: url.href, subscriptionUrl });
const page = React.createElement(GraphiQL, { fetcher, defaultQuery: EXAMPLE, shouldPersistHeaders: false });
ReactDOM.createRoot(document.getElementById("graphiql")).render(page);
"""
_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Caveat: GraphiQL</title>
<link rel="icon" href="data:,">
<style>body {{ margin: 0 }} #graphiql {{ height: 100vh }}</style>
{style}
</head>
<body>
<div id="graphiql"><p>Loading GraphiQL from {cdn}. The GraphQL endpoint at this address works without it.</p></div>
{scripts}
<script>{start}</script>
</body>
</html>
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page, and the policy that lets nothing but its own assets run on it."""

    html: str
    policy: str


def graphiql(*, cdn: str = CDN) -> Page:
    """The page, with its assets from a CDN that serves the files of npm packages."""
    start = f"\nconst EXAMPLE = {json.dumps(EXAMPLE)};{_START}"
    style, integrity = _STYLE
    html = _PAGE.format(
        cdn=cdn,
        style=f'<link rel="stylesheet" href="{cdn}/{style}" integrity="{integrity}" crossorigin="anonymous">',
        scripts="\n".join(
            f'<script src="{cdn}/{path}" integrity="{digest}" crossorigin="anonymous"></script>'
            for path, digest in _SCRIPTS
        ),
        start=start,
    )
    return Page(html=html, policy=_policy(cdn, start))


def _policy(cdn: str, start: str) -> str:
    digest = base64.b64encode(hashlib.sha256(start.encode()).digest()).decode()
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {cdn}/ 'sha256-{digest}'",
            f"style-src {cdn}/ 'unsafe-inline'",  # the editor sets styles as it goes
            "font-src data:",
            "img-src data:",
            "connect-src 'self' ws: wss:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )

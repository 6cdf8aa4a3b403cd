"""Where an entry of a feed leads: to its answer's page where somebody named it, else to the answer over GraphQL."""

import json
from urllib.parse import quote, urlencode

from server.content.answer import Answer
from server.content.infobutton.feed import Link, LinkTo

QUERY = (
    "query($slug:String!,$locale:LanguageTag)"
    "{answer(slug:$slug,locale:$locale){title disclaimers{placement heading text}body{html}}}"
)


def page_link(template: str) -> LinkTo:
    """Leads to the page whose address has the slug and the locale where the template has `{slug}` and `{locale}`."""

    def link_to(answer: Answer) -> Link:
        filled = template.replace("{locale}", quote(answer.locale, safe="")).replace(
            "{slug}", quote(answer.slug, safe="")
        )
        return Link(filled, "text/html")

    return link_to


def graphql_link(address: str) -> LinkTo:
    """Leads to the answer with its disclaimers as the GraphQL at an address gives it."""

    def link_to(answer: Answer) -> Link:
        variables = json.dumps({"slug": answer.slug, "locale": answer.locale}, separators=(",", ":"))
        return Link(
            f"{address}?{urlencode({'query': QUERY, 'variables': variables}, quote_via=quote)}", "application/json"
        )

    return link_to

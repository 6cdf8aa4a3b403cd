from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema

from schema.build import sdl
from tests.contract.comparison import differences

CONTRACT = Path(__file__).with_name("schema.graphql").read_text(encoding="utf-8")

LOOSENINGS = {
    "a type is gone": ("type TableBlock implements", "type GridBlock implements", "TableBlock: missing"),
    "a field is gone": ("  caveatsDigest: String!\n", "", "Answer.caveatsDigest: missing"),
    "a field may be null": ("  digest: String!", "  digest: String", "Answer.digest: String instead of String!"),
    "a field may not be null": (
        "  externalId: String\n",
        "  externalId: String!\n",
        "Answer.externalId: String! instead of String",
    ),
    "items of a list may be null": ("marks: [Mark!]!", "marks: [Mark]!", "Span.marks: [Mark]! instead of [Mark!]!"),
    "a scalar is another": (
        "publishedOn: CalendarDate!",
        "publishedOn: DateTime!",
        "Answer.publishedOn: DateTime! instead of CalendarDate!",
    ),
    "an argument is gone": (
        "name(locale: LanguageTag)",
        "name",
        "Topic.name(locale): missing",
    ),
    "an argument is loosened": (
        "section(anchor: String!)",
        "section(anchor: String)",
        "Answer.section(anchor): String instead of String!",
    ),
    "an argument is added that is required": (
        "section(anchor: String!)",
        "section(anchor: String!, key: ID!)",
        "Answer.section(key): required, and not in the contract",
    ),
    "a default is another": (
        "relatedAnswers(first: Int! = 5)",
        "relatedAnswers(first: Int! = 6)",
        "Answer.relatedAnswers(first): default 6 instead of 5",
    ),
    "a default is gone": (
        "includeRetracted: Boolean! = false",
        "includeRetracted: Boolean",
        "AnswerFilter(includeRetracted): default None instead of false",
    ),
    "a default is null": (
        "answer(slug: String!, locale: LanguageTag)",
        "answer(slug: String!, locale: LanguageTag = null)",
        "Query.answer(locale): default null instead of None",
    ),
    "an object as default is another": (
        "orderBy: AnswerOrder! = { field: PUBLISHED_AT, direction: DESC }",
        "orderBy: AnswerOrder! = { field: PUBLISHED_AT }",
        "Query.answers(orderBy): default { field: PUBLISHED_AT } instead of { field: PUBLISHED_AT, direction: DESC }",
    ),
    "a value of an enum is gone": ("  SUPERSCRIPT\n", "", "Mark.SUPERSCRIPT: missing"),
    "an interface is not implemented": (
        "type Disclaimer implements Node {",
        "type Disclaimer {",
        "Disclaimer implements Node: missing",
    ),
    "an input field is gone": ("  externalIds: [String!]\n", "", "AnswerFilter(externalIds): missing"),
    "an input field is added that is required": (
        "input SourceFilter {",
        "input SourceFilter {\n  since: DateTime!",
        "SourceFilter(since): required, and not in the contract",
    ),
    "a directive is not applied": (
        "  blocks: [Block!]! @requiresDisclaimer",
        "  blocks: [Block!]!",
        "Section.blocks: @requiresDisclaimer is not applied",
    ),
    "a directive has other locations": (
        "@requiresDisclaimer on FIELD_DEFINITION",
        "@requiresDisclaimer on FIELD_DEFINITION | OBJECT",
        "@requiresDisclaimer: other locations",
    ),
    "a directive takes an argument": (
        "directive @requiresDisclaimer on",
        "directive @requiresDisclaimer(unless: String) on",
        "@requiresDisclaimer(unless): not in the contract",
    ),
    "a directive is applied that is not in the contract": (
        "  slug: String!\n",
        "  slug: String! @deprecated\n",
        "Answer.slug: @deprecated is not in the contract",
    ),
    "a directive is added": (
        "type Review {",
        "directive @hidden on OBJECT\n\ntype Review {",
        "@hidden: not in the contract",
    ),
    "an object type became an interface": ("type Review {", "interface Review {", "Review: another kind"),
    "the root of subscriptions is gone": (
        "type Subscription {",
        "type Feed {",
        "subscription_type: None instead of Subscription",
    ),
}


def _schema(text: str) -> GraphQLSchema:
    return build_schema(text, assume_valid=True)


def test_the_served_schema_holds_the_whole_contract() -> None:
    assert differences(_schema(CONTRACT), _schema(sdl())) == []


def test_what_is_served_beyond_the_contract_was_added_on_purpose() -> None:
    contract, served = _schema(CONTRACT), _schema(sdl())

    assert set(served.query_type.fields) - set(contract.query_type.fields) == {"client", "suggest"}
    added = {name for name in set(served.type_map) - set(contract.type_map) if not name.startswith("Client")}
    assert added == {"AnswerUse", "FieldUse", "CompletionKind", "Suggestion", "CacheControlScope"}


def test_the_contract_holds_itself() -> None:
    assert differences(_schema(CONTRACT), _schema(CONTRACT)) == []


@pytest.mark.parametrize(("before", "after", "difference"), LOOSENINGS.values(), ids=LOOSENINGS)
def test_a_loosening_is_seen(before: str, after: str, difference: str) -> None:
    assert before in CONTRACT
    changed = CONTRACT.replace(before, after, 1)

    assert difference in differences(_schema(CONTRACT), _schema(changed))


def test_what_a_field_costs_may_be_said() -> None:
    served = CONTRACT.replace("  body: Body! @requires", '  body: Body! @cost(weight: "10") @listSize @requires', 1)
    served += "\ndirective @cost(weight: String!) on FIELD_DEFINITION\ndirective @listSize on FIELD_DEFINITION"

    assert "@cost(weight" in served
    assert differences(_schema(CONTRACT), _schema(served)) == []


def test_an_addition_is_no_difference() -> None:
    grown = CONTRACT.replace("type Review {", "type Review {\n  note(first: Int = 1): String", 1)

    assert differences(_schema(CONTRACT), _schema(grown)) == []

"""Documents that are wrong, or too much of one."""

from tests.journeys.hostile.sending import SLUG, Hostile, asked

PARSE, INVALID = "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"
COMPLEX, LONG, DEEP = "DOCUMENT_TOO_COMPLEX", "DOCUMENT_TOO_LONG", "OPERATION_TOO_DEEP"
COSTLY, WRONG = "OPERATION_TOO_COSTLY", "BAD_USER_INPUT"


def nested(field: str, levels: int, leaf: str = "id") -> str:
    """A selection of levels in levels."""
    return f"{{ {field} " * levels + f"{{ {leaf} }}" + " }" * levels


def chain(length: int, spreads: int) -> str:
    """Fragments that each spread the next one several times: a bomb."""
    links = "".join(
        f"fragment f{n} on Query {{ {' '.join(f'a{s}: __typename ...f{n + 1}' for s in range(spreads))} }} "
        for n in range(length)
    )
    return f"{{ ...f0 }} {links} fragment f{length} on Query {{ __typename }}"


SYNTAX = {
    "a brace": asked("{", PARSE),
    "a brace too many": asked("{ __typename } }", PARSE),
    "no selection": asked("query {}", None),
    "an empty list of arguments": asked("{ topic() { id } }", PARSE),
    "a string that never ends": asked('{ topic(slug: "', PARSE),
    "a block string that never ends": asked('{ topic(slug: """' + "a" * 100_000, PARSE),
    "a number with a leading zero": asked("{ answers(first: 007) { totalCount } }", PARSE),
    "a control character": asked("{ __typename \x07 }", PARSE),
    "emoji for names": asked("{ 💊 }", PARSE),
    "a template": asked("{ {{7*7}} ${7*7} }", PARSE),
    "SQL": asked("'; drop table answer; --", PARSE),
    "HTML": asked("<script>alert(1)</script>", PARSE),
    "50,000 opening braces": asked("{" * 50_000, PARSE),
    "50,000 levels": asked("{ a" * 50_000, DEEP),
    "100,000 tokens": asked("{" + " a" * 100_000 + "}", LONG),
    "100,000 commas": asked("{ __typename " + "," * 100_000 + "}", None),
    "a comment of 500,000 characters": asked("{ __typename } #" + "a" * 500_000, None),
    "a name of 500,000 characters": asked("{ " + "a" * 500_000 + " }", INVALID),
    "a definition of types": asked("type Query { hacked: String }", INVALID),
    "an extension of types": asked("{ __typename } extend type Query { hacked: String }", INVALID),
    "fragments alone": asked("fragment f on Query { __typename }", INVALID),
}

DEPTHS = {
    "a selection of 1,000 levels": asked(nested("a", 1_000), DEEP),
    "a selection of 2,400 levels": asked("{ a" * 2_400 + " }" * 2_400, DEEP),
    "topics in topics": asked("{ topics { nodes " + nested("parent", 30) + " } }", DEEP),
    "inline fragments of 1,000 levels": asked("{ ... " * 1_000 + "{ __typename }" + " }" * 1_000, DEEP),
    "a literal list of 2,000 levels": asked(f"{{ nodes(ids: {'[' * 2_000}{']' * 2_000}) {{ id }} }}", DEEP),
    "a literal object of 1,500 levels": asked(
        f"{{ answers(filter: {'{a: ' * 1_500}1{'}' * 1_500}) {{ totalCount }} }}", DEEP
    ),
    "a type of 2,000 lists": asked(f"query ($a: {'[' * 2_000}Int{']' * 2_000}) {{ __typename }}", DEEP),
    "fragments in fragments, 90 deep": asked(
        "{ topics { nodes { ...f0 } } } "
        + " ".join(f"fragment f{n} on Topic {{ parent {{ ...f{n + 1} }} }}" for n in range(90))
        + " fragment f90 on Topic { id }",
        DEEP,
    ),
}

FLOODS = {
    "1,000 aliases": asked("{ " + " ".join(f"a{n}: __typename" for n in range(1_000)) + " }", COMPLEX),
    "400 aliases of a topic": asked(
        "{ " + " ".join(f'a{n}: topic(slug: "x") {{ id }}' for n in range(400)) + " }", COMPLEX
    ),
    "4,000 fields": asked("{ " + "__typename " * 4_000 + "}", COMPLEX),
    "400 fields that merge": asked("{ " + 'topic(slug: "x") { id } ' * 400 + "}", COMPLEX),
    "200 operations": asked(" ".join(f"query q{n} {{ __typename }}" for n in range(200)), COMPLEX, operationName="q1"),
    "200 fragments": asked(
        "{ __typename } " + " ".join(f"fragment f{n} on Query {{ __typename }}" for n in range(200)), INVALID
    ),
    "700 directives": asked("{ __typename " + "@include(if: true) " * 700 + "}", COMPLEX),
    "2,000 unknown directives": asked("{ __typename " + "@a " * 2_000 + "}", COMPLEX),
    "a directive twice": asked("{ __typename @skip(if: false) @skip(if: false) }", INVALID),
    "1,500 spreads of one fragment": asked("{ " + "...f " * 1_500 + "} fragment f on Query { a: __typename }", COMPLEX),
    "a bomb of fragments": asked(chain(30, 10), COMPLEX),
    "a bomb of fragments that merges": asked(chain(12, 3), COMPLEX),
    "a fragment that spreads itself": asked("{ ...f } fragment f on Query { ...f }", INVALID),
    "fragments in a circle": asked(
        "{ ...a } fragment a on Query { ...b } fragment b on Query { ...c } fragment c on Query { ...a }", INVALID
    ),
    "a circle below a field": asked("{ topics { nodes { ...t } } } fragment t on Topic { parent { ...t } }", INVALID),
    "fragments of one name": asked(
        "{ ...f } fragment f on Query { __typename } fragment f on Query { __typename }", INVALID
    ),
    "a fragment that is not there": asked("{ ...nothing }", INVALID),
    "1,000 variables": asked(f"query ({' '.join(f'$v{n}: Int' for n in range(1_000))}) {{ __typename }}", INVALID),
    "lists in lists in lists": asked(
        "{ topics(first: 100) { nodes { answers(first: 100) { nodes { relatedAnswers(first: 20) { slug } } } } } }",
        COSTLY,
    ),
    "lists in lists by variables": asked(
        "query ($n: Int) { topics(first: $n) { nodes { answers(first: $n) { nodes { sources { citedBy(first: $n) "
        "{ nodes { id } } } } } } } }",
        COSTLY,
        variables={"n": 100},
    ),
    "the whole of everything": asked(
        "{ answers(first: 100) { nodes { disclaimers { text } translations { disclaimers { text } "
        "relatedAnswers(first: 20) { disclaimers { text } sections { body { html markdown text } } } } } } }",
        COSTLY,
    ),
}

SECRETS = {
    "__schema": asked("{ __schema { types { name } } }", "INTROSPECTION_DISABLED"),
    "__schema by an alias": asked("{ a: __schema { queryType { name } } }", "INTROSPECTION_DISABLED"),
    "__schema in a fragment": asked(
        "{ ...f } fragment f on Query { ... { __schema { types { name } } } }", "INTROSPECTION_DISABLED"
    ),
    "__schema without a selection": asked("{ __schema }", "INTROSPECTION_DISABLED"),
    "__type": asked('{ __type(name: "Answer") { name fields { name } } }', None),
    "__type by an alias": asked('{ x: __type(name: "Query") { fields { name type { name } } } }', None),
    "a field almost right": asked("{ anser }", INVALID),
    "an argument almost right": asked('{ topic(slag: "x") { id } }', INVALID),
    "a type almost right": asked("{ ... on Quary { __typename } }", INVALID),
    "an enum almost right": asked("{ answers(orderBy: { field: PUBLISHED, direction: ASC }) { totalCount } }", INVALID),
    "an input almost right": asked("{ answers(filter: { topic: [] }) { totalCount } }", INVALID),
    "an input almost right in a variable": asked(
        "query ($f: AnswerFilter) { answers(filter: $f) { totalCount } }", WRONG, variables={"f": {"topic": []}}
    ),
    "an enum almost right in a variable": asked(
        "query ($o: AnswerOrder!) { answers(orderBy: $o) { totalCount } }",
        WRONG,
        variables={"o": {"field": "PUBLISHED", "direction": "ASC"}},
    ),
    "a mutation": asked('mutation { retract(slug: "x") }', INVALID),
    "a Python attribute": asked("{ __class__ { __mro__ } }", INVALID),
    "content without its disclaimers": asked(
        f'{{ answer(slug: "{SLUG}") {{ body {{ text }} }} }}', "DISCLAIMER_REQUIRED"
    ),
    "content whose disclaimers are skipped": asked(
        f'query ($s: Boolean!) {{ answer(slug: "{SLUG}") {{ body {{ text }} disclaimers @skip(if: $s) {{ text }} }} }}',
        "DISCLAIMER_REQUIRED",
        variables={"s": True},
    ),
    "a subscription": asked("subscription { contentChanged { kind } }", "NOT_ACCEPTABLE", status=406),
    "a subscription with two fields": asked(
        "subscription { a: contentChanged { kind } contentChanged { kind } }", INVALID
    ),
    "@defer": asked("{ ... @defer { __typename } }", INVALID),
}

FAMILIES: dict[str, dict[str, Hostile]] = {
    "syntax": SYNTAX,
    "depths": DEPTHS,
    "floods": FLOODS,
    "secrets": SECRETS,
}

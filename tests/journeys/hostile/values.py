"""Arguments and variables that are wrong, or too much of one."""

from tests.journeys.hostile.sending import Hostile, asked, failed

WRONG, LARGE, INVALID, CURSOR = "BAD_USER_INPUT", "VALUE_TOO_LARGE", "GRAPHQL_VALIDATION_FAILED", "CURSOR_INVALID"
DIGITS = "9" * 5_000
LISTS = {
    "answers": "{ answers(%s) { totalCount nodes { slug } } }",
    "topics": "{ topics(%s) { totalCount nodes { slug } } }",
    "sources": "{ sources(%s) { totalCount nodes { id } } }",
    "search": '{ search(query: "leukemia", %s) { totalCount } }',
    "answers of a topic": '{ topic(slug: "leukemia") { answers(%s) { totalCount nodes { slug } } } }',
    "answers of sources": "{ sources { nodes { citedBy(%s) { nodes { slug } } } } }",
    "changes": "{ changes(%s) { cursor } }",
}
CURSORS = ("", "x", "null", "MTIz", "////", "=", "💊", "' or 1=1 --", "a" * 9_000)


def _bad_cursors(name: str, query: str) -> dict[str, Hostile]:
    argument = "since" if name == "changes" else "after"
    return {f"{name}, {cursor[:12]!r}": failed(query % f'{argument}: "{cursor}"', CURSOR) for cursor in CURSORS} | {
        f"{name}, a NUL": asked(query % rf'{argument}: "\u0000"', WRONG)
    }


CURSORS_OF_LISTS = {key: case for name, query in LISTS.items() for key, case in _bad_cursors(name, query).items()} | {
    "a number": asked("{ answers(after: 5) { totalCount } }", INVALID),
    "a list": asked('{ answers(after: ["x"]) { totalCount } }', INVALID),
    "before": failed('{ answers(last: 1, before: "x") { totalCount } }', CURSOR),
    "in a variable": failed("query ($c: String) { topics(after: $c) { totalCount } }", CURSOR, variables={"c": "\n"}),
}

SIZES_OF_LISTS = {
    **{
        f"{name}, {argument}": failed(query % argument, WRONG)
        for name, query in LISTS.items()
        for argument in (
            ("first: -1", "first: 100000")
            if name in ("search", "changes")
            else ("first: -1", "first: 101", "last: -2147483648", "first: 1, last: 1")
        )
    },
    "an integer beyond 32 bits": asked("{ answers(first: 2147483648) { totalCount } }", INVALID),
    "an integer of 5,000 digits": asked(f"{{ answers(first: {DIGITS}) {{ totalCount }} }}", LARGE),
    "a negative integer of 5,000 digits": asked(f"{{ answers(first: -{DIGITS}) {{ totalCount }} }}", LARGE),
    "a float of 5,000 digits": asked(f"{{ answers(first: 1.{DIGITS}) {{ totalCount }} }}", LARGE),
    "a float of a great exponent": asked("{ answers(first: 1e999999) { totalCount } }", INVALID),
    "a float": asked("{ answers(first: 1.5) { totalCount } }", INVALID),
    "a string": asked('{ answers(first: "1") { totalCount } }', INVALID),
    **{
        f"a variable that is {str(value)[:12]!r}": asked(
            "query ($n: Int) { answers(first: $n) { totalCount } }", WRONG, variables={"n": value}
        )
        for value in (2**31, -(2**63), 2**64, 10**300, 1.5, 1e300, "1", "", True, [1], {}, [[]])
    },
    "null for what is not null": asked("{ changes(first: null) { cursor } }", INVALID),
    "a variable that is missing": asked("query ($q: String!) { search(query: $q) { totalCount } }", WRONG),
}

IDS = {
    **{
        f"node, {node_id[:12]!r}": asked(f'{{ node(id: "{node_id}") {{ id }} }}', None)
        for node_id in ("", "x", "QW5zd2VyOjE", "Answer:1", "../../etc/passwd", "💊", "' or 1=1 --", "a" * 9_000, "%00")
    },
    "a number for an id": asked("{ node(id: 1) { id } }", None),
    "a number of 300 digits for an id": asked(f"{{ node(id: {'9' * 300}) {{ id }} }}", None),
    "a float for an id": asked("{ node(id: 1.5) { id } }", INVALID),
    "true for an id": asked("{ node(id: true) { id } }", INVALID),
    "a list for an id": asked('{ node(id: ["a"]) { id } }', INVALID),
    "an id of 20,000 characters": asked(f'{{ node(id: "{"a" * 20_000}") {{ id }} }}', LARGE),
    "an id with a NUL": asked(r'{ node(id: "a\u0000b") { id } }', WRONG),
    "101 ids": failed("query ($i: [ID!]!) { nodes(ids: $i) { id } }", WRONG, variables={"i": ["x"] * 101}),
    "ids with null": asked("query ($i: [ID!]!) { nodes(ids: $i) { id } }", WRONG, variables={"i": [None]}),
    "ids of all kinds": asked(
        "query ($i: [ID!]!) { nodes(ids: $i) { id } }", WRONG, variables={"i": [1, "x", {}, [], True]}
    ),
    "5,000 ids": asked("query ($i: [ID!]!) { nodes(ids: $i) { id } }", LARGE, variables={"i": ["x"] * 5_000}),
    "an unknown kind of node": asked('{ node(id: "x") { ... on Nothing { id } } }', INVALID),
}

TEXTS = {
    **{
        f"a NUL in {what}": asked(query, WRONG, variables={"t": "a\0b"})
        for what, query in (
            ("a slug", "query ($t: String!) { answer(slug: $t) { slug } }"),
            ("the slug of a topic", "query ($t: String!) { topic(slug: $t) { slug } }"),
            ("a search", "query ($t: String!) { search(query: $t) { totalCount } }"),
            ("a cursor", "query ($t: String!) { answers(after: $t) { totalCount } }"),
            ("a locale", 'query ($t: LanguageTag) { answer(slug: "x", locale: $t) { slug } }'),
            ("a filter", "query ($t: String!) { answers(filter: { topics: [$t] }) { totalCount } }"),
            ("a publisher", "query ($t: String!) { sources(filter: { publishers: [$t] }) { totalCount } }"),
            ("an id", "query ($t: ID!) { node(id: $t) { id } }"),
        )
    },
    **{
        f"a search for {text[:16]!r}": asked(
            "query ($t: String!) { search(query: $t) { totalCount } }", None, variables={"t": text}
        )
        for text in (
            "",
            " ",
            '"',
            '"""',
            "-",
            "- -- ---",
            ":*",
            "!",
            "&|!()",
            "a & ! b",
            "'",
            "\\",
            "%",
            "_",
            "*" * 500,
            "a:b",
            "[a TO b]",
            "' or 1=1 --",
            "<script>",
            "💊" * 1_000,
            "\u202e\u200b\ufeff",
            "\uffff",
            "e" + "\u0301" * 5_000,
            "a " * 5_000,
            "-a " * 3_000,
            '"a b" ' * 1_500,
            "(" * 9_000,
            "NEAR/9",
            "ß" * 3_000,
            "\n\r\t\v",
        )
    },
    "a search of 20,000 characters": asked(
        "query ($t: String!) { search(query: $t) { totalCount } }", LARGE, variables={"t": "a" * 20_000}
    ),
    "a slug of 500,000 characters": asked(
        "query ($t: String!) { answer(slug: $t) { slug } }", LARGE, variables={"t": "a" * 500_000}
    ),
    "a slug of a path": asked('{ answer(slug: "../../../etc/passwd") { slug } }', None),
    "a slug of SQL": asked('{ answer(slug: "x\'; drop table answer; --") { slug } }', None),
}

SCALARS = {
    **{
        f"the locale {tag[:16]!r}": asked(
            'query ($l: LanguageTag) { answer(slug: "x", locale: $l) { slug } }', WRONG, variables={"l": tag}
        )
        for tag in ("", "-", "e", "english language", "en_US_POSIX_", "x" * 65, "💊", "en-" * 300, "../en", "en\n")
    },
    "a locale that is a number": asked('{ answer(slug: "x", locale: 5) { slug } }', WRONG),
    **{
        f"the moment {moment[:24]!r}": asked(
            "query ($d: DateTime) { answers(filter: { publishedAfter: $d }) { totalCount } }",
            WRONG,
            variables={"d": moment},
        )
        for moment in (
            "",
            "now",
            "2026-13-01T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59-23:59",
            "0001-01-01T00:00:00+23:59",
            "2026-05-15",
            "2026-05-15T00:00:00",
            "٢٠٢٦-٠٥-١٥T00:00:00Z",
            "9" * 9_000,
        )
    },
    "a moment that is a number": asked("{ answers(filter: { publishedAfter: 0 }) { totalCount } }", WRONG),
    "an unknown type of variable": asked("query ($a: Nothing) { __typename }", INVALID),
    "an output for an input": asked("query ($a: Answer) { __typename }", INVALID),
    "a list of 5,000": asked(
        "query ($t: [String!]) { answers(filter: { topics: $t }) { totalCount } }",
        LARGE,
        variables={"t": ["x"] * 5_000},
    ),
    "a filter of 101": failed(
        "query ($t: [String!]) { answers(filter: { topics: $t }) { totalCount } }", WRONG, variables={"t": ["x"] * 101}
    ),
    "a list of 5,000 in the document": asked(
        f"{{ answers(filter: {{ topics: [{'1 ' * 4_900}] }}) {{ totalCount }} }}", LARGE
    ),
    "10,000 variables that nobody asked for": asked(
        "{ __typename }", None, variables={f"v{n}": n for n in range(10_000)}
    ),
    "a variable for a variable": asked(
        "query ($a: Int = $b, $b: Int) { answers(first: $a) { totalCount } }", "GRAPHQL_PARSE_FAILED"
    ),
    "an unknown field in a variable of 5,000": asked(
        "query ($f: AnswerFilter) { answers(filter: $f) { totalCount } }",
        LARGE,
        variables={"f": {f"a{n}": 1 for n in range(5_000)}},
    ),
}

FAMILIES: dict[str, dict[str, Hostile]] = {
    "cursors": CURSORS_OF_LISTS,
    "sizes of lists": SIZES_OF_LISTS,
    "ids": IDS,
    "texts": TEXTS,
    "scalars": SCALARS,
}

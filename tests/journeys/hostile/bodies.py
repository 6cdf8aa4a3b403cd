"""Bodies that are no request, or too much of one."""

import gzip
import json

from tests.journeys.hostile.sending import SLUG, Hostile, asked, body, sent

OK = '{"query": "{ __typename }"%s}'
MANY = 5_000

FORMS = {
    "nothing": body(b""),
    "spaces": body(b"  \r\n "),
    "null": sent(None),
    "true": sent(True),
    "a number": sent(5),
    "a string": sent("{ __typename }"),
    "an empty object": sent({}),
    "an empty list": sent([]),
    "a batch": sent([{"query": "{ __typename }"}] * 2),
    "a batch of 10,000": sent([{"query": "{ __typename }"}] * 10_000),
    "a document without JSON": body(b"{ __typename }"),
    "two objects": body(b'{"query": "{ __typename }"} {"query": "{ __typename }"}'),
    "JSON cut off": body(b'{"query": "{ __typename }'),
    "a trailing comma": body(b'{"query": "{ __typename }",}'),
    "single quotes": body(b"{'query': '{ __typename }'}"),
    "a byte order mark": body(b"\xef\xbb\xbf" + (OK % "").encode()),
    "a raw line break in a string": body(b'{"query": "{ __typename\n}"}'),
    "a raw NUL in a string": body(b'{"query": "{ __typename \0}"}'),
    "NUL bytes alone": body(bytes(100)),
    "NaN": body((OK % ', "variables": {"n": NaN}').encode()),
    "Infinity": body((OK % ', "variables": {"n": -Infinity}').encode()),
    "a float beyond all floats": body((OK % ', "variables": {"n": 1e999999}').encode()),
    "an integer of 5,000 digits": body((OK % f', "variables": {{"n": {"9" * MANY}}}').encode()),
    "an integer of 5,000 digits alone": body(b"9" * MANY),
    "an integer of 300 digits": body((OK % f', "variables": {{"n": {"9" * 300}}}').encode(), 200, None),
    "an integer of 5,000 digits in extensions": body((OK % f', "extensions": {{"n": {"9" * MANY}}}').encode()),
    "duplicate keys": body(b'{"query": "{ nothing }", "query": "{ __typename }"}', 200, None),
    "a prototype": body((OK % ', "__proto__": {"admin": true}').encode(), 200, None),
    "10,000 keys": sent({"query": "{ __typename }"} | {f"key{n}": n for n in range(10_000)}, 200, None),
}

ENCODINGS = {
    "bytes that are not UTF-8": body(b'{"query": "{ __typename } # \xff\xfe"}'),
    "overlong UTF-8": body(b'{"query": "{ __typename } # \xc0\xaf"}'),
    "UTF-8 of a surrogate": body(b'{"query": "{ __typename } # \xed\xa0\x80"}'),
    "UTF-8 cut off": body(b'{"query": "{ __typename } # \xe2\x82"}'),
    "UTF-16": body((OK % "").encode("utf-16")),
    "UTF-32": body((OK % "").encode("utf-32")),
    "a lone surrogate in the query": sent({"query": "{ __typename } # \ud800"}),
    "a lone surrogate in a literal": sent({"query": '{ topic(slug: "\udfff") { id } }'}),
    "a lone surrogate in operationName": sent({"query": "query A { __typename }", "operationName": "\ud800"}),
    "a lone surrogate in a variable": sent({"query": "{ __typename }", "variables": {"a": "\ud800"}}),
    "a lone surrogate in a name of a variable": sent({"query": "{ __typename }", "variables": {"\udc00": 1}}),
    "a lone surrogate in extensions": sent({"query": "{ __typename }", "extensions": {"a": ["\ud800"]}}),
    "a lone surrogate in an unknown key": sent({"query": "{ __typename }", "\ud800": "\ud800"}),
    "surrogates the wrong way round": sent({"query": "{ __typename }", "variables": {"a": "\udc00\ud800"}}),
    "a surrogate escaped in GraphQL": asked(r'{ topic(slug: "\ud800") { id } }', "GRAPHQL_PARSE_FAILED"),
    "a surrogate in GraphQL's braces": asked(r'{ topic(slug: "\u{d800}") { id } }', "GRAPHQL_PARSE_FAILED"),
    "a code point beyond Unicode": asked(r'{ topic(slug: "\u{110000}") { id } }', "GRAPHQL_PARSE_FAILED"),
    "an escape cut off": body(b'{"query": "{ __typename } \\u12"}'),
}

PARAMETERS = {
    **{
        f"query is {json.dumps(value)}": sent({"query": value})
        for value in (None, 0, 1.5, True, [], ["{ __typename }"], {}, {"a": 1})
    },
    **{
        f"{name} is {json.dumps(value)}": sent({"query": "{ __typename }", name: value})
        for name in ("variables", "extensions")
        for value in (1, True, "", "{}", [], [1])
    },
    **{
        f"operationName is {json.dumps(value)}": sent({"query": "{ __typename }", "operationName": value})
        for value in (1, False, [], {})
    },
    "an empty query": asked("", "GRAPHQL_PARSE_FAILED"),
    "a query of spaces": asked(" \n\t,,, ", "GRAPHQL_PARSE_FAILED"),
    "a query of comments": asked("# nothing\n" * 1_000, "GRAPHQL_PARSE_FAILED"),
    "an operation that is not there": asked("query A { __typename }", "OPERATION_NOT_FOUND", operationName="B"),
    "two operations and no name": asked("query A { __typename } query B { __typename }", "OPERATION_NOT_FOUND"),
    "a name of 500,000 characters": asked("{ __typename }", "OPERATION_NOT_FOUND", operationName="a" * 500_000),
    "a NUL in operationName": asked("{ __typename }", "OPERATION_NOT_FOUND", operationName="\0"),
}

SIZES = {
    "10 MB": body(b" " * 10_000_000, 413, "BODY_TOO_LARGE"),
    "10 MB of a query": sent({"query": "{ __typename }" + " " * 10_000_000}, 413, "BODY_TOO_LARGE"),
    "1 MB of spaces": sent({"query": "{ __typename }" + " " * 1_000_000}, 200, None),
    "10 MB of a variable": sent(
        {"query": "{ __typename }", "variables": {"a": "a" * 10_000_000}}, 413, "BODY_TOO_LARGE"
    ),
    "an object of 100,000 levels": body(b'{"query": ' * 100_000, 400, "JSON_TOO_DEEP"),
    "a list of 500,000 levels": body(b"[" * 500_000, 400, "JSON_TOO_DEEP"),
    "500,000 closing brackets": body(b"]" * 500_000),
    "variables of 1,000 levels": body(
        (OK % f', "variables": {{"a": {"[" * 1_000}{"]" * 1_000}}}').encode(), 400, "JSON_TOO_DEEP"
    ),
    "300,000 brackets in a string": sent({"query": "{ __typename }", "extensions": {"a": "[{" * 150_000}}, 200, None),
    "a quote that never ends behind brackets": body(b'{"query": "' + b"[\\" * 200_000, 400, "JSON_TOO_DEEP"),
    "gzip": body(gzip.compress((OK % "").encode()), 415, "UNSUPPORTED_MEDIA_TYPE", content_encoding="gzip"),
    "a bomb of gzip": body(gzip.compress(bytes(10_000_000)), 415, "UNSUPPORTED_MEDIA_TYPE", content_encoding="gzip"),
    "brotli": body(b"\x0b\x02\x80", 415, "UNSUPPORTED_MEDIA_TYPE", content_encoding="br"),
    "gzip that is not said": body(gzip.compress((OK % "").encode())),
}

ANSWER = f'{{"query": "{{ answer(slug: \\"{SLUG}\\") {{ slug }} }}"}}'.encode()
_FORM = "multipart/form-data; boundary=x"
_PARTS = b'--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n' + ANSWER + b"\r\n--x--\r\n"

MEDIA_TYPES = {
    f"{media_type or 'none'}": body(data, 415, "UNSUPPORTED_MEDIA_TYPE", content_type=media_type)
    for media_type, data in (
        ("text/plain", ANSWER),
        ("text/plain;application/json", ANSWER),
        ("application/graphql", b"{ __typename }"),
        ("application/graphql+json", ANSWER),
        ("application/x-www-form-urlencoded", b"query=%7B__typename%7D"),
        (_FORM, _PARTS),
        ("application/jsonp", ANSWER),
        ("application/json, text/plain", ANSWER),
        ("application/json; charset=utf-16", ANSWER),
        ("application/json; charset=latin-1", ANSWER),
        ("json", ANSWER),
        ("a" * 10_000, ANSWER),
        (";;;", ANSWER),
        ("", ANSWER),
    )
}

FAMILIES: dict[str, dict[str, Hostile]] = {
    "forms": FORMS,
    "encodings": ENCODINGS,
    "parameters": PARAMETERS,
    "sizes": SIZES,
    "media types": MEDIA_TYPES,
}

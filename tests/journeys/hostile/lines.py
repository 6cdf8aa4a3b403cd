"""HTTP that is wrong, or too much of it."""

from tests.journeys.hostile.sending import GRAPHQL, Hostile, at, got, got_query, line, raw

OK = b'{"query": "{ __typename }"}'
_HEAD = b"POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n"
_CHUNKED = _HEAD + b"transfer-encoding: chunked\r\n\r\n"
TOO_LONG, TOO_LARGE = "URL_TOO_LONG", "HEADERS_TOO_LARGE"

METHODS = {
    **{
        method: at("/graphql", 405, "METHOD_NOT_ALLOWED", method=method)
        for method in ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "SEARCH", "PURGE")
    },
    "CONNECT": line(b"CONNECT 127.0.0.1:5432 HTTP/1.1\r\nhost: x\r\n\r\n"),
    "a method nobody knows": line(b"HACK /graphql HTTP/1.1\r\nhost: x\r\n\r\n"),
    "a method in lower case": line(b"post /graphql HTTP/1.1\r\nhost: x\r\n\r\n"),
    "POST to health": at("/healthz", 405, "METHOD_NOT_ALLOWED", method="POST"),
    "HEAD": got_query("{ __typename }", 200, None, method="HEAD"),
    "OPTIONS": at("/graphql", 204, None, method="OPTIONS"),
    "OPTIONS of all": at("*", 404, "NOT_FOUND", method="OPTIONS"),
    "a preflight of another origin": at(
        "/graphql", 204, None, method="OPTIONS", origin="https://evil.example", access_control_request_method="POST"
    ),
    "a mutation over GET": got_query("mutation { a }", 400, "GRAPHQL_VALIDATION_FAILED"),
    "a subscription over GET": got_query("subscription { contentChanged { kind } }", 406, "NOT_ACCEPTABLE"),
}

PATHS = {
    path: at(path)
    for path in (
        "/",
        "/graphql/",
        "/graphql/../graphql",
        "//graphql",
        "/GraphQL",
        "/graphql;x=1",
        "/graphql%00",
        "/graphql%2f",
        "/../../../../etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/.git/config",
        "/.env",
        "/graphiql",
        "/playground",
        "/docs",
        "/openapi.json",
        "/static/../server/cli.py",
        "/healthz/",
        "/%ff%fe",
        "/%zz",
        "/%",
        "/%u0000",
        "/" + "a" * 8_000,
        "/" + "../" * 2_000,
    )
} | {
    "/graph%71l": at("/graph%71l", 400, "BAD_REQUEST"),
    "another server": at("http://evil.example/", 404, "NOT_FOUND"),
    "a fragment": at("/#graphql"),
}

URLS = {
    "no query": got(""),
    "an empty query": got("query=", 400, "GRAPHQL_PARSE_FAILED"),
    "query twice": got("query=%7B__typename%7D&query=%7B__typename%7D"),
    "bytes that are not UTF-8": got("query=%ff%fe"),
    "raw bytes that are not ASCII": got("query=\xff\xfe"),
    "UTF-8 of a surrogate": got("query=%ED%A0%80"),
    "percent signs": got("query=%", 400, "GRAPHQL_PARSE_FAILED"),
    "percent junk": got("query=%zz%7B%", 400, "GRAPHQL_PARSE_FAILED"),
    "a NUL": got("query=%7B__typename%7D%00", 400, "GRAPHQL_PARSE_FAILED"),
    "variables that are not JSON": got("query=%7B__typename%7D&variables=x"),
    "variables that are a list": got("query=%7B__typename%7D&variables=[]"),
    "variables that nest": got("query=%7B__typename%7D&variables=" + "[" * 5_000, 400, "JSON_TOO_DEEP"),
    "variables of a lone surrogate": got('query=%7B__typename%7D&variables={"a":"%5Cud800"}'),
    "extensions that are not JSON": got("query=%7B__typename%7D&extensions=1,"),
    "500 parameters": got("query=%7B__typename%7D" + "&a=1" * 500),
    "ampersands": got("&" * 1_000),
    "a URL of 20,000 characters": got("query=%7B__typename%7D&a=" + "a" * 20_000, 414, TOO_LONG),
    "a URL of 60,000 characters": got("a=" + "a" * 60_000, 414, TOO_LONG),
    "a URL of 1 MB": got("a=" + "a" * 1_000_000, 414, TOO_LONG),
    "a path of 60,000 characters": at("/" + "a" * 60_000, 414, TOO_LONG),
}

HEADERS = {
    "5,000 headers": line(
        b"POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"
        + b"".join(b"x-%d: a\r\n" % n for n in range(5_000))
        + b"\r\n",
        431,
        TOO_LARGE,
    ),
    "a header of 40,000 characters": at("/graphql", 431, TOO_LARGE, method="POST", x="a" * 40_000),
    "a header of 1 MB": at("/graphql", 431, TOO_LARGE, method="POST", x="a" * 1_000_000),
    "a name of 40,000 characters": at("/graphql", 431, TOO_LARGE, method="POST", **{"a" * 40_000: "x"}),
    "a header without a colon": line(b"POST /graphql HTTP/1.1\r\nhost x\r\n\r\n"),
    "a header with a NUL": line(b"POST /graphql HTTP/1.1\r\nhost: x\r\nx: a\0b\r\n\r\n"),
    "a space before a colon": line(b"POST /graphql HTTP/1.1\r\nhost : x\r\n\r\n"),
    "a header that is folded": line(_HEAD + b"x: a\r\n b\r\ncontent-length: 27\r\n\r\n" + OK),
    "bytes that are not ASCII": line(
        raw("/graphql", body=OK, content_type="application/json", x="\xff\xfe"), 200, None
    ),
    "no accept that can be served": got("query=%7B__typename%7D", 406, "NOT_ACCEPTABLE", accept="image/png"),
    "an accept of junk": got("query=%7B__typename%7D", 406, "NOT_ACCEPTABLE", accept=";;q=,/,*/*;q=zz," * 500),
    "an accept of great qualities": got("query=%7B__typename%7D", 200, None, accept=f"{GRAPHQL};q={'9' * 5_000}"),
    "a quality of another script": got("query=%7B__typename%7D", 200, None, accept=f"{GRAPHQL};q=\xb2"),
    "an origin of junk": line(
        raw("/graphql", body=OK, content_type="application/json", origin="http://[::1"), 200, None
    ),
    "a proxy's word": line(
        raw("/graphql", body=OK, content_type="application/json", x_forwarded_for="a" * 999), 200, None
    ),
    "two hosts": line(_HEAD + b"host: y\r\ncontent-length: 27\r\n\r\n" + OK),
    "no host": line(
        b"POST /graphql HTTP/1.1\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 27\r\n\r\n"
        + OK
    ),
}

FRAMING = {
    "bytes of noise": line(bytes(range(256)) * 4),
    "line breaks alone": line(b"\r\n\r\n\r\nX"),
    "TLS": line(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500)),
    "HTTP/2": line(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "HTTP/0.9": line(b"GET /graphql\r\n\r\n"),
    "HTTP/1.0": line(
        b"POST /graphql HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: 27\r\n\r\n" + OK, 200, None
    ),
    "HTTP/9.9": line(b"POST /graphql HTTP/9.9\r\nhost: x\r\n\r\n"),
    "SMTP": line(b"EHLO localhost\r\n"),
    "chunks": line(_CHUNKED + b"1b\r\n" + OK + b"\r\n0\r\n\r\n", 200, None),
    "chunks of one byte": line(_CHUNKED + b"".join(b"1\r\n%c\r\n" % byte for byte in OK) + b"0\r\n\r\n", 200, None),
    "10 MB of chunks": line(_CHUNKED + (b"10000\r\n" + b" " * 65_536 + b"\r\n") * 160, 413, "BODY_TOO_LARGE"),
    "a chunk that says too little": line(_CHUNKED + b"5\r\n" + OK + b"\r\n0\r\n\r\n"),
    "a chunk of a size that is none": line(_CHUNKED + b"zz\r\n" + OK + b"\r\n0\r\n\r\n"),
    "a chunk of a negative size": line(_CHUNKED + b"-5\r\n" + OK + b"\r\n0\r\n\r\n"),
    "a chunk of a monstrous size": line(_CHUNKED + b"f" * 40 + b"\r\n" + OK),
    "an extension of a chunk": line(_CHUNKED + b"1b;" + b"a" * 9_000 + b"\r\n" + OK + b"\r\n0\r\n\r\n", 200, None),
    "an extension of a chunk of 1 MB": line(_CHUNKED + b"1b;" + b"a" * 1_000_000, 431, TOO_LARGE),
    "a key in a trailer": line(_CHUNKED + b"1b\r\n" + OK + b"\r\n0\r\nauthorization: x\r\n\r\n", 200, None),
    "a trailer of 1 MB": line(_CHUNKED + b"1b\r\n" + OK + b"\r\n0\r\nx: " + b"a" * 1_000_000, 431, TOO_LARGE),
    "200,000 trailers": line(_CHUNKED + b"1b\r\n" + OK + b"\r\n0\r\n" + b"a: b\r\n" * 200_000, 431, TOO_LARGE),
    "length and chunks": line(
        _HEAD + b"content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n1b\r\n" + OK + b"\r\n0\r\n\r\n"
    ),
    "two lengths": line(_HEAD + b"content-length: 27\r\ncontent-length: 28\r\n\r\n" + OK),
    "a length that is none": line(_HEAD + b"content-length: many\r\n\r\n" + OK),
    "a negative length": line(_HEAD + b"content-length: -1\r\n\r\n" + OK),
    "a length of 5,000 digits": line(_HEAD + b"content-length: " + b"9" * 5_000 + b"\r\n\r\n" + OK),
    "a length of 1 TB": line(_HEAD + b"content-length: 1000000000000\r\n\r\n" + OK, 413, "BODY_TOO_LARGE"),
    "a length too small": line(_HEAD + b"content-length: 10\r\n\r\n" + OK),
    "an unknown transfer encoding": line(_HEAD + b"transfer-encoding: gzip\r\n\r\n" + OK),
    "100-continue": line(_HEAD + b"expect: 100-continue\r\ncontent-length: 27\r\n\r\n" + OK, 200, None),
    "100-continue of 1 TB": line(
        _HEAD + b"expect: 100-continue\r\ncontent-length: 1000000000000\r\n\r\n", 413, "BODY_TOO_LARGE"
    ),
    "another expectation": line(_HEAD + b"expect: miracles\r\ncontent-length: 27\r\n\r\n" + OK, 200, None),
    "an upgrade to nothing": line(
        _HEAD + b"upgrade: x\r\nconnection: upgrade\r\ncontent-length: 27\r\n\r\n" + OK, 200, None
    ),
    "an upgrade to HTTP/2": line(
        b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close, upgrade, http2-settings\r\nupgrade: h2c\r\n"
        b"http2-settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n",
        200,
        None,
        method="GET",
    ),
    "two requests, the second of junk": line(
        raw("/graphql", body=OK, content_type="application/json", connection="keep-alive") + b"\0\1\2"
    ),
    "100 requests at once": line(
        raw("/healthz", method="GET", connection="keep-alive") * 100 + raw("/healthz", method="GET"),
        200,
        None,
        method="GET",
    ),
}

FAMILIES: dict[str, dict[str, Hostile]] = {
    "methods": METHODS,
    "paths": PATHS,
    "URLs": URLS,
    "headers": HEADERS,
    "framing": FRAMING,
}

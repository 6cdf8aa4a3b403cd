"""What callers may ask for: the numbers that `settings` reads, with their defaults."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What one caller can ask of the server; each is a whole number, set by `CAVEAT_` and its name."""

    max_url_bytes: int = 16_384
    """Length of a request's URL; a longer query goes in a POST."""

    max_header_bytes: int = 32_768
    """Length of all headers of a request together."""

    max_body_bytes: int = 1_048_576
    """Length of a request's body, and of a message on a socket."""

    max_json_depth: int = 64
    """How deep arrays and objects nest in a body, a message or a parameter of a URL."""

    max_tokens: int = 5_000
    """Lexical tokens of a document."""

    max_definitions: int = 100
    """Operations and fragments of a document."""

    max_aliases: int = 200
    """Aliased fields of a document, in fragments counted wherever they are spread."""

    max_fields: int = 3_000
    """Fields of an operation, in fragments counted wherever they are spread."""

    max_merges: int = 10_000
    """Pairs of fields of a document that ask for one name in one place, which validation compares."""

    max_directives: int = 500
    """Directives of a document."""

    max_variables: int = 3_000
    """Uses of variables in a document, in fragments counted wherever they are spread."""

    max_depth: int = 24
    """How deep fields nest in an operation."""

    max_cost: int = 50_000
    """Objects that an operation may give at most, lists multiplied; what is fetched counts as ten, a long text too."""

    max_value_characters: int = 10_000
    """Length of a string in an argument or a variable."""

    max_list_items: int = 1_000
    """Items of a list in an argument or a variable."""

    max_object_fields: int = 50
    """Fields of an object in an argument or a variable."""

    max_value_depth: int = 10
    """How deep lists and objects nest in an argument or a variable."""

    max_seconds: int = 10
    """Time for one operation, or for one event of a subscription."""

    max_request_seconds: int = 10
    """Time to send the headers of a request, and then its body."""

    max_operations_per_address: int = 256
    """Operations under way at once for one address, subscriptions left out."""

    max_streams_per_address: int = 256
    """Sockets and event streams open at once for one address."""

    max_subscriptions: int = 50
    """Operations under way at once on one socket."""

    max_stream_seconds: int = 3_600
    """Longest life of a socket or an event stream; clients connect again and resume."""

    max_stall_seconds: int = 30
    """How long a subscriber may leave what it was sent unread before it is told to resume from its cursor."""

    max_init_seconds: int = 3
    """Time for a socket to send `connection_init`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnonymousLimits:
    """What a caller without a key may, address by address; each is set by `CAVEAT_ANONYMOUS_` and its name."""

    requests_per_minute: int = 3_000
    """Requests in a minute."""

    cost_per_minute: int = 3_000_000
    """What its operations may cost together in a minute."""

    max_cost: int = 25_000
    """Objects that an operation may give at most, where that is less than `CAVEAT_MAX_COST`."""

    max_subscriptions: int = 100
    """Subscriptions under way at once, on all its sockets and event streams to one process."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientLimits:
    """What a client may that has no limit of its own; each is set by `CAVEAT_CLIENT_` and its name."""

    requests_per_minute: int = 60_000
    """Requests in a minute."""

    cost_per_minute: int = 60_000_000
    """What its operations may cost together in a minute."""

    max_subscriptions: int = 1_000
    """Subscriptions under way at once, on all its sockets and event streams to one process."""

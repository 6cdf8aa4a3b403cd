"""Results as JSON bytes."""

import json

import orjson


def encode(payload: object) -> bytes:
    """JSON in UTF-8, whatever the payload holds: integers of any size, and no lone surrogates."""
    try:
        return orjson.dumps(payload)
    except TypeError:
        return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


class Written:
    """The data of a result, written once however often they are sent."""

    __slots__ = ("body",)

    def __init__(self, data: object) -> None:
        self.body = bytes(memoryview(encode({"data": data})))  # a copy: orjson's own bytes hold on to its larger buffer
        """The response that holds them and nothing else."""

    @property
    def embedded(self) -> orjson.Fragment:
        """The data as a part of what `encode` writes."""
        return orjson.Fragment(self.body[len(b'{"data":') : -1])

    def extended(self, extensions: object) -> bytes:
        """The response that holds extensions beside them."""
        return b'%b,"extensions":%b}' % (self.body[:-1], encode(extensions))

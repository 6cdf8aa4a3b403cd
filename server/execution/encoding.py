"""Results as JSON bytes."""

import json
import sys
from collections.abc import Callable
from itertools import count

import orjson

_numbers = count()


def encode(payload: object) -> bytes:
    """JSON in UTF-8, whatever the payload holds: integers of any size, and no lone surrogates."""
    try:
        return orjson.dumps(payload)
    except TypeError:
        return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


class Written:
    """The data of a result, written once however often they are sent."""

    __slots__ = ("_forms", "body", "number", "on_growth")

    def __init__(self, data: object, *, is_fleeting: bool = False) -> None:
        body = encode({"data": data})
        self.body = body if is_fleeting else bytes(memoryview(body))  # orjson's bytes hold on to their larger buffer
        """The response that holds them and nothing else; a copy, but of what is sent once."""
        self.number = next(_numbers)
        """That no other one of this process has."""
        self._forms: dict[str, object] = {}
        self.on_growth: Callable[[Written], None] | None = None
        """Who is told when it takes more memory than before; must not fail."""

    @property
    def size(self) -> int:
        """How many bytes the body takes, and all that is kept beside it."""
        return len(self.body) + sum(map(sys.getsizeof, self._forms.values()))

    def form(self, name: str) -> object | None:
        """What was made of the body under a name, by whoever sends it."""
        return self._forms.get(name)

    def keep_form(self, name: str, form: object) -> None:
        """Keeps something that was made of the body, beside it, so that it is made once."""
        self._forms[name] = form
        if self.on_growth is not None:
            self.on_growth(self)

    @property
    def embedded(self) -> orjson.Fragment:
        """The data as a part of what `encode` writes."""
        return orjson.Fragment(self.body[len(b'{"data":') : -1])

    def extended(self, extensions: object) -> bytes:
        """The response that holds extensions beside them."""
        return b'%b,"extensions":%b}' % (self.body[:-1], encode(extensions))

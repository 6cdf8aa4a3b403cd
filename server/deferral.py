"""What few runs need is loaded by those alone that do: by its place, `module:name`, which a test of the house looks up.

So there is one way to import our own late, and no import inside a function; an extra that may not be installed is
imported by the module that says so.
"""

import gc
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def load(place: str) -> Any:  # noqa: ANN401 - whoever asks knows its type
    """What stands at a place; its module is loaded where it is not yet."""
    module, _, name = place.partition(":")
    if module not in sys.modules:
        with _uncollected():
            importlib.import_module(module)
    return getattr(sys.modules[module], name)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Leaves what is made meanwhile out of all collections of garbage, now and later.

    Code is hardly any garbage, and stays: to look at all of it again and again took a quarter of the start.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()

"""The day, which reviews, receipts and all that is kept go by."""

import datetime
import time
from functools import lru_cache

_SECONDS = 86_400
_EPOCH = datetime.date(1970, 1, 1)


def today() -> datetime.date:
    """The day, in UTC."""
    return _day(int(time.time()) // _SECONDS)


@lru_cache(maxsize=2)
def _day(number: int) -> datetime.date:
    """The day of a number since the epoch: it is asked for several times by each request."""
    return _EPOCH + datetime.timedelta(days=number)

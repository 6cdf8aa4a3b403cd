"""Cursors of the feed: a place in the outbox as a client keeps it.

A place counts whatever happens. So a confined client gets it sealed: it can read nothing from a cursor and make none
up, and equal places are sealed to equal cursors (AES-SIV, RFC 5297). Nor does its cursor move with what lies beyond its
bounds: one that has been told everything keeps it until the next day, of whose beginning everyone gets another one.
"""

import base64
import binascii
import datetime
import struct
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from server.content.pages import cursor_list, decode_cursor, encode_cursor
from server.content.reads.entries import Place
from server.content.reads.looking import LAST_ID
from server.content.reads.sight import Sight
from server.errors.requests import CursorExpiredError, CursorInvalidError

_LIST, _SEALED = "changes", "changes-sealed"
_NO_CURSOR = "`since` is not a cursor of changes: start again without it."
_PLACE = struct.Struct(">q16sI8s")
"""Position, answer's id, ordinal of the day, and the name of the bounds: as long wherever the place is."""


class Cursors:
    """The cursors of an audience that sees everything."""

    def cursor(self, place: Place) -> str:
        """The place as the client keeps it."""
        return encode_cursor(_LIST, place.position, str(place.answer_id))

    def place(self, since: str | None) -> Place:
        """The place that a cursor names, the beginning without one.

        Raises CursorInvalidError, and CursorExpiredError for one that was given within other bounds.
        """
        if since is None:
            return Place()
        if cursor_list(since) == _SEALED:
            raise CursorExpiredError
        try:
            position, identity = decode_cursor("since", since, list_name=_LIST)
            return Place(position=int(position), answer_id=UUID(str(identity)))
        except CursorInvalidError:
            raise
        except ValueError:
            raise CursorInvalidError(_NO_CURSOR) from None

    def rest(self, *, head: int, told: Place) -> Place:  # noqa: ARG002 - what was told is of no concern here
        """Where the client goes on that has been told everything, up to the head of the outbox."""
        return Place(position=head, answer_id=LAST_ID)


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedCursors(Cursors):
    """Those of a confined one."""

    bounds: bytes
    """Eight bytes that name them."""
    key: bytes = field(repr=False)
    day: datetime.date
    """The latest day that was turned."""
    day_position: int
    """The head of the outbox when it was."""

    def cursor(self, place: Place) -> str:
        """The place, sealed."""
        plain = _PLACE.pack(place.position, place.answer_id.bytes, place.day, self.bounds)
        return encode_cursor(_SEALED, base64.urlsafe_b64encode(AESSIV(self.key).encrypt(plain, None)).decode())

    def place(self, since: str | None) -> Place:
        """As for others; one that was not sealed here, or not at all, is none."""
        if since is None:
            return Place()
        if cursor_list(since) == _LIST:
            raise CursorExpiredError
        sealed = decode_cursor("since", since, list_name=_SEALED)
        try:
            (text,) = sealed
            plain = AESSIV(self.key).decrypt(base64.urlsafe_b64decode(str(text)), None)
        except (binascii.Error, InvalidTag, ValueError):
            raise CursorInvalidError(_NO_CURSOR) from None
        position, identity, day, bounds = _PLACE.unpack(plain)
        if bounds != self.bounds:
            raise CursorExpiredError
        return Place(position=position, answer_id=UUID(bytes=identity), day=day)

    def rest(self, *, head: int, told: Place) -> Place:  # noqa: ARG002 - the head tells of what lies beyond the bounds
        """The place that it was told of last, or that of the latest day's beginning."""
        return max(told, Place(position=self.day_position, answer_id=LAST_ID, day=self.day.toordinal()))


async def cursors_for(sight: Sight) -> Cursors:
    """The cursors of an audience's feed."""
    if not sight.bounds:
        return Cursors()
    (row,) = await sight.fetch("select cursor_key, day_position, reviews_until from outbox_horizon")
    return SealedCursors(
        bounds=bytes.fromhex(sight.bounds),
        key=row["cursor_key"],
        day=row["reviews_until"],
        day_position=row["day_position"],
    )

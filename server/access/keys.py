"""Keys: how they are made, written and compared. The secret part is never kept, logged or shown a second time."""

import hashlib
import hmac
import re
import secrets
import string
from dataclasses import dataclass, field
from typing import NamedTuple

_ALPHABET = string.ascii_letters + string.digits
_PUBLIC_LENGTH, _SECRET_LENGTH = 12, 36
_FORM = re.compile(rf"caveat_(pk|sk)_([A-Za-z0-9]{{{_PUBLIC_LENGTH}}})_([A-Za-z0-9]{{{_SECRET_LENGTH}}})", re.ASCII)
_LIKE_ONE = re.compile(rf"(caveat_\w{{2}}_\w{{{_PUBLIC_LENGTH}}}_)\w+", re.ASCII)

PUBLISHABLE, SECRET = "pk", "sk"


class Shown(NamedTuple):
    """A key that somebody showed, without its secret."""

    form: str
    public: str
    digest: bytes
    """Of the secret."""

    def opens(self, digest: bytes) -> bool:
        """Whether the digest is that of its secret, compared in constant time."""
        return hmac.compare_digest(self.digest, digest)


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """A key as its owner writes it, in its parts: `caveat_sk_<public>_<secret>`."""

    form: str
    """`pk` for one that sits in an app and is no secret, `sk` for one that is."""
    public: str
    """What it is found by, and may be shown."""
    secret: str = field(repr=False)

    @property
    def text(self) -> str:
        """The whole key, to be shown once."""
        return f"caveat_{self.form}_{self.public}_{self.secret}"

    @property
    def digest(self) -> bytes:
        """What is kept of the secret: SHA-256, which is enough for one of over 200 random bits."""
        return hashlib.sha256(self.secret.encode("ascii")).digest()

    @property
    def shown(self) -> Shown:
        """What is left of it where it is looked at."""
        return Shown(form=self.form, public=self.public, digest=self.digest)


def new_key(form: str) -> Key:
    """A key of chance."""
    return Key(form=form, public=_random(_PUBLIC_LENGTH), secret=_random(_SECRET_LENGTH))


def parse_key(text: str) -> Key | None:
    """The key that a text is; None where it has not the form of one."""
    found = _FORM.fullmatch(text)
    return None if found is None else Key(form=found[1], public=found[2], secret=found[3])


def shown_key(text: str) -> Shown | None:
    """The same without its secret."""
    key = parse_key(text)
    return key.shown if key else None


def without_secrets(text: str) -> str:
    """A text in which nothing is left of the secret of a key, should somebody have written one where none belongs."""
    return _LIKE_ONE.sub(r"\1…", text)


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))

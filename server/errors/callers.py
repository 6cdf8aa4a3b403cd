"""Who may not call, and from where."""

from server.errors.root import CaveatError


class UnauthenticatedError(CaveatError):
    """The key is not one of Caveat's: send it as `Authorization: Bearer caveat_…`, or none at all."""

    code = "KEY_INVALID"


class KeyRequiredError(UnauthenticatedError):
    """Only clients that are known are served here: send a key as `Authorization: Bearer caveat_…`."""

    code = "KEY_REQUIRED"


class KeyRevokedError(UnauthenticatedError):
    """The key was revoked: use the client's new one."""

    code = "KEY_REVOKED"


class KeyExpiredError(UnauthenticatedError):
    """The key has expired: use the client's new one."""

    code = "KEY_EXPIRED"


class OriginNotAllowedError(CaveatError):
    """Pages of this origin may not call."""

    code = "ORIGIN_NOT_ALLOWED"

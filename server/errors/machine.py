"""What the machine did, or how it was set up."""

from server.errors.root import CaveatError


class DatabaseUnavailableError(CaveatError):
    """The database can't be reached right now: try again in a few seconds."""

    code = "DATABASE_UNAVAILABLE"


class SearchNotReadyError(CaveatError):
    """The search index is still being built: try again in a few seconds."""

    code = "SEARCH_NOT_READY"


class SetupError(CaveatError):
    """Caveat can't start with these settings."""

    code = "SETUP"


class SchemaUnmarkedError(CaveatError):
    """The schema marks no field with `@requiresDisclaimer`, so nothing would be held back: check how it is built."""

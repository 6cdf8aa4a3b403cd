"""Parses documents, within the limit of their tokens."""

from graphql import DocumentNode, GraphQLSyntaxError
from graphql.language import Location, Token, TokenKind
from graphql.language.parser import Parser

from server.errors.limits import DocumentTooLongError, OperationTooDeepError
from server.errors.requests import ParseFailedError
from server.execution.faults import OperationRefusedError, explained
from server.limits import Limits

_NO_TOKEN = Token(TokenKind.SOF, 0, 0, 0, 0)


def parsed(text: str, limits: Limits) -> DocumentNode:
    """The document of a text; raises what is wrong with it."""
    try:
        return _Parser(text, max_tokens=limits.max_tokens).parse_document()
    except RecursionError:
        raise OperationTooDeepError from None
    except GraphQLSyntaxError as error:
        if "tokens. Parsing aborted" in error.message:
            raise DocumentTooLongError(f"A document has at most {limits.max_tokens} tokens.") from None
        if "nested too deeply" in error.message:
            raise OperationTooDeepError from None
        raise OperationRefusedError([explained(error, code=ParseFailedError.code)]) from None


class _Parser(Parser):
    """Keeps of each node where it stands, and not the tokens around it.

    Tokens hold one another, so that a document with them would be a quarter larger, and its memory free only after the
    collector has walked all documents that are kept.
    """

    def loc(self, start_token: Token) -> Location | None:
        """The place of a node that began at a token and ends here."""
        location = super().loc(start_token)
        if location is not None:
            location.start_token = location.end_token = _NO_TOKEN
        return location

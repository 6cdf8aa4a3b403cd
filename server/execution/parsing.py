"""Parses documents, within the limit of their tokens; what a document has in common with others, only if need be."""

from functools import partial

from graphql import DocumentNode, GraphQLSyntaxError, SelectionNode, SelectionSetNode, Source
from graphql.language import Location, Token, TokenKind
from graphql.language.parser import MAX_NESTING_DEPTH, Parser

from server.errors.limits import DocumentTooLongError, OperationTooDeepError
from server.errors.requests import ParseFailedError
from server.execution.braces import Braces
from server.execution.faults import OperationRefusedError, explained
from server.execution.passages import DEEPEST, LONGEST, Passage, PassageNode, Passages, leads_out
from server.limits import Limits

_NO_TOKEN = Token(TokenKind.SOF, 0, 0, 0, 0)


def parsed(text: str, limits: Limits, *, passages: Passages) -> DocumentNode:
    """The document of a text; raises what is wrong with it."""
    try:
        return _Parser(Source(text), passages, max_tokens=limits.max_tokens).parse_document()
    except RecursionError:
        raise OperationTooDeepError from None
    except GraphQLSyntaxError as error:
        if "tokens. Parsing aborted" in error.message:
            raise DocumentTooLongError(f"A document has at most {limits.max_tokens} tokens.") from None
        if "nested too deeply" in error.message:
            raise OperationTooDeepError from None
        raise OperationRefusedError([explained(error, code=ParseFailedError.code)]) from None


class _Parser(Parser):
    """Keeps of each node where it stands, and not the tokens around it; and passes over known passages.

    Tokens hold one another, so that a document with them would be a quarter larger, and its memory free only after the
    collector has walked all documents that are kept.
    """

    def __init__(self, source: Source, passages: Passages, *, start: int = 0, max_tokens: int | None = None) -> None:
        super().__init__(source, max_tokens=max_tokens)
        self._lexer.token = Token(TokenKind.SOF, start, start, 0, 0)
        self._passages = passages
        self._braces = Braces(source.body, start=start)
        self._consumed = self._deepest = 0
        """The tokens up to the last one, and the deepest nesting so far."""

    def parse_selections(self) -> tuple[SelectionNode, ...]:
        """The selections where it starts, whatever is known of them."""
        self.advance_lexer()
        return super().parse_selection_set().selections

    def parse_selection_set(self) -> SelectionSetNode:
        """A selection; a known passage is passed over, as its text says all that has to be known at first."""
        text = self._passage_text()
        if text is None:
            return super().parse_selection_set()
        known = self._passages.find(text)
        return self._pass_over(known) if known and self._has_room(known) else self._parse_passage(text)

    def advance_lexer(self) -> None:
        """Goes on to the next token, and lets go of the one before the last: none is left to the collector."""
        self._consumed = self._token_counter
        super().advance_lexer()
        self._lexer.last_token.prev = None

    def loc(self, start_token: Token) -> Location | None:
        """The place of a node that began at a token and ends here."""
        location = super().loc(start_token)
        if location is not None:
            location.start_token = location.end_token = _NO_TOKEN
        return location

    def _enter_nesting(self) -> None:
        super()._enter_nesting()
        self._deepest = max(self._deepest, self._nesting_depth)

    def _passage_text(self) -> str | None:
        """What may be a passage here: what an operation or a fragment itself selects is looked at in any case."""
        start = self._lexer.token.start
        end = self._braces.end(start, within=LONGEST) if 0 < self._nesting_depth < DEEPEST else None
        text = self._lexer.source.body[start:end] if end else None
        return None if text is None or leads_out(text) else text

    def _has_room(self, passage: Passage) -> bool:
        """Whether a passage keeps the limits here, as if it were parsed."""
        tokens = self._token_counter + passage.tokens - 1
        has_room = self._max_tokens is None or tokens <= self._max_tokens
        return has_room and self._nesting_depth + passage.depth <= MAX_NESTING_DEPTH

    def _pass_over(self, passage: Passage) -> SelectionSetNode:
        lexer, start = self._lexer, self._lexer.token
        end = start.start + len(passage.text)
        lexer.token = Token(TokenKind.BRACE_R, end - 1, end, 0, 0)
        self._token_counter += passage.tokens - 1
        self._deepest = max(self._deepest, self._nesting_depth + passage.depth)
        self.advance_lexer()
        read = partial(_selections_at, lexer.source, start.start, passages=self._passages)
        return PassageNode(loc=self.loc(start), passage=passage, read=read)

    def _parse_passage(self, text: str) -> SelectionSetNode:
        before, depth, outer = self._token_counter - 1, self._nesting_depth, self._deepest
        self._deepest = depth
        node = super().parse_selection_set()
        passage = Passage(text, tokens=self._consumed - before, depth=self._deepest - depth)
        self._deepest = max(self._deepest, outer)
        if passage.depth > DEEPEST or node.loc is None or node.loc.end - node.loc.start != len(text):
            return node
        self._passages.keep(text, passage, size=len(text))
        return PassageNode(loc=node.loc, selections=node.selections, passage=passage)


def _selections_at(source: Source, start: int, *, passages: Passages) -> tuple[SelectionNode, ...]:
    """The selections that stand at a place of a document that was parsed before."""
    return _Parser(source, passages, start=start).parse_selections()

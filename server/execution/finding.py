"""How the pipeline comes to the text of a request's document: by what it is given, or by what the request holds."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from server.errors.documents import DocumentNotFoundError, DocumentNotTrustedError
from server.errors.requests import BadRequestError
from server.execution.callers import Caller
from server.execution.operation import Request
from server.execution.texts import DocumentText

FindText: TypeAlias = Callable[[Request, Caller], Awaitable[DocumentText]]
"""Finds the text for a caller; raises a CaveatError where there is none, or none for that one."""


async def find_in_request(request: Request, caller: Caller) -> DocumentText:
    """The text that a request holds, where no documents are registered."""
    if caller.rights.is_bound:
        raise DocumentNotTrustedError
    if request.document_id is not None:
        raise DocumentNotFoundError
    return ad_hoc(request)


def ad_hoc(request: Request) -> DocumentText:
    """The text that a request holds; raises BadRequestError where it holds none."""
    if request.query is None:
        raise BadRequestError("`query` is missing: it holds the text of the operation, or `documentId` names it.")
    return DocumentText(text=request.query)

from dataclasses import replace

import pytest

from server.errors.root import CaveatError
from server.execution.callers import Rights
from server.execution.finding import find_in_request
from server.execution.operation import Request
from server.execution.texts import DocumentText
from tests.execution.shop import STRANGER


async def test_a_text_is_that_of_the_request():
    assert await find_in_request(Request(query="{ hello }"), STRANGER) == DocumentText(text="{ hello }")


@pytest.mark.parametrize(
    ("request_", "rights", "code"),
    [
        (Request(), Rights(), "BAD_REQUEST"),
        (Request(document_id="a"), Rights(), "DOCUMENT_NOT_FOUND"),
        (Request(query="{ hello }"), Rights(is_bound=True), "DOCUMENT_NOT_TRUSTED"),
        (Request(document_id="a", query="{ hello }"), Rights(is_bound=True), "DOCUMENT_NOT_TRUSTED"),
    ],
)
async def test_where_no_documents_are_registered_none_is_found(request_, rights, code):
    with pytest.raises(CaveatError) as caught:
        await find_in_request(request_, replace(STRANGER, rights=rights))

    assert caught.value.code == code

"""The messages of the protocol graphql-transport-ws, read strictly, and the codes that a socket closes with.

https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverWebSocket.md
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

from server.errors.requests import BadRequestError
from server.errors.root import CaveatError
from server.execution.encoding import encode
from server.execution.operation import Request
from server.limits import Limits
from server.web.reading import decode_json, request_of

PROTOCOL = "graphql-transport-ws"
_LONGEST_REASON = 123
"""RFC 6455, 5.5: a control frame holds 125 bytes, two of which are the code."""


class MessageType(StrEnum):
    """What a message is about."""

    CONNECTION_INIT = "connection_init"
    CONNECTION_ACK = "connection_ack"
    PING = "ping"
    PONG = "pong"
    SUBSCRIBE = "subscribe"
    NEXT = "next"
    ERROR = "error"
    COMPLETE = "complete"


class Close(IntEnum):
    """Why a socket is closed; clients come again after those below 4000."""

    GOING_AWAY = 1001
    SERVICE_RESTART = 1012
    TRY_AGAIN_LATER = 1013
    BAD_REQUEST = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    SUBPROTOCOL_NOT_ACCEPTABLE = 4406
    INITIALISATION_TIMEOUT = 4408
    SUBSCRIBER_EXISTS = 4409
    TOO_MANY_INITIALISATIONS = 4429


class ClosedError(Exception):
    """The socket has to be closed."""

    def __init__(self, code: Close, reason: str) -> None:
        self.code = code
        self.reason = reason.encode()[:_LONGEST_REASON].decode(errors="ignore")
        super().__init__(self.reason)


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientMessage:
    """A message that a client may send; `request` stands in `subscribe` alone."""

    type: MessageType
    id: str = ""
    payload: Mapping[str, Any] | None = None
    request: Request = field(default_factory=Request)


def read_message(text: str, limits: Limits) -> ClientMessage:
    """The message that a text frame holds; raises ClosedError for what the protocol does not know."""
    try:
        return _message(decode_json(text.encode(), limits, what="The message"))
    except CaveatError as error:
        raise ClosedError(Close.BAD_REQUEST, error.message) from error


def write_message(kind: MessageType, *, operation_id: str | None = None, payload: object = None) -> str:
    """A message as a text frame holds it, without what is None."""
    message: dict[str, object] = {"type": kind}
    if operation_id is not None:
        message["id"] = operation_id
    if payload is not None:
        message["payload"] = payload
    return encode(message).decode()


def _message(value: object) -> ClientMessage:
    if not isinstance(value, dict):
        raise BadRequestError("A message is a JSON object.")
    kind, payload = value.get("type"), value.get("payload")
    if kind in (MessageType.CONNECTION_INIT, MessageType.PING, MessageType.PONG):
        if payload is not None and not isinstance(payload, dict):
            raise BadRequestError(f"The payload of `{kind}` is an object, or left out.")
        return ClientMessage(type=MessageType(kind), payload=payload)
    if kind == MessageType.SUBSCRIBE:
        if not isinstance(payload, dict):
            raise BadRequestError("The payload of `subscribe` is an object.")
        return ClientMessage(type=MessageType.SUBSCRIBE, id=_id(value), request=request_of(payload))
    if kind == MessageType.COMPLETE:
        return ClientMessage(type=MessageType.COMPLETE, id=_id(value))
    raise BadRequestError("The message is of no type that a client sends.")


def _id(message: Mapping[str, object]) -> str:
    operation_id = message.get("id")
    if not isinstance(operation_id, str) or not operation_id:
        raise BadRequestError("The message has no `id`, which is a string.")
    return operation_id

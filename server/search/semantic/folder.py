"""A directory with a model of sentences: what of it there must be, and how texts are read and vectors made of it.

It is laid out as the library sentence-transformers lays out its models, with the weights exported to ONNX:

    model.onnx                  or onnx/model.onnx; weights that lie beside it in `model.onnx_data` are read too
    tokenizer.json
    1_Pooling/config.json       how words become one vector, the mean of them or the first; without it, the mean
    sentence_bert_config.json   `max_seq_length`, the tokens that are read of a text; without it, 256
"""

import hashlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Protocol, TypeVar

import msgspec

from server.errors.machine import SetupError

VARIABLE = "CAVEAT_SEMANTIC_MODEL"
PASSAGES = 2
"""Whoever changes what is embedded of an answer counts it up: all vectors are made anew."""
MOST_TOKENS = 256
MOST_DIMENSIONS = 2_000
"""So many pgvector's index takes."""

_WEIGHTS = ("model.onnx", "onnx/model.onnx")
_TOKENIZER, _POOLING, _LENGTH = "tokenizer.json", "1_Pooling/config.json", "sentence_bert_config.json"
_READ_AT_ONCE = 1 << 20


StructT = TypeVar("StructT", bound=msgspec.Struct)

Parts = tuple[str, ...]
"""A text in parts that weigh the same, however long they are."""


class Model(Protocol):
    """A model of sentences: texts that mean alike get vectors that are near each other."""

    @property
    def digest(self) -> str:
        """What tells it from every other model: vectors of two models say nothing of each other."""

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""

    def embed(self, texts: Sequence[Parts]) -> list[str]:
        """The vectors of texts, each of the length 1, as Postgres writes them: `[0.1,-0.2]`.

        That of a text in parts is the mean of theirs.
        """


class _Pooling(msgspec.Struct, frozen=True):
    pooling_mode_mean_tokens: bool = True
    pooling_mode_cls_token: bool = False


class _Length(msgspec.Struct, frozen=True):
    max_seq_length: int = MOST_TOKENS


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelFolder:
    """The files of a model, and how they are used."""

    weights: Path
    tokenizer: Path
    takes_first: bool
    """Whether a text's vector is that of its first token; the mean of all otherwise."""
    most_tokens: int

    def digest(self) -> str:
        """The SHA-256 of all that makes the vectors what they are."""
        found = hashlib.sha256(f"{PASSAGES} {self.takes_first} {self.most_tokens}".encode())
        for file in (self.weights, self.weights.with_name("model.onnx_data"), self.tokenizer):
            if file.exists():
                found.update(_digest_of(file))
        return found.hexdigest()


def find_model(folder: Path) -> ModelFolder:
    """The model in a directory; raises SetupError that says what is missing."""
    if not folder.is_dir():
        raise SetupError(f"{VARIABLE} is no directory: name one that holds `model.onnx` and `tokenizer.json`.")
    weights = _found(folder, _WEIGHTS)
    tokenizer = _found(folder, (_TOKENIZER,))
    pooling, length = _read(folder / _POOLING, _Pooling()), _read(folder / _LENGTH, _Length())
    if pooling.pooling_mode_mean_tokens == pooling.pooling_mode_cls_token:
        raise SetupError(f"{_POOLING} of {VARIABLE} asks for what Caveat has not: the mean of the tokens or the first.")
    return ModelFolder(
        weights=weights,
        tokenizer=tokenizer,
        takes_first=pooling.pooling_mode_cls_token,
        most_tokens=length.max_seq_length,
    )


def open_model(folder: Path, *, threads: int = 1) -> Model:
    """The model in a directory, ready to be used; raises SetupError where it can't be, or the extra is missing."""
    found = find_model(folder)
    module = _runner()
    model: Model = module.OnnxModel(found, threads=threads)
    if model.dimension > MOST_DIMENSIONS:
        raise SetupError(f"The vectors of {VARIABLE} are too long: choose a model of {MOST_DIMENSIONS} at most.")
    return model


def check_model(folder: Path) -> None:
    """Raises SetupError where `open_model` would miss a file or the extra: processes that are forked open it later."""
    find_model(folder)
    for name in ("numpy", "onnxruntime", "tokenizers"):
        if importlib.util.find_spec(name) is None:
            raise _missing(name)


def _runner() -> ModuleType:
    try:
        return importlib.import_module("server.search.semantic.model")
    except ModuleNotFoundError as error:
        raise _missing(error.name) from None


def _missing(name: str | None) -> SetupError:
    return SetupError(
        f"{VARIABLE} is set, and {name} is not installed:"
        " install Caveat with its extra `semantic`, or leave the variable out."
    )


def _digest_of(file: Path) -> bytes:
    found = hashlib.sha256()
    with file.open("rb") as opened:
        while part := opened.read(_READ_AT_ONCE):
            found.update(part)
    return found.digest()


def _found(folder: Path, names: Sequence[str]) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise SetupError(f"The directory of {VARIABLE} has no `{names[0]}`: README.md says how a model is laid out.")


def _read(file: Path, default: StructT) -> StructT:
    if not file.exists():
        return default
    try:
        return msgspec.json.decode(file.read_bytes(), type=type(default))
    except msgspec.DecodeError as error:
        raise SetupError(f"`{file.name}` of {VARIABLE} can't be read: {error}.") from None

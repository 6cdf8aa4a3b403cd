"""A model of sentences that a test makes itself: a table of words that mean the same, and nothing to download.

Its only node looks a word's vector up: that of its meaning, and nothing for a word that it does not know.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

MEANINGS = (
    ("asthma", "wheezing", "breathless"),
    ("fever", "temperature", "hot"),
    ("leukemia", "leukaemia", "neoplasm"),
    ("anemia", "anaemia", "pallor"),
    ("treated", "remedy", "therapy"),
    ("newborn", "infant"),
)
_FLOAT, _INT64 = 1, 7


def make_model(folder: Path, meanings: Sequence[Sequence[str]] = MEANINGS) -> Path:
    """Writes the model to a folder, laid out as sentence-transformers does."""
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "model.onnx").write_bytes(_model(meanings))
    pooling = {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False, "word_embedding_dimension": 1}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 64, "do_lower_case": false}')
    words = ["[UNK]", *[word for each in meanings for word in each]]
    tokenizer = Tokenizer(models.WordLevel({word: place for place, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def _model(meanings: Sequence[Sequence[str]]) -> bytes:
    """A graph of one `Gather`: https://onnx.ai/onnx/repo-docs/IR.html, in the encoding of protocol buffers."""
    places = [place for place, each in enumerate(meanings) for _ in each]
    table = np.zeros((len(places) + 1, len(meanings)), dtype=np.float32)
    table[range(1, len(places) + 1), places] = 1
    weights = b"".join([_number(1, size) for size in table.shape]) + _number(2, _FLOAT)
    weights += _field(8, b"table") + _field(9, table.tobytes())
    node = _field(1, b"table") + _field(1, b"input_ids") + _field(2, b"vectors") + _field(4, b"Gather")
    graph = _field(1, node) + _field(2, b"tiny") + _field(5, weights)
    graph += _field(11, _value(b"input_ids", _INT64, (b"texts", b"words")))
    graph += _field(12, _value(b"vectors", _FLOAT, (b"texts", b"words", b"numbers")))
    return _number(1, 8) + _field(7, graph) + _field(8, _field(1, b"") + _number(2, 13))


def _value(name: bytes, kind: int, sizes: Sequence[bytes]) -> bytes:
    shape = b"".join([_field(1, _field(2, size)) for size in sizes])
    return _field(1, name) + _field(2, _field(1, _number(1, kind) + _field(2, shape)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _field(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])

"""A model run by onnxruntime; the one module that imports it, loaded where a model is configured.

Its whole work is done without Python's lock, so that a thread which embeds leaves the event loop free.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from server.errors.machine import SetupError
from server.search.semantic.folder import VARIABLE, ModelFolder, Parts

AT_ONCE = 8
"""Parts of texts that are embedded together: of like length, so that hardly any is filled up, and memory is bounded."""

_SEVERE = 3
_INPUTS = {"input_ids", "attention_mask", "token_type_ids"}


class OnnxModel:
    """A model whose session and tokenizer are open; safe to use from several threads."""

    def __init__(self, folder: ModelFolder, *, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = _SEVERE
        # threads that wait for work would burn what the rest of the process needs
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # a peak of memory would be kept for good otherwise, by each process
        options.enable_cpu_mem_arena = False
        try:
            self._tokenizer = Tokenizer.from_file(str(folder.tokenizer))
            self._session = onnxruntime.InferenceSession(
                str(folder.weights), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # both libraries raise what they like
            raise SetupError(f"The model of {VARIABLE} can't be opened: {type(error).__name__}.") from error
        self._inputs = {each.name for each in self._session.get_inputs()}
        if not {"input_ids"} <= self._inputs <= _INPUTS:
            raise SetupError(f"The model of {VARIABLE} takes other inputs than `{'`, `'.join(sorted(_INPUTS))}`.")
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(folder.most_tokens)
        self._takes_first = folder.takes_first
        self._digest = folder.digest()
        self._dimension = int(self._embed_together([self._tokenizer.encode("a")]).shape[1])

    @property
    def digest(self) -> str:
        """As `Model.digest`."""
        return self._digest

    @property
    def dimension(self) -> int:
        """As `Model.dimension`."""
        return self._dimension

    def embed(self, texts: Sequence[Parts]) -> list[str]:
        """As `Model.embed`."""
        owners = np.repeat(np.arange(len(texts)), [len(parts) for parts in texts])
        sums = np.zeros((len(texts), self._dimension))
        np.add.at(sums, owners, self._embed_each([part for parts in texts for part in parts]))
        return ["[" + ",".join([f"{number:.6g}" for number in row]) + "]" for row in _of_length_one(sums).tolist()]

    def _embed_each(self, parts: Sequence[str]) -> Any:  # noqa: ANN401 - arrays of numpy
        encoded = [self._tokenizer.encode(part) for part in parts]
        order = sorted(range(len(encoded)), key=lambda place: len(encoded[place].ids))
        found = np.zeros((len(encoded), self._dimension))
        for start in range(0, len(order), AT_ONCE):
            places = order[start : start + AT_ONCE]
            found[places] = self._embed_together([encoded[place] for place in places])
        return found

    def _embed_together(self, encoded: Sequence[Any]) -> Any:  # noqa: ANN401 - arrays of numpy
        longest = max([len(each.ids) for each in encoded])
        ids, mask = np.zeros((2, len(encoded), longest), dtype=np.int64)
        for place, each in enumerate(encoded):
            ids[place, : len(each.ids)] = each.ids
            mask[place, : len(each.ids)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        output = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        return _of_length_one(self._pooled(output, mask))

    def _pooled(self, output: Any, mask: Any) -> Any:  # noqa: ANN401 - arrays of numpy
        """One vector for each text; a model that gives no more than that has done it itself."""
        if output.ndim == 2:
            return output
        if self._takes_first:
            return output[:, 0]
        weights = mask[:, :, None].astype(output.dtype)
        return (output * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)


def _of_length_one(rows: Any) -> Any:  # noqa: ANN401 - arrays of numpy
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)

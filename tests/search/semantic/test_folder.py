"""A model's directory: what is missing is said, and what it is makes the vectors what they are."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from server.errors.machine import SetupError
from server.search.semantic.folder import Model, check_model, find_model, open_model
from tests.search.semantic.tiny import MEANINGS, make_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_model(tmp_path / "model")


def test_a_directory_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(SetupError, match="CAVEAT_SEMANTIC_MODEL is no directory"):
        open_model(tmp_path / "none")


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_what_a_directory_lacks_is_named(folder: Path, name: str):
    (folder / name).unlink()
    with pytest.raises(SetupError, match=f"has no `{name}`"):
        check_model(folder)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_file_that_is_broken_is_refused(folder: Path, name: str):
    (folder / name).write_text("broken")
    with pytest.raises(SetupError, match="can't be opened"):
        open_model(folder)


def test_a_configuration_that_is_broken_is_refused(folder: Path):
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": "long"}')
    with pytest.raises(SetupError, match=r"`sentence_bert_config.json` of CAVEAT_SEMANTIC_MODEL can't be read"):
        find_model(folder)


def test_a_pooling_that_is_not_known_is_refused(folder: Path):
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_mean_tokens": false}')
    with pytest.raises(SetupError, match="the mean of the tokens or the first"):
        find_model(folder)


def test_without_the_extra_what_is_missing_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(sys.modules, "server.search.semantic.model", raising=False)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(SetupError, match="onnxruntime is not installed: install Caveat with its extra `semantic`"):
        open_model(folder)


def test_weights_may_lie_in_a_directory_of_their_own(folder: Path):
    (folder / "onnx").mkdir()
    (folder / "model.onnx").rename(folder / "onnx" / "model.onnx")
    assert open_model(folder).dimension == len(MEANINGS)


def test_vectors_are_of_length_one_and_near_for_what_means_the_same(tiny: Model):
    wheezing, asthma, fever, both = _vectors(tiny, "Wheezing", "It is asthma", "fever", "asthma and a fever")
    assert (wheezing @ asthma, wheezing @ fever) == pytest.approx((1, 0))
    assert both @ asthma == pytest.approx(0.5**0.5)


def test_a_text_of_unknown_words_is_near_to_nothing(tiny: Model):
    assert not _vectors(tiny, "carburettor")[0].any()
    assert not _vectors(tiny, "")[0].any()


def test_the_parts_of_a_text_weigh_the_same_however_long_they_are(tiny: Model):
    fever, parted, halved = tiny.embed([("fever",), ("fever", "asthma " * 9), ("fever asthma",)])
    assert parted == halved != fever


def test_texts_are_embedded_together_as_each_alone(tiny: Model):
    texts = [f"fever {'x ' * number} asthma" for number in range(40)]
    alone = [tiny.embed([(text,)])[0] for text in texts]
    assert tiny.embed([(text,) for text in texts]) == alone


def test_a_long_text_is_read_to_the_length_that_the_model_has(tiny: Model):
    assert tiny.embed([("asthma " * 64 + "fever " * 64,)]) == tiny.embed([("asthma",)])


def test_the_first_word_stands_for_all_where_the_model_says_so(folder: Path):
    (folder / "1_Pooling" / "config.json").write_text(
        '{"pooling_mode_mean_tokens": false, "pooling_mode_cls_token": true}'
    )
    model = open_model(folder)
    assert model.embed([("asthma fever",)]) == model.embed([("asthma",)])


def test_a_model_is_told_from_every_other_by_its_digest(folder: Path, tmp_path: Path, tiny: Model):
    same, other = make_model(tmp_path / "same"), make_model(tmp_path / "other", MEANINGS[1:])
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 32}')
    assert open_model(same).digest == tiny.digest
    assert len({tiny.digest, open_model(other).digest, open_model(folder).digest}) == 3


def _vectors(model: Model, *texts: str) -> list[np.ndarray]:
    return [np.array(json.loads(each)) for each in model.embed([(text,) for text in texts])]

"""The text encoder: published names into the stock network, true tokens only, table left mapped."""

import re
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor
from transformers import UMT5Config, UMT5EncoderModel

from infinitetalk.errors import EngineError
from infinitetalk.models.text_encoder.config import TextEncoderConfig
from infinitetalk.models.text_encoder.key_map import EMBEDDING, to_transformers
from infinitetalk.models.text_encoder.umt5 import load_text_encoder
from infinitetalk.quant.linear import QuantLinear
from infinitetalk.quant.schemes import SCHEMES, quantize
from infinitetalk.weights.tensors import DictState, open_state

SIZES = {
    "vocab_size": 50,
    "d_model": 16,
    "d_kv": 12,
    "d_ff": 24,
    "num_layers": 2,
    "num_heads": 2,
    "relative_attention_num_buckets": 8,
}


@pytest.fixture(scope="module")
def stock() -> UMT5EncoderModel:
    torch.manual_seed(3)
    config = UMT5Config(**SIZES, feed_forward_proj="gated-gelu", dropout_rate=0.0)
    model = UMT5EncoderModel(config).eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return model


@pytest.fixture(scope="module")
def published(stock: UMT5EncoderModel) -> dict[str, Tensor]:
    """The stock network's tensors under the names of the published file."""
    tensors = {EMBEDDING: stock.shared.weight.detach()}
    state = stock.state_dict()
    for layer in range(SIZES["num_layers"]):
        for name in [
            "norm1",
            "attn.q",
            "attn.k",
            "attn.v",
            "attn.o",
            "pos_embedding.embedding",
            "norm2",
            "ffn.gate.0",
            "ffn.fc1",
            "ffn.fc2",
        ]:
            key = f"blocks.{layer}.{name}.weight"
            tensors[key] = state[to_transformers(key) or ""].clone()
    tensors["norm.weight"] = state["encoder.final_layer_norm.weight"].clone()
    return tensors


def test_equals_the_stock_network(stock: UMT5EncoderModel, published: dict[str, Tensor]) -> None:
    ids = torch.tensor([5, 9, 30, 2, 17, 1])
    padded = torch.zeros(1, 20, dtype=torch.long)
    padded[0, : len(ids)] = ids
    with torch.no_grad():
        expected = stock(input_ids=padded, attention_mask=(padded > 0).long()).last_hidden_state
    found = load_text_encoder(published)([ids])[0]
    torch.testing.assert_close(found, expected[0, : len(ids)], atol=2e-5, rtol=1e-5)


def test_a_text_does_not_depend_on_its_neighbors(published: dict[str, Tensor]) -> None:
    encoder = load_text_encoder(published)
    short, long = torch.tensor([4, 1]), torch.arange(2, 40)
    alone = encoder([short])[0]
    assert torch.equal(encoder([long, short])[1], alone)


def test_sizes_are_read_off_the_published_shapes() -> None:
    shapes = {
        EMBEDDING: (256384, 4096),
        "blocks.0.pos_embedding.embedding.weight": (32, 64),
        "blocks.0.attn.q.weight": (4096, 4096),
        "blocks.0.ffn.fc1.weight": (10240, 4096),
        "blocks.23.norm1.weight": (4096,),
    }
    state = DictState({n: torch.empty(s, device="meta") for n, s in shapes.items()})
    config = TextEncoderConfig.from_state(state)
    assert config == TextEncoderConfig(
        vocabulary=256384, dim=4096, head_dim=64, heads=64, ffn_dim=10240, layers=24, buckets=32
    )


def test_weights_stay_in_the_mapped_file(tmp_path: Path, published: dict[str, Tensor]) -> None:
    save_file(published, tmp_path / "t5.safetensors")
    state = open_state([tmp_path / "t5.safetensors"])
    encoder = load_text_encoder(state)
    file = state.read("norm.weight").untyped_storage().data_ptr()
    assert encoder.table.untyped_storage().data_ptr() == file
    assert all(p.untyped_storage().data_ptr() == file for p in encoder.parameters())
    assert not any(p.requires_grad for p in encoder.parameters())
    assert encoder.table.shape == (50, 16)
    assert not any(p.shape == encoder.table.shape for p in encoder.parameters())


def test_weights_visit_in_the_precision_of_the_work(published: dict[str, Tensor]) -> None:
    ids = torch.arange(2, 20)
    stored = {name: tensor.bfloat16() for name, tensor in published.items()}
    visiting = load_text_encoder(stored, dtype=torch.float32)
    resident = load_text_encoder(stored, dtype=torch.float32, resident=True)
    assert {p.dtype for p in visiting.parameters()} == {torch.bfloat16}
    assert {p.dtype for p in resident.parameters()} == {torch.float32}
    found = visiting([ids])[0]
    assert found.dtype == torch.float32
    assert torch.equal(found, resident([ids])[0])
    assert load_text_encoder(stored)([ids])[0].dtype == torch.bfloat16


def test_files_in_eight_bits_stay_so(tmp_path: Path, published: dict[str, Tensor]) -> None:
    """In the spelling of optimum-quanto (spec: encoders_and_vae.md 2.4)."""
    ids = torch.arange(2, 20)
    stored = {}
    for name, tensor in published.items():
        if name.startswith("blocks.") and (".attn." in name or ".ffn." in name):
            data, scale = quantize(tensor, SCHEMES["int8"])
            stored |= {f"{name}._data": data, f"{name}._scale": scale[:, None].bfloat16()}
        else:
            stored[name] = tensor.bfloat16()
    save_file(stored, tmp_path / "t5_int8.safetensors")
    encoder = load_text_encoder(open_state([tmp_path / "t5_int8.safetensors"]), dtype=torch.float32)
    assert sum(isinstance(m, QuantLinear) for m in encoder.modules()) == 14
    plain = load_text_encoder(published)([ids])[0]
    assert (encoder([ids])[0] - plain).norm() / plain.norm() < 0.1


@pytest.mark.parametrize("scheme", ["int8", "fp8"])
def test_eight_bit_linears(published: dict[str, Tensor], scheme: str) -> None:
    ids = torch.arange(2, 22)
    plain = load_text_encoder(published)([ids])[0]
    encoder = load_text_encoder(published, scheme=scheme)
    linears = [m for m in encoder.modules() if isinstance(m, QuantLinear)]
    assert len(linears) == 7 * SIZES["num_layers"]
    error = (encoder([ids])[0] - plain).norm() / plain.norm()
    assert 1e-5 < error < 0.1


def test_ids_beyond_the_table_are_an_error(published: dict[str, Tensor]) -> None:
    encoder = load_text_encoder(published)
    with pytest.raises(EngineError) as raised:
        encoder([torch.tensor([3, 50])])
    assert raised.value.report.code == "weights.tokenizer_mismatch"
    assert "50" in raised.value.report.detail


def test_missing_tensors_are_named(published: dict[str, Tensor]) -> None:
    without = {n: t for n, t in published.items() if not n.startswith("blocks.1.ffn")}
    with pytest.raises(EngineError, match=re.escape("3 of")) as raised:
        load_text_encoder(without)
    assert raised.value.report.code == "weights.corrupt"
    with pytest.raises(EngineError) as raised:
        load_text_encoder({"model.weight": torch.zeros(2)})
    assert raised.value.report.code == "weights.not_text_encoder"

"""Mapped tensors and strict loading: nothing held twice, nothing left empty."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from infinitetalk.errors import EngineError
from infinitetalk.quant.linear import QuantLinear, replace_linears
from infinitetalk.quant.schemes import SCHEMES, quantize
from infinitetalk.weights.load import load_into
from infinitetalk.weights.tensors import DictState, LazyState, RenamedState, open_state
from tests import tiny_weights as tiny
from tests.sparse_files import write_pth, write_safetensors


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(6, 4)
        self.norm = nn.LayerNorm(4)
        self.modulation = nn.Parameter(torch.zeros(1, 2, 4))
        self.register_buffer("kept", torch.zeros(3, dtype=torch.int64))
        self.register_buffer("table", torch.zeros(3), persistent=False)


def weights() -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    return {
        "first.weight": torch.randn(4, 6),
        "first.bias": torch.randn(4),
        "norm.weight": torch.randn(4),
        "norm.bias": torch.randn(4),
        "modulation": torch.randn(1, 2, 4),
        "kept": torch.tensor([1, 2, 3]),
    }


def empty() -> Net:
    with torch.device("meta"):
        return Net()


def test_every_parameter_and_saved_buffer_is_filled(tmp_path: Path) -> None:
    path = tiny.save(tmp_path / "m.safetensors", weights())
    net = empty()
    load_into(net, open_state([path]), dtype=torch.bfloat16)
    for name, tensor in weights().items():
        found = net.state_dict()[name]
        wanted = tensor.to(torch.bfloat16) if tensor.is_floating_point() else tensor
        assert torch.equal(found, wanted)
        assert found.device.type == "cpu"
    assert not any(p.requires_grad for p in net.parameters())


def test_tensors_stay_mapped_and_writing_does_not_reach_the_file(tmp_path: Path) -> None:
    path = tiny.save(tmp_path / "m.safetensors", weights())
    before = path.read_bytes()
    net = empty()
    state = open_state([path])
    load_into(net, state)
    assert net.first.weight.data_ptr() == state["first.weight"].data_ptr()
    if sys.platform != "win32":
        net.first.weight.zero_()
    del net, state
    assert path.read_bytes() == before


def test_a_tensor_outlives_its_state(tmp_path: Path) -> None:
    path = tiny.save(tmp_path / "m.safetensors", weights())
    tensor = open_state([path])["first.weight"]
    assert torch.equal(tensor, weights()["first.weight"])


def test_tensors_without_alignment_are_read_all_the_same(tmp_path: Path) -> None:
    path = tiny.save(tmp_path / "m.safetensors", weights())
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    text = content[8 : 8 + length].rstrip() + b" " * (5 + length % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + content[8 + length :])
    state = open_state([path])
    for name, tensor in weights().items():
        assert torch.equal(state[name], tensor)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"norm.bias": None}, "1 of 6 tensors are missing: norm.bias"),
        ({"extra": torch.zeros(1)}, "1 are unexpected: extra"),
        ({"first.weight": torch.zeros(4, 5)}, "first.weight: 4x6 expected, 4x5 found"),
    ],
)
def test_misfits_are_told_before_anything_is_read(change, said: str) -> None:
    made = {n: t for n, t in (weights() | change).items() if t is not None}
    net = empty()
    with pytest.raises(EngineError) as caught:
        load_into(net, made, what="tiny net")
    assert caught.value.report.code == "weights.corrupt"
    assert said in caught.value.report.detail
    assert net.first.weight.device.type == "meta"


def test_unused_names_are_allowed_where_they_are_named() -> None:
    made = weights() | {"head.weight": torch.zeros(1)}
    load_into(empty(), made, unused=["head.weight"])
    load_into(empty(), made, unused=lambda name: name.startswith("head."))


@pytest.mark.parametrize("scheme", ["fp8", "int8"])
def test_linears_are_quantized_while_loading(scheme: str) -> None:
    net = empty()
    replace_linears(net, scheme, ["first"])
    load_into(net, weights(), dtype=torch.bfloat16)
    layer = net.get_submodule("first")
    assert isinstance(layer, QuantLinear)
    data, scale = quantize(weights()["first.weight"], SCHEMES[scheme])
    assert torch.equal(layer.data.float(), data.float())
    assert torch.equal(layer.scale, scale)
    assert layer.bias is not None
    assert layer.bias.dtype == torch.bfloat16


def test_stored_eight_bit_weights_are_taken_as_they_are(tmp_path: Path) -> None:
    made = weights()
    data, scale = quantize(made.pop("first.weight"), SCHEMES["int8"])
    made |= {"first.weight._data": data, "first.weight._scale": scale[:, None]}
    path = tiny.save(tmp_path / "m.safetensors", made)
    net = empty()
    replace_linears(net, "int8", ["first"])
    load_into(net, open_state([path]))
    layer = net.get_submodule("first")
    assert isinstance(layer, QuantLinear)
    assert torch.equal(layer.data, data)
    other = empty()  # and into a plain layer they go dequantized
    load_into(other, open_state([path]))
    assert torch.equal(other.first.weight, layer.dequantized())


def test_one_block_under_other_names() -> None:
    state = DictState({f"blocks.{n}.{k}": t + n for n in range(2) for k, t in weights().items()})
    for n in range(2):
        net = empty()
        load_into(net, RenamedState(state, {name: f"blocks.{n}.{name}" for name in weights()}))
        assert torch.equal(net.modulation, weights()["modulation"] + n)


def test_overlay_wins_over_base(tmp_path: Path) -> None:
    base = tiny.save(tmp_path / "a.safetensors", tiny.base())
    overlay = tiny.save(tmp_path / "b.safetensors", tiny.overlay(torch.bfloat16))
    state = open_state([base, overlay])
    assert isinstance(state, LazyState)
    assert set(state) == set(tiny.merged())
    assert state["audio_proj.norm.weight"].dtype == torch.bfloat16
    assert state["head.head.weight"].dtype == torch.float32


MEASURE = """
import sys
from pathlib import Path
import torch
from infinitetalk.weights.tensors import open_state

def anonymous():
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) * 1024
    raise RuntimeError

state = open_state([Path(p) for p in sys.argv[2:]])
before, peak = anonymous(), 0
for name in state:
    tensor = state.read(name)
    tensor.flatten()[:1].sum()
    peak = max(peak, anonymous() - before)
print(len(state), peak)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("kind", ["safetensors", "pth"])
def test_opening_takes_no_memory(tmp_path: Path, kind: str) -> None:
    """12 GB are opened, and every tensor is handed out, in less than 200 MB."""
    tensors = {f"blocks.{n}.self_attn.q.weight": ("F32", (20_000, 10_000)) for n in range(15)}
    path = tmp_path / f"big.{kind}"
    (write_safetensors if kind == "safetensors" else write_pth)(path, tensors)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, "x", str(path)],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    count, peak = map(int, done.stdout.split())
    assert count == 15
    assert peak < 200e6

"""The block-store file: what goes in comes out, whatever moment an import is killed at."""

import itertools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from torch import Tensor

from infinitetalk.errors import EngineError
from infinitetalk.quant.schemes import SCHEMES, quantize
from infinitetalk.weights import store_import
from infinitetalk.weights.store import BlockStore
from infinitetalk.weights.store_coding import coding_for
from infinitetalk.weights.store_import import ImportOptions, import_weights
from infinitetalk.weights.store_layout import PAGE, TENSOR_ALIGN, TensorSpec, copy_range, lay_out


def some_weights(blocks: int = 3) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(1)
    made = {"head.weight": torch.randn(7, 5, generator=generator), "head.bias": torch.zeros(7)}
    for n in range(blocks):
        made[f"blocks.{n}.ffn.0.weight"] = torch.randn(24, 16, generator=generator)
        made[f"blocks.{n}.ffn.0.bias"] = torch.randn(24, generator=generator)
        made[f"blocks.{n}.cross_attn.k.weight"] = torch.randn(16, 16, generator=generator)
        made[f"blocks.{n}.modulation"] = torch.randn(1, 6, 16, generator=generator)
    return made


def test_every_tensor_comes_back_and_safetensors_reads_the_file(tmp_path: Path) -> None:
    weights = some_weights()
    path = import_weights(weights, tmp_path / "w.safetensors", coding_for("fp32"))
    stored = BlockStore(path).tensors()
    assert set(stored) == set(weights)
    for name, tensor in weights.items():
        assert torch.equal(stored[name], tensor)
    with safe_open(path, framework="pt") as opened:
        assert torch.equal(opened.get_tensor("blocks.2.modulation"), weights["blocks.2.modulation"])


def test_blocks_are_contiguous_aligned_and_in_order_of_use(tmp_path: Path) -> None:
    path = import_weights(some_weights(), tmp_path / "w.safetensors", coding_for("bf16"))
    store = BlockStore(path)
    layout = store.layouts[0]
    assert all(start % PAGE == 0 for start in store.block_starts)
    assert all(e.offset % TENSOR_ALIGN == 0 for e in layout.entries)
    assert [e.name for e in layout.entries] == [
        "cross_attn.k.weight",
        "modulation",
        "ffn.0.bias",
        "ffn.0.weight",
    ]
    assert layout.context_bytes == PAGE  # the keys' weight alone, filled up
    ends = [s + n.nbytes for s, n in zip(store.block_starts, store.layouts, strict=True)]
    assert ends[:-1] == list(store.block_starts[1:])
    assert ends[-1] == path.stat().st_size


@pytest.mark.parametrize("precision", ["fp8", "int8"])
def test_linears_of_blocks_are_stored_in_8_bits(tmp_path: Path, precision: str) -> None:
    weights = some_weights()
    path = import_weights(weights, tmp_path / "w.safetensors", coding_for(precision))
    stored = BlockStore(path).tensors()
    data, scale = quantize(weights["blocks.1.ffn.0.weight"], SCHEMES[precision])
    assert torch.equal(stored["blocks.1.ffn.0.data"].view(torch.uint8), data.view(torch.uint8))
    assert torch.equal(stored["blocks.1.ffn.0.scale"], scale)
    assert stored["head.weight"].dtype == torch.bfloat16
    assert stored["blocks.1.modulation"].dtype == torch.bfloat16


def test_merged_loras_are_named_in_the_file(tmp_path: Path) -> None:
    options = ImportOptions(
        identity="abc",
        loras=("fast x 0.8",),
        adjust=lambda name, t: t + 1 if name == "blocks.0.ffn.0.weight" else t,
    )
    weights = some_weights()
    path = import_weights(weights, tmp_path / "w.safetensors", coding_for("fp32"), options)
    store = BlockStore(path)
    assert store.facts.loras == ("fast x 0.8",)
    assert store.facts.identity == "abc"
    expected = weights["blocks.0.ffn.0.weight"] + 1
    assert torch.equal(store.block(0)["ffn.0.weight"], expected)


class _KilledError(Exception):
    pass


class _DiesAfter(Mapping[str, Tensor]):
    """Gives tensors until it has given `count` of them; counts what it was asked for."""

    def __init__(self, tensors: Mapping[str, Tensor], count: int) -> None:
        self.tensors, self.count = tensors, count

    def __getitem__(self, name: str) -> Tensor:
        if self.count == 0:
            raise _KilledError
        self.count -= 1
        return self.tensors[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.tensors)

    def __len__(self) -> int:
        return len(self.tensors)


def specs(weights: Mapping[str, Tensor]) -> list[TensorSpec]:
    return [TensorSpec(name=n, dtype=t.dtype, shape=tuple(t.shape)) for n, t in weights.items()]


@pytest.mark.parametrize("killed_after", range(14))
def test_a_killed_import_goes_on_where_it_stopped(tmp_path: Path, killed_after: int) -> None:
    weights = some_weights()
    target = tmp_path / "w.safetensors"
    whole = import_weights(weights, tmp_path / "whole.safetensors", coding_for("bf16"))
    with pytest.raises(_KilledError):
        import_weights(
            _DiesAfter(weights, killed_after), target, coding_for("bf16"), specs=specs(weights)
        )
    assert not target.exists()
    rest = _DiesAfter(weights, 1000)
    import_weights(rest, target, coding_for("bf16"), specs=specs(weights))
    finished_tensors = 0 if killed_after < 2 else 2 + (killed_after - 2) // 4 * 4
    assert 1000 - rest.count == 14 - finished_tensors
    assert target.read_bytes() == whole.read_bytes()
    assert not list(tmp_path.glob("*.part*"))


def test_other_weights_are_not_mixed_into_an_interrupted_import(tmp_path: Path) -> None:
    weights, others = some_weights(), {n: t + 1 for n, t in some_weights().items()}
    target = tmp_path / "w.safetensors"
    with pytest.raises(_KilledError):
        import_weights(
            _DiesAfter(weights, 9),
            target,
            coding_for("fp32"),
            ImportOptions(identity="one"),
            specs=specs(weights),
        )
    import_weights(others, target, coding_for("fp32"), ImportOptions(identity="other"))
    stored = BlockStore(target).tensors()
    assert all(torch.equal(stored[name], tensor) for name, tensor in others.items())


def test_a_region_torn_by_a_crash_is_written_again(tmp_path: Path) -> None:
    weights = some_weights()
    target = tmp_path / "w.safetensors"
    with pytest.raises(_KilledError):
        import_weights(_DiesAfter(weights, 9), target, coding_for("fp32"), specs=specs(weights))
    part = tmp_path / "w.safetensors.part"
    data = bytearray(part.read_bytes())
    start = len(data) - 3 * 2 * PAGE  # block 0: a page of context, a page and more of the rest
    data[start + 10] ^= 0xFF
    part.write_bytes(data)
    import_weights(weights, target, coding_for("fp32"))
    BlockStore(target).verify()
    stored = BlockStore(target).tensors()
    assert all(torch.equal(stored[name], tensor) for name, tensor in weights.items())


def test_a_file_is_replaced_only_by_a_whole_one(tmp_path: Path) -> None:
    target = import_weights(some_weights(), tmp_path / "w.safetensors", coding_for("fp32"))
    before = target.read_bytes()
    others = {n: t * 2 for n, t in some_weights().items()}
    options = ImportOptions(identity="2")
    with pytest.raises(_KilledError):
        import_weights(
            _DiesAfter(others, 12), target, coding_for("fp32"), options, specs=specs(others)
        )
    assert target.read_bytes() == before
    import_weights(others, target, coding_for("fp32"), options)
    assert torch.equal(BlockStore(target).tensors()["head.weight"], others["head.weight"])


def test_too_small_a_disk_is_told_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr(store_import.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(EngineError) as caught:
        import_weights(some_weights(), tmp_path / "w.safetensors", coding_for("bf16"))
    assert caught.value.report.code == "disk.not_enough"
    assert caught.value.report.facts["free"] == 1000
    assert not list(tmp_path.iterdir())


def test_a_flipped_bit_is_found(tmp_path: Path) -> None:
    path = import_weights(some_weights(), tmp_path / "w.safetensors", coding_for("bf16"))
    data = bytearray(path.read_bytes())
    data[BlockStore(path).block_starts[1] + 5] ^= 1
    path.write_bytes(data)
    with pytest.raises(EngineError) as caught:
        BlockStore(path).verify()
    assert caught.value.report.facts["region"] == "blocks.1"


@pytest.mark.parametrize("change", ["format", "start", "name", "bytes"])
def test_a_header_that_lies_is_refused(tmp_path: Path, change: str) -> None:
    path = import_weights(some_weights(), tmp_path / "w.safetensors", coding_for("bf16"))
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    table = json.loads(data[8 : 8 + length])
    store = json.loads(table["__metadata__"]["block_store"])
    if change == "format":
        store["format"] = 99
    else:
        wrong = {"start": 2 * PAGE, "name": "blocks.7", "bytes": 1 << 60}
        store["regions"][1][change] = wrong[change]
    table["__metadata__"]["block_store"] = json.dumps(store)
    text = json.dumps(table).encode().ljust(length)
    path.write_bytes(len(text).to_bytes(8, "little") + text + data[8 + length :])
    with pytest.raises(EngineError) as caught:
        BlockStore(path)
    assert caught.value.report.code == "weights.corrupt"


def test_progress_ends_at_the_whole(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    options = ImportOptions(progress=lambda done, total: seen.append((done, total)))
    import_weights(some_weights(), tmp_path / "w.safetensors", coding_for("bf16"), options)
    assert [d for d, _ in seen] == sorted(d for d, _ in seen)
    assert seen[-1][0] == seen[-1][1]


dtypes = st.sampled_from([torch.float32, torch.bfloat16, torch.int8, torch.float8_e4m3fn])
shapes = st.lists(st.integers(0, 40), min_size=0, max_size=3).map(tuple)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(dtypes, shapes, st.booleans()), min_size=1, max_size=8), st.data())
def test_any_range_of_any_layout_holds_the_bytes_of_its_tensors(
    described: list[tuple[torch.dtype, tuple[int, ...], bool]], data: st.DataObject
) -> None:
    specs = [TensorSpec(name=f"t{i}", dtype=d, shape=s) for i, (d, s, _) in enumerate(described)]
    context = {f"t{i}" for i, (_, _, c) in enumerate(described) if c}
    layout = lay_out(specs, lambda name: name in context)
    assert layout.nbytes % PAGE == 0
    assert layout.context_bytes % PAGE == 0
    spans = sorted((e.offset, e.end) for e in layout.entries if e.nbytes)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    for entry in layout.entries:
        assert not entry.nbytes or (entry.offset < layout.context_bytes) == (entry.name in context)
    tensors = {s.name: torch.randint(0, 120, s.shape, dtype=torch.int16).to(s.dtype) for s in specs}
    whole = torch.zeros(layout.nbytes, dtype=torch.uint8)
    for name, view in layout.views(whole).items():
        view.copy_(tensors[name])
    pages = layout.nbytes // PAGE
    first = data.draw(st.integers(0, pages)) * PAGE
    last = data.draw(st.integers(first // PAGE, pages)) * PAGE
    out = torch.zeros(last - first, dtype=torch.uint8)
    copy_range(layout, tensors, first, out)
    assert torch.equal(out, whole[first:last])

"""The whole published tree at full size, in sparse files: checked, chosen and mapped."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from infinitetalk.weights.check import check
from infinitetalk.weights.choice import choose_transformer, network_config, weights_facts
from infinitetalk.weights.folder import find_model
from infinitetalk.weights.lora import read_lora
from tests.published_tree import base_shapes, build_published_tree, overlay_shapes

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="needs sparse files without asking for them"
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Path:
    return build_published_tree(tmp_path_factory.mktemp("published"))


def test_the_tree_costs_no_disk(tree: Path) -> None:
    files = [path for path in tree.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) > 170e9
    assert sum(path.stat().st_blocks * 512 for path in files) < 32e6


def test_quantization_maps_are_as_long_as_the_published_ones(tree: Path) -> None:
    quantized = tree / "InfiniteTalk" / "quant_models"
    assert (quantized / "infinitetalk_single_fp8.json").stat().st_size == 49_337
    assert (quantized / "t5_map_fp8.json").stat().st_size == 12_506


def test_every_file_is_recognized_and_complete(tree: Path) -> None:
    start = time.perf_counter()
    reports = check([tree])
    seconds = time.perf_counter() - start
    assert [report.path for report in reports if not report.usable] == []
    kinds = {report.path.relative_to(tree).as_posix(): report.kind for report in reports}
    wan = "Wan2.1-I2V-14B-480P"
    assert kinds[f"{wan}/diffusion_pytorch_model.safetensors.index.json"] == "base"
    assert kinds[f"{wan}/models_t5_umt5-xxl-enc-bf16.pth"] == "text_encoder"
    assert kinds["InfiniteTalk/quant_models/t5_fp8.safetensors"] == "text_encoder"
    assert sorted(kinds.values()).count("lora") == 2
    base = next(report for report in reports if report.kind == "base")
    assert (base.tensors, base.parameters, base.precision) == (1303, 16_394_878_784, "fp32")
    assert len(base.files) == 7
    sizes = {report.kind: report.size for report in reports}
    assert 65.5e9 < sizes["base"] < 65.7e9
    assert seconds < 3  # 0.4 s on an idle machine; three times that beside other work


def test_the_facts_of_the_plan(tree: Path) -> None:
    files = find_model(tree)
    facts = weights_facts(files)
    assert (facts.dim, facts.heads, facts.ffn_dim, facts.blocks) == (5120, 40, 13824, 40)
    assert (facts.audio_blocks, facts.audio_channels, facts.text_dim) == (12, 768, 4096)
    assert facts.block_parameters * 40 + facts.other_parameters == 18_882_046_784
    assert facts.vae_parameters == 126_892_531
    assert (facts.stored, facts.speakers) == ("fp32", 2)
    assert facts.fast_lora is not None
    assert "lightx2v" in facts.fast_lora
    eight = weights_facts(files, speakers=2, precision="fp8")
    assert eight.stored == "fp8"
    assert eight.identity != facts.identity
    config = network_config(files, choose_transformer(files))
    assert (config["context_tokens"], config["output_dim"], config["text_len"]) == (32, 768, 512)


def test_loras_fit_and_tell_what_does_not(tree: Path) -> None:
    shapes = base_shapes() | overlay_shapes()
    fusion = read_lora(tree / "Wan2.1_I2V_14B_FusionX_LoRA.safetensors", shapes)
    assert fusion.matched == fusion.total
    distilled = read_lora(
        tree / "Wan21_T2V_14B_lightx2v_cfg_step_distill_lora_rank32.safetensors", shapes
    )
    assert distilled.matched == distilled.total - 1
    assert "5120x16x1x2x2" in distilled.skipped[0][1]


OPEN = """
import sys, time
from pathlib import Path
import torch
from infinitetalk.weights.folder import find_model
from infinitetalk.weights.choice import choose_transformer
from infinitetalk.weights.tensors import LazyState

def anonymous():
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) * 1024

before, peak, opened = anonymous(), 0, 0
start = time.perf_counter()
files = find_model(Path(sys.argv[1]))
plain = choose_transformer(files)
eight = choose_transformer(files, precision="fp8")
states = [plain.state(), eight.state()]
for kind in ("text_encoder", "image_encoder", "vae", "audio_encoder"):
    states.append(LazyState([files.part(kind).layout]))
for state in states:
    for name in state:
        pair = state.quantized(name)
        tensor = state.read(name) if pair is None else pair.data
        opened += tensor.nbytes
        peak = max(peak, anonymous() - before)
print(opened, peak, time.perf_counter() - start)
"""


def test_everything_is_opened_in_no_memory(tree: Path) -> None:
    """Within 200 MB of anonymous memory, though 110 GB of tensors are handed out."""
    done = subprocess.run(
        [sys.executable, "-c", OPEN, str(tree)],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    opened, peak, seconds = map(float, done.stdout.split())
    assert opened > 100e9
    assert peak < 200e6
    assert seconds < 60

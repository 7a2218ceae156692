"""Model folders: parts found by content, chosen for speakers and precision, missing ones named."""

import json
from pathlib import Path

import pytest
import torch

from infinitetalk.errors import EngineError
from infinitetalk.weights import tables
from infinitetalk.weights.choice import choose_transformer, network_config, weights_facts
from infinitetalk.weights.description import read_description
from infinitetalk.weights.folder import ModelPaths, find_model
from tests import tiny_weights as tiny
from tests.unit.weights.test_layouts import quanto

WAN = "Wan2.1-I2V-14B-480P"


def code(function) -> str:
    with pytest.raises(EngineError) as caught:
        function()
    return caught.value.report.code


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tiny model in the published layout, with weights for one and for two speakers."""
    wan = tmp_path / "weights" / WAN
    tiny.save(wan / "diffusion_pytorch_model.safetensors", tiny.base())
    (wan / "config.json").write_text(
        json.dumps({"dim": 32, "num_heads": 2, "num_layers": 2, "text_len": 12, "eps": 1e-6})
    )
    torch.save(tiny.filled(tables.text_table(tiny.TEXT)), wan / "models_t5_umt5-xxl-enc-bf16.pth")
    torch.save(tiny.filled(tables.vae_table(tiny.VAE)), wan / "Wan2.1_VAE.pth")
    torch.save(
        tiny.filled(tables.image_table(tiny.IMAGE)),
        wan / "models_clip_open-clip-xlm-roberta-large-vit-huge-14.pth",
    )
    tokenizer = wan / "google" / "umt5-xxl"
    tokenizer.mkdir(parents=True)
    (tokenizer / "tokenizer.json").write_text("{}")
    for who in ("single", "multi"):
        tiny.save(wan.parent / "InfiniteTalk" / who / "infinitetalk.safetensors", tiny.overlay())
    audio = wan.parent / "chinese-wav2vec2-base"
    tiny.save(audio / "model.safetensors", tiny.filled(tables.audio_table(tiny.AUDIO)))
    (audio / "config.json").write_text(json.dumps({"num_attention_heads": 2}))
    return wan.parent


def add_quantized(tree: Path, who: str, scheme: str) -> Path:
    made, mapped = quanto(scheme, tiny.merged())
    folder = tree / "InfiniteTalk" / "quant_models"
    path = tiny.save(folder / f"infinitetalk_{who}_{scheme}.safetensors", made)
    path.with_suffix(".json").write_text(json.dumps(mapped))
    return path


def test_all_parts_are_found_below_one_folder(tree: Path) -> None:
    files = find_model(tree)
    for kind in ("base", "text_encoder", "image_encoder", "vae", "audio_encoder"):
        assert files.part(kind).report.usable
    assert files.tokenizer_folder() == tree / WAN / "google" / "umt5-xxl"
    assert files.audio_folder == tree / "chinese-wav2vec2-base"
    assert files.speakers() == {"one", "two"}
    assert files.description.kind == "published"


def test_a_wan_folder_and_explicit_paths(tree: Path) -> None:
    files = find_model(
        ModelPaths(
            ckpt_dir=tree / WAN,
            infinitetalk_dir=tree / "InfiniteTalk" / "multi" / "infinitetalk.safetensors",
            wav2vec_dir=tree / "chinese-wav2vec2-base",
        )
    )
    assert choose_transformer(files, speakers=2).speakers == "two"
    assert choose_transformer(files, speakers=1).speakers == "two"
    assert files.tokenizer_folder().is_dir()
    assert weights_facts(files).dim == 32


def test_speakers_decide_which_adapter_is_taken(tree: Path) -> None:
    files = find_model(tree)
    assert choose_transformer(files, speakers=1).speakers == "one"
    assert choose_transformer(files, speakers=2).speakers == "two"
    (tree / "InfiniteTalk" / "multi" / "infinitetalk.safetensors").unlink()
    assert code(lambda: choose_transformer(find_model(tree), speakers=2)) == "weights.no_multi"
    assert weights_facts(find_model(tree)).speakers == 1


def test_an_adapter_that_does_not_say_for_whom_serves_both(tree: Path) -> None:
    for who in ("single", "multi"):
        (tree / "InfiniteTalk" / who / "infinitetalk.safetensors").unlink()
    tiny.save(tree / "adapter.safetensors", tiny.overlay())
    choice = choose_transformer(find_model(tree), speakers=2)
    assert choice.speakers == "unknown"
    assert any("speaker" in notice for notice in choice.notices)


def test_precision_decides_between_quantized_and_plain_files(tree: Path) -> None:
    add_quantized(tree, "single", "fp8")
    files = find_model(tree)
    assert choose_transformer(files, precision="fp8").precision == "fp8"
    assert choose_transformer(files, precision="bf16").precision == "fp32"
    assert choose_transformer(files, precision="int8").precision == "fp32"  # quantized on loading
    assert choose_transformer(files).precision == "fp32"
    assert choose_transformer(files, speakers=2, precision="fp8").precision == "fp32"


def test_a_named_quantized_file_is_taken_as_it_is(tree: Path) -> None:
    path = add_quantized(tree, "single", "int8")
    files = find_model(ModelPaths(ckpt_dir=tree / WAN, quant_dir=path))
    choice = choose_transformer(files)
    assert choice.precision == "int8"
    assert [part.report.path for part in choice.parts] == [path]
    assert set(choice.state()) == set(tiny.merged())


def test_a_named_single_file_comes_before_shards(tree: Path) -> None:
    path = tiny.save(tree.parent / "merged.safetensors", tiny.merged(torch.bfloat16))
    choice = choose_transformer(find_model(ModelPaths(root=tree, dit_path=path)))
    assert [part.report.path for part in choice.parts] == [path]
    base = tiny.save(tree.parent / "base.safetensors", tiny.base(torch.bfloat16))
    choice = choose_transformer(find_model(ModelPaths(root=tree, dit_path=base)))
    assert choice.parts[0].report.path == base
    assert choice.parts[1].report.kind == "overlay"


def test_quantized_weights_alone_run_whatever_was_asked_for(tree: Path) -> None:
    add_quantized(tree, "single", "fp8")
    (tree / WAN / "diffusion_pytorch_model.safetensors").unlink()
    choice = choose_transformer(find_model(tree), precision="bf16")
    assert choice.precision == "fp8"
    assert "Only fp8 weights" in choice.notices[-1]


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        (f"{WAN}/diffusion_pytorch_model.safetensors", "base"),
        (f"{WAN}/Wan2.1_VAE.pth", "vae"),
        (f"{WAN}/models_t5_umt5-xxl-enc-bf16.pth", "text_encoder"),
        ("chinese-wav2vec2-base/model.safetensors", "audio_encoder"),
    ],
)
def test_missing_and_damaged_parts_are_told_apart(tree: Path, file: str, kind) -> None:
    path = tree / file
    content = path.read_bytes()
    path.write_bytes(content[:-50])
    files = find_model(tree)
    assert code(lambda: files.part(kind)) == "weights.corrupt"
    assert code(lambda: weights_facts(files)) == "weights.corrupt"
    path.unlink()
    files = find_model(tree)
    with pytest.raises(EngineError) as caught:
        files.part(kind)
    assert caught.value.report.code == "weights.missing"
    assert caught.value.report.facts["size"] > 0
    path.write_text("<html>not found</html>")
    assert code(lambda: find_model(tree).part(kind)) == "weights.wrong_kind"


def test_base_and_adapter_of_different_size(tree: Path) -> None:
    wide = tables.TransformerSizes(dim=16, num_layers=2)
    made = tiny.filled(tables.overlay_table(wide))
    for who in ("single", "multi"):
        tiny.save(tree / "InfiniteTalk" / who / "infinitetalk.safetensors", made)
    assert code(lambda: choose_transformer(find_model(tree))) == "weights.wrong_kind"


def test_named_paths_must_exist(tmp_path: Path) -> None:
    assert code(lambda: find_model(tmp_path / "nowhere")) == "weights.missing"
    assert code(lambda: find_model(ModelPaths())) == "weights.missing"


def test_the_config_of_the_network(tree: Path) -> None:
    files = find_model(tree)
    config = network_config(files, choose_transformer(files))
    assert config == {
        "model_type": "i2v",
        "dim": 32,
        "ffn_dim": 48,
        "num_heads": 2,
        "num_layers": 2,
        "in_dim": 36,
        "out_dim": 16,
        "text_len": 12,
        "text_dim": 20,
        "freq_dim": 16,
        "eps": 1e-6,
        "clip_dim": 28,
        "audio_blocks": 3,
        "audio_channels": 8,
        "intermediate_dim": 12,
        "output_dim": 20,
        "context_tokens": 4,
    }


def test_identity_follows_contents_and_not_places(tree: Path, tmp_path: Path) -> None:
    before = weights_facts(find_model(tree)).identity
    moved = tree.rename(tmp_path / "elsewhere")
    assert weights_facts(find_model(moved)).identity == before
    made = tiny.base()
    made["head.head.bias"] = made["head.head.bias"] + 1
    tiny.save(moved / WAN / "diffusion_pytorch_model.safetensors", made)
    assert weights_facts(find_model(moved)).identity != before
    assert weights_facts(find_model(moved), speakers=2).identity != before


def test_facts_count_what_is_used(tree: Path) -> None:
    facts = weights_facts(find_model(tree))
    every = sum(tensor.numel() for tensor in tiny.merged().values())
    assert facts.block_parameters * facts.blocks + facts.other_parameters == every
    assert facts.heads == 2
    assert (facts.audio_blocks, facts.audio_channels) == (3, 8)
    assert facts.text_encoder_bytes == 4 * sum(
        tensor.numel() for tensor in tiny.filled(tables.text_table(tiny.TEXT)).values()
    )


def test_a_description_of_its_own(tree: Path) -> None:
    said = {
        "name": "Miniature",
        "kind": "miniature",
        "chunk_frames": 17,
        "motion_frames": 5,
        "size": [128, 128],
        "buckets": [[128, 128], [96, 160]],
        "shift": 3,
        "fast_lora": {"file": "loras/fast.safetensors", "scale": 0.9},
        "preview_rgb": {"matrix": [[0.1, 0.2, 0.3]] * 16, "bias": [0, 0, 0]},
        "presets": {"draft": {"steps": 2}},
    }
    (tree / "infinitetalk.json").write_text(json.dumps(said))
    facts = weights_facts(find_model(tree))
    assert facts.miniature
    assert (facts.chunk_frames, facts.motion_frames, facts.size) == (17, 5, (128, 128))
    assert (facts.shift, facts.fast_lora, facts.fast_lora_scale) == (
        3.0,
        "loras/fast.safetensors",
        0.9,
    )
    description = read_description(tree)
    assert description.buckets == ((128, 128), (96, 160))
    assert description.preview is not None
    assert len(description.preview.matrix) == 16
    assert description.presets["draft"] == {"steps": 2}


@pytest.mark.parametrize(
    "said",
    [
        "[]",
        "{",
        '{"chunk_frames": 80}',
        '{"chunk_frames": 9, "motion_frames": 9}',
        '{"size": [100, 128]}',
        '{"size": "large"}',
        '{"shift": "NaN"}',
        '{"kind": "other"}',
        '{"fast_lora": {"file": "../../etc/passwd"}}',
        '{"fast_lora": {"file": "C:\\\\x.safetensors"}}',
        '{"preview_rgb": {"matrix": [[1, 2]], "bias": [0, 0, 0]}}',
    ],
)
def test_descriptions_that_cannot_be_right(tmp_path: Path, said: str) -> None:
    (tmp_path / "infinitetalk.json").write_text(said)
    assert code(lambda: read_description(tmp_path)) == "weights.corrupt"


def test_the_fast_lora_of_the_published_folder_is_known_by_name(tree: Path) -> None:
    down = torch.zeros(2, 32)
    made = {
        "diffusion_model.blocks.0.self_attn.q.lora_down.weight": down,
        "diffusion_model.blocks.0.self_attn.q.lora_up.weight": down.t(),
    }
    for name in ("FusionX_LoRA", "lightx2v_rank32", "another"):
        tiny.save(tree / f"{name}.safetensors", made)
    assert weights_facts(find_model(tree)).fast_lora == "lightx2v_rank32.safetensors"

"""`check` says what each file is, and of a bad one exactly what is wrong with it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor

from infinitetalk.weights import tables
from infinitetalk.weights.check import FileReport, check
from infinitetalk.weights.report import report_json, report_lines
from tests import tiny_weights as tiny
from tests.sparse_files import write_safetensors
from tests.unit.weights.test_layouts import quanto


def only(path: Path) -> FileReport:
    (report,) = check([path])
    return report


def problem(report: FileReport):
    assert not report.usable
    assert len(report.problems) == 1, report.problems
    return report.problems[0]


def test_good_files_are_named_with_their_sizes(tmp_path: Path) -> None:
    tiny.save(tmp_path / "wan" / "base.safetensors", tiny.base())
    tiny.save(tmp_path / "single" / "infinitetalk.safetensors", tiny.overlay(torch.bfloat16))
    tiny.save(tmp_path / "all.safetensors", tiny.merged(torch.float16))
    torch.save(tiny.filled(tables.vae_table(tiny.VAE)), tmp_path / "vae.pth")
    torch.save(tiny.filled(tables.text_table(tiny.TEXT)), tmp_path / "t5.pth")
    torch.save(tiny.filled(tables.image_table(tiny.IMAGE)), tmp_path / "clip.pth")
    tiny.save(tmp_path / "w2v.safetensors", tiny.filled(tables.audio_table(tiny.AUDIO)))
    reports = {report.path.name: report for report in check([tmp_path])}
    assert all(report.usable for report in reports.values())
    assert {name: (r.kind, r.precision) for name, r in reports.items()} == {
        "base.safetensors": ("base", "fp32"),
        "infinitetalk.safetensors": ("overlay", "bf16"),
        "all.safetensors": ("merged", "fp16"),
        "vae.pth": ("vae", "fp32"),
        "t5.pth": ("text_encoder", "fp32"),
        "clip.pth": ("image_encoder", "fp32"),
        "w2v.safetensors": ("audio_encoder", "fp32"),
    }
    assert reports["infinitetalk.safetensors"].speakers == "one"
    base = reports["base.safetensors"]
    assert base.parameters == sum(t.numel() for t in tiny.base().values())
    assert base.size == base.path.stat().st_size
    assert base.dtypes == {"float32": base.tensors}


def test_missing_tensors_are_counted_and_named(tmp_path: Path) -> None:
    made = tiny.base()
    lost = [name for name in made if name.startswith("blocks.1.ffn.")]
    for name in lost:
        del made[name]
    found = problem(only(tiny.save(tmp_path / "m.safetensors", made)))
    assert found.code == "weights.corrupt"
    assert f"4 of {len(tiny.base())} tensors are missing" in found.detail
    assert lost[0] in found.detail
    assert found.facts["missing_names"] == lost


def test_unexpected_tensors_are_named(tmp_path: Path) -> None:
    made = tiny.base() | {"blocks.0.extra.weight": torch.zeros(2)}
    found = problem(only(tiny.save(tmp_path / "m.safetensors", made)))
    assert "1 tensors are unexpected" in found.detail
    assert "blocks.0.extra.weight" in found.detail


def test_wrong_shapes_are_told_with_expected_and_found(tmp_path: Path) -> None:
    made = tiny.overlay() | {"blocks.1.audio_cross_attn.proj.weight": torch.zeros(32, 30)}
    found = problem(only(tiny.save(tmp_path / "m.safetensors", made)))
    assert "blocks.1.audio_cross_attn.proj.weight: 32x32 expected, 32x30 found" in found.detail


def test_missing_last_blocks_are_noticed_by_the_config_beside(tmp_path: Path) -> None:
    made = {n: t for n, t in tiny.base().items() if not n.startswith("blocks.1.")}
    path = tiny.save(tmp_path / "m.safetensors", made)
    assert only(path).usable  # a model of one block, as far as the file itself tells
    (tmp_path / "config.json").write_text(json.dumps({"dim": 32, "num_layers": 2}))
    assert "blocks.1.modulation" in problem(only(path)).detail


def wan(tmp_path: Path, sizes: tables.TransformerSizes) -> Path:
    path = tmp_path / "model.safetensors"
    table = tables.base_table(sizes)
    write_safetensors(path, {name: ("BF16", shape) for name, shape in table.items()})
    return path


def without_image(tmp_path: Path, sizes: tables.TransformerSizes) -> Path:
    table = {
        name: ("BF16", shape)
        for name, shape in tables.base_table(sizes).items()
        if "img" not in name
    }
    path = tmp_path / "model.safetensors"
    write_safetensors(path, table)
    return path


@pytest.mark.parametrize(
    ("sizes", "image", "said"),
    [
        (
            tables.TransformerSizes(in_dim=16),
            False,
            "text-to-video transformer: 36 input channels needed, 16 found",
        ),
        (tables.TransformerSizes(dim=1536, ffn_dim=8960, num_layers=30), True, "1.3B"),
        (tables.TransformerSizes(), False, "Wan2.2"),
        (
            tables.TransformerSizes(dim=3072, ffn_dim=14336, num_layers=30, in_dim=48, out_dim=48),
            False,
            "Wan2.2's 5B",
        ),
        (tables.TransformerSizes(in_dim=52), True, "52 input channels"),
    ],
)
def test_wrong_variants_are_refused_by_name(
    tmp_path: Path, sizes: tables.TransformerSizes, image: bool, said: str
) -> None:
    path = wan(tmp_path, sizes) if image else without_image(tmp_path, sizes)
    found = problem(only(path))
    assert found.code == "weights.wrong_kind"
    assert said in found.detail
    assert "Wan2.1-I2V-14B-480P" in found.remedy


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["blocks.0.audio_cross_attn.q_norm.weight"], "LongCat"),
        (["audio_proj.audio_proj_glob_1.layer.weight"], "HuMo"),
        (["proj_model.proj.weight", "blocks.0.cross_attn.k_proj.weight"], "FantasyTalking"),
        (["blocks.0.self_attn.q.weight", "vace_blocks.0.after_proj.weight"], "VACE"),
        (["blocks.0.self_attn.q.weight", "img_emb.emb_pos"], "FLF2V"),
        (["double_blocks.0.img_attn.qkv.weight"], "Flux or HunyuanVideo"),
        (["model.layers.0.self_attn.q_proj.weight"], "language model"),
        (["decoder.up_blocks.0.resnets.0.conv1.weight"], "diffusers"),
        (["something.weight"], "belong to no network"),
    ],
)
def test_foreign_models_are_refused_by_name(tmp_path: Path, names: list[str], said: str) -> None:
    made = {name: torch.zeros(2, 2) for name in names}
    found = problem(only(tiny.save(tmp_path / "m.safetensors", made)))
    assert found.code == "weights.wrong_kind"
    assert said in found.detail


def test_text_encoders_that_are_not_umt5(tmp_path: Path) -> None:
    made = tiny.filled(tables.text_table(tiny.TEXT))
    del made["blocks.1.pos_embedding.embedding.weight"]
    found = problem(only(tiny.save(tmp_path / "m.safetensors", made)))
    assert "T5 v1.1" in found.detail


def test_another_vae(tmp_path: Path) -> None:
    made = tiny.filled(tables.vae_table(tables.VaeSizes(base=4, z_dim=48)))
    found = problem(only(tiny.save(tmp_path / "m.safetensors", made)))
    assert "48 channels" in found.detail


def test_a_720p_base_is_accepted_with_a_notice(tmp_path: Path) -> None:
    report = only(tiny.save(tmp_path / "Wan2.1-I2V-14B-720P" / "m.safetensors", tiny.base()))
    assert report.usable
    assert "720P" in report.notices[0]


def sharded(folder: Path, tensors: dict[str, Tensor], count: int = 3) -> Path:
    names = list(tensors)
    weight_map: dict[str, str] = {}
    for n in range(count):
        part = names[n::count]
        file = f"diffusion_pytorch_model-{n + 1:05d}-of-{count:05d}.safetensors"
        tiny.save(folder / file, {name: tensors[name] for name in part})
        weight_map |= dict.fromkeys(part, file)
    index = folder / "diffusion_pytorch_model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": weight_map}))
    return index


def test_shards_are_one_model_however_they_are_named(tmp_path: Path) -> None:
    index = sharded(tmp_path, tiny.base())
    first = tmp_path / "diffusion_pytorch_model-00002-of-00003.safetensors"
    for path in (tmp_path, index, first):
        report = only(path)
        assert report.usable
        assert report.tensors == len(tiny.base())
        assert len(report.files) == 3
    index.unlink()
    assert only(tmp_path).usable
    assert len(check([tmp_path, first])) == 1


@pytest.mark.parametrize("with_index", [True, False])
def test_a_missing_shard_is_named_not_its_tensors(tmp_path: Path, with_index: bool) -> None:
    index = sharded(tmp_path, tiny.base())
    (tmp_path / "diffusion_pytorch_model-00003-of-00003.safetensors").unlink()
    if not with_index:
        index.unlink()
    found = problem(only(tmp_path))
    assert found.code == "weights.missing"
    assert "1 of 3 parts" in found.detail
    assert "00003-of-00003" in found.detail


def test_a_cut_off_shard_is_named(tmp_path: Path) -> None:
    sharded(tmp_path, tiny.base())
    path = tmp_path / "diffusion_pytorch_model-00002-of-00003.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    found = problem(only(tmp_path))
    assert "00002-of-00003" in found.detail
    assert "cut off" in found.detail


def test_a_shard_that_lacks_what_the_index_says(tmp_path: Path) -> None:
    index = sharded(tmp_path, tiny.base())
    table = json.loads(index.read_text())
    name, file = next(iter(table["weight_map"].items()))
    other = next(f for f in table["weight_map"].values() if f != file)
    table["weight_map"][name] = other
    index.write_text(json.dumps(table))
    assert name in problem(only(tmp_path)).detail


def quanto_file(folder: Path) -> tuple[Path, dict[str, object]]:
    made, mapped = quanto("int8", tiny.merged())
    path = tiny.save(folder / "infinitetalk_single_int8.safetensors", made)
    path.with_suffix(".json").write_text(json.dumps(mapped))
    return path, mapped


def test_quanto_maps_must_agree_with_the_file(tmp_path: Path) -> None:
    path, mapped = quanto_file(tmp_path)
    assert only(path).usable
    more = mapped | {"blocks.0.lost": {"weights": "qint8", "activations": "none"}}
    path.with_suffix(".json").write_text(json.dumps(more))
    assert "blocks.0.lost" in problem(only(path)).detail
    fewer = dict(list(mapped.items())[1:])
    path.with_suffix(".json").write_text(json.dumps(fewer))
    assert "not in its map" in problem(only(path)).detail
    active = mapped | {"blocks.0.ffn.0": {"weights": "qint8", "activations": "qint8"}}
    path.with_suffix(".json").write_text(json.dumps(active))
    assert "activations" in problem(only(path)).detail
    path.with_suffix(".json").write_text("[]")
    assert problem(only(path)).code == "weights.corrupt"
    path.with_suffix(".json").unlink()
    report = only(path)
    assert report.usable
    assert "map" in " ".join(report.notices)


def test_eight_bit_weights_without_a_scale(tmp_path: Path) -> None:
    made, _ = quanto("int8", tiny.merged())
    del made["blocks.0.ffn.0.weight._scale"]
    found = problem(only(tiny.save(tmp_path / "m.safetensors", made)))
    assert "no scale" in found.detail
    assert "blocks.0.ffn.0.weight" in found.detail


def test_scales_of_the_wrong_length(tmp_path: Path) -> None:
    made, _ = quanto("int8", tiny.merged())
    made["blocks.0.ffn.0.weight._scale"] = torch.ones(7, 1)
    found = problem(only(tiny.save(tmp_path / "m.safetensors", made)))
    assert "7 values; 1 or 48 expected" in found.detail


def test_folders_and_paths_without_weights(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("nothing here")
    assert problem(only(tmp_path)).code == "weights.missing"
    assert problem(only(tmp_path / "no such file")).code == "weights.missing"


def test_reports_for_a_person_and_for_programs(tmp_path: Path) -> None:
    tiny.save(tmp_path / "good.safetensors", tiny.base())
    (tmp_path / "page.safetensors").write_text("<!DOCTYPE html>")
    reports = check([tmp_path])
    text = "\n".join(report_lines(reports, root=tmp_path))
    assert "ok  good.safetensors" in text
    assert "BAD page.safetensors" in text
    assert "a web page was saved" in text
    assert "1 of 2 are complete" in text
    data = json.loads(json.dumps(report_json(reports)))
    assert data["usable"] is False
    assert [file["usable"] for file in data["files"]] == [True, False]
    assert data["files"][1]["problems"][0]["code"] == "weights.wrong_kind"


def test_checking_imports_no_torch(tmp_path: Path) -> None:
    torch.save(tiny.filled(tables.vae_table(tiny.VAE)), tmp_path / "vae.pth")
    tiny.save(tmp_path / "m.safetensors", tiny.merged())
    code = (
        "import sys; from pathlib import Path; from infinitetalk.weights.check import check;"
        "from infinitetalk.weights.folder import find_model;"
        f"p = Path({str(tmp_path)!r}); assert all(r.usable for r in check([p])); find_model(p);"
        "assert 'torch' not in sys.modules and 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)

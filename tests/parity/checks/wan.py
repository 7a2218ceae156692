"""The transformer's weights, parts and whole passes."""

import re
from pathlib import Path

import torch
from safetensors.torch import load_file

from infinitetalk.models.audio_adapter import AudioAdapter
from infinitetalk.models.audio_adapter.adapter import frame_windows
from infinitetalk.models.wan import WanConfig, WanTransformer
from infinitetalk.models.wan.conditions import branch_conditions
from infinitetalk.ops.rope import axis_angles, axis_widths, grid_table, position_table, rotate
from infinitetalk.ops.time_features import time_features
from tests.parity.compare import ABSOLUTE, Fixture, compare, exact, load
from tests.parity.registry import Row, check

BRANCH_OF_OUTPUT = {
    "": "cond",
    "_null_text": "drop_text",
    "_null_audio": "drop_audio",
    "_null_text_null_audio": "uncond",
}


def open_model(golden: Path, fixture: Fixture) -> WanTransformer:
    """The tiny transformer that a fixture names, with its weights."""
    model = WanTransformer(WanConfig.from_json(fixture.meta["config"]))
    model.load_state_dict(load_file(golden / "transformer" / fixture.meta["weights_file"]))
    return model.eval()


@check("transformer", "weights_")
def check_weights(golden: Path, file: Path) -> list[Row]:
    """Names and shapes are those of our modules, and sizes can be read off the shapes."""
    fixture = load(file)
    config = WanConfig.from_json(fixture.meta["config"])
    with torch.device("meta"):
        own = {name: tuple(t.shape) for name, t in WanTransformer(config).state_dict().items()}
    found = {name: tuple(t.shape) for name, t in fixture.tensors.items()}
    return [
        exact("names and shapes", found, own),
        exact("config from shapes", WanConfig.from_shapes(found, config), config),
    ]


@check("transformer", "forward_")
def check_forward(golden: Path, file: Path) -> list[Row]:
    fixture = load(file)
    model = open_model(golden, fixture)
    rows = []
    for time in sorted(n for n in fixture.tensors if re.fullmatch(r"in\.t\d+", n)):
        output = time.replace("in.", "out.")
        names = {b: output + s for s, b in BRANCH_OF_OUTPUT.items() if output + s in fixture}
        conditions = branch_conditions(
            model,
            list(names),
            text=fixture["in.context"],
            negative_text=fixture["in.context_null"],
            image=fixture["in.clip_fea"],
            audio=fixture["in.audio"],
            masks=fixture["in.ref_target_masks"],
            guard_masks=False,
            keep=True,
        )
        for model.token_chunk in (None, 1):  # at once, and by single latent frames
            found = model.forward_branches(
                fixture["in.x"], fixture["in.y"][0], fixture[time], list(conditions.values())
            )
            rows += [
                compare(name, value[None], fixture[name], absolute=ABSOLUTE)
                for name, value in zip(names.values(), found, strict=True)
            ]
    return rows


@check("transformer", "audio_proj")
def check_audio_adapter(golden: Path, file: Path) -> list[Row]:
    fixture = load(file)
    meta = fixture.meta
    adapter = AudioAdapter(
        window=meta["audio_window"],
        frames_per_latent=meta["vae_scale"],
        embedding_size=meta["audio_blocks"] * meta["audio_channels"],
        hidden_size=meta["intermediate_dim"],
        context_tokens=meta["context_tokens"],
        token_size=meta["output_dim"],
    )
    adapter.load_state_dict({name: t.float() for name, t in fixture.part("w.").items()})
    audio = fixture["in.audio"].float()
    first, later = frame_windows(audio, meta["vae_scale"])
    tokens = adapter(audio[None])
    kept = fixture["mid.first_window"].shape[-1]
    by_speaker = tokens.unflatten(2, (meta["persons"], -1)).transpose(1, 2)[0]
    return [
        exact("mid.first_window", first[..., :kept], fixture["mid.first_window"]),
        exact("mid.latter_window", later[..., :kept], fixture["mid.latter_window"]),
        compare("out.audio_proj", by_speaker, fixture["out.audio_proj"]),
        compare("out.tokens_to_blocks", tokens, fixture["out.tokens_to_blocks"]),
    ]


@check("transformer", "rope")
def check_rope(golden: Path, file: Path) -> list[Row]:
    fixture = load(file)
    rows = []
    for head in sorted(n.removesuffix(".grid") for n in fixture.tensors if n.endswith(".grid")):
        x = fixture[f"{head}.x"]
        frames, high, wide = fixture[f"{head}.grid"].tolist()
        table = grid_table((frames, high, wide), x.shape[-1], x.device)
        rows.append(compare(f"{head}.out", rotate(x, table.cos, table.sin), fixture[f"{head}.out"]))
        positions = fixture[f"{head}.freq_rows"]
        angles = torch.cat([axis_angles(positions, w) for w in axis_widths(x.shape[-1])], dim=-1)
        rows.append(compare(f"{head}.cos", angles.cos(), fixture[f"{head}.freq_angle_cos"]))
        rows.append(compare(f"{head}.sin", angles.sin(), fixture[f"{head}.freq_angle_sin"]))
    for line in sorted(n.removesuffix(".pos") for n in fixture.tensors if n.endswith(".pos")):
        x = fixture[f"{line}.x"].transpose(1, 2)  # recorded with heads before tokens
        table = position_table(fixture[f"{line}.pos"], x.shape[-1])
        turned = rotate(x, table.cos, table.sin).transpose(1, 2)
        rows.append(compare(f"{line}.out", turned, fixture[f"{line}.out"]))
    for name in sorted(n for n in fixture.tensors if re.fullmatch(r"sinusoid\.out_dim\d+", n)):
        width = int(name.removeprefix("sinusoid.out_dim"))
        rows.append(compare(name, time_features(fixture["sinusoid.t"], width), fixture[name]))
    return rows

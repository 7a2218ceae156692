"""Every intermediate value of one pass, and the speaker map with audio attention alone."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from infinitetalk.models.audio_adapter.adapter import frame_windows
from infinitetalk.models.wan import StepState, WanConfig, WanTransformer
from infinitetalk.models.wan.audio_attention import AudioCrossAttention
from infinitetalk.models.wan.block import WanBlock
from infinitetalk.models.wan.conditions import branch_conditions
from infinitetalk.ops.speakers import (
    audio_positions,
    speaker_map,
    speaker_positions,
    token_masks,
)
from infinitetalk.ops.time_features import time_features
from tests.parity.checks.wan import open_model
from tests.parity.compare import ABSOLUTE, Fixture, compare, load
from tests.parity.registry import Row, check

AUDIO = "audio_cross_attn"
VOICES = (("one", 1), ("two", 2))
PARTS = ("cross_attn", AUDIO, "ffn")


class Recorder:
    """Inputs and outputs of modules while a pass runs, by the names of the fixtures."""

    def __init__(self) -> None:
        self.values: dict[str, Tensor] = {}
        self._handles: list[Any] = []

    def watch(self, module: nn.Module, inside: str | None, outside: str | None) -> None:
        def hook(_module: nn.Module, args: tuple[Any, ...], output: Any) -> None:
            if inside:
                self.values[inside] = args[0]
            if outside:
                value = output[0] if isinstance(output, tuple) else output
                self.values[outside] = value.clone()  # the caller may go on to write into it

        self._handles.append(module.register_forward_hook(hook))

    def watch_model(self, model: WanTransformer) -> None:
        self.watch(model.patch_embedding, None, "patch_embedding.out")
        self.watch(model.text_embedding, None, "text_embedding.out")
        self.watch(model.time_embedding, None, "time_embedding.out_e")
        self.watch(model.time_projection, None, "time_projection.out_e0_flat")
        self.watch(model.img_emb, None, "img_emb.out")
        self.watch(model.audio_proj, None, "audio_tokens")
        self.watch(model.head, "head.in", "head.out")
        for index, block in enumerate(model.blocks):
            self.watch(block, f"blocks.{index}.in", f"blocks.{index}.out")
            attention = block.get_submodule("self_attn")
            self.watch(attention.get_submodule("q"), f"blocks.{index}.self_attn.in", None)
            self.watch(attention.get_submodule("o"), None, f"blocks.{index}.self_attn.out")
            for part in PARTS:
                name = f"blocks.{index}.{part}"
                self.watch(block.get_submodule(part), f"{name}.in", f"{name}.out")

    def close(self) -> None:
        for handle in self._handles:
            handle.remove()


@check("transformer", "blocks_")
@torch.no_grad()
def check_blocks(golden: Path, file: Path) -> list[Row]:
    fixture = load(file)
    inputs = load(file.with_name(fixture.meta["inputs_file"]))
    model = open_model(golden, fixture)
    t = inputs[fixture.meta["t"]]
    recorder = Recorder()
    recorder.watch_model(model)
    conditions = branch_conditions(
        model,
        ["cond"],
        text=inputs["in.context"],
        negative_text=None,
        image=inputs["in.clip_fea"],
        audio=inputs["in.audio"],
        masks=inputs["in.ref_target_masks"],
        guard_masks=False,
    )
    condition = conditions["cond"]
    found = model.forward_branches(inputs["in.x"], inputs["in.y"][0], t, [condition])
    recorder.close()
    values = recorder.values | {"out": found[0][None]}
    values |= _derived(model, fixture, inputs, values)
    # With several cells per value the recordings are flat or by speaker; ours are viewed alike.
    return [
        compare(name, _viewed(values[name], expected), expected, absolute=ABSOLUTE)
        for name, expected in fixture.tensors.items()
    ]


def _viewed(found: Tensor, expected: Tensor) -> Tensor:
    return found.reshape(expected.shape) if found.numel() == expected.numel() else found


def _derived(
    model: WanTransformer,
    fixture: Fixture,
    inputs: Fixture,
    values: dict[str, Tensor],
) -> dict[str, Tensor]:
    """Values that no module of ours takes or gives as they were recorded."""
    audio = inputs["in.audio"]
    first, later = frame_windows(audio, model.config.vae_scale)
    tokens = values["audio_tokens"]
    by_speaker = tokens.unflatten(2, (len(audio), -1)).transpose(1, 2)
    t = inputs[fixture.meta["t"]]
    derived = {
        "audio_proj.in_first": first,
        "audio_proj.in_latter": later,
        "audio_proj.out": by_speaker,
        "time_embedding.out_e_sinusoid": time_features(t, model.config.freq_dim),
    }
    _, step = model.start(inputs["in.x"][None], inputs["in.y"], t)
    masks = token_masks(inputs["in.ref_target_masks"], *step.grid[1:], guard=False)[None]
    for index, block in enumerate(model.blocks):
        name = f"blocks.{index}"
        derived[f"{name}.{AUDIO}.encoder_hidden_states"] = tokens
        x = values[f"{name}.self_attn.in"]
        derived |= _speaker_values(block, name, x, step, masks, model.config.context_tokens)
    return derived


def _speaker_values(
    block: nn.Module, name: str, x: Tensor, step: StepState, masks: Tensor, tokens: int
) -> dict[str, Tensor]:
    """The map and the positions; one-person fixtures hold a map that only this check makes."""
    assert isinstance(block, WanBlock)
    q, k, _ = block.self_attn.query_key_value(x, step.rope.cos, step.rope.sin)
    maps = speaker_map(q, k, masks)
    ranges = {"class_range": block.class_range, "class_interval": block.class_interval}
    audio = audio_positions(tokens, **ranges).repeat(step.grid[0])
    return {
        f"{name}.self_attn.x_ref_attn_map": maps,
        f"{name}.{AUDIO}.q_positions": speaker_positions(maps, guard=False, **ranges),
        f"{name}.{AUDIO}.k_positions": audio,
    }


@check("transformer", "attn_map")
@torch.no_grad()
def check_attention_map(golden: Path, file: Path) -> list[Row]:
    fixture = load(file)
    meta = fixture.meta
    frames = meta["grid"][0]
    ranges = {"class_range": meta["class_range"], "class_interval": meta["class_interval"]}
    config = WanConfig(
        dim=meta["heads"] * meta["head_dim"],
        num_heads=meta["heads"],
        output_dim=fixture["in.tokens_one"].shape[-1],
        **ranges,
    )
    attention = AudioCrossAttention(config)
    attention.load_state_dict(fixture.part("w."))
    maps = speaker_map(fixture["in.q"], fixture["in.k"], fixture["in.token_masks"][None] > 0)
    positions = speaker_positions(maps, guard=False, **ranges)
    speaker_tokens = fixture["in.tokens_two"].shape[2] // 2
    audio = audio_positions(speaker_tokens, **ranges).repeat(frames)
    heard = [attention.key_value(fixture[f"in.tokens_{n}"], speakers=s) for n, s in VOICES]
    one = attention(fixture["in.x"], heard[0], frames)
    two = attention(fixture["in.x"], heard[1], frames, positions)
    return [
        compare("out.map", maps[0], fixture["out.map"]),
        compare("mid.q_positions", positions[0], fixture["mid.q_positions"]),
        compare("mid.k_positions", audio, fixture["mid.k_positions"]),
        compare("out.one", one, fixture["out.one"]),
        compare("out.two", two, fixture["out.two"]),
    ]

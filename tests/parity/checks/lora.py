"""LoRA files in four spellings, merged into the weights and beside them."""

import re
from pathlib import Path

import torch
from torch import Tensor

from infinitetalk.models.wan import WanConfig, WanTransformer
from infinitetalk.models.wan.conditions import branch_conditions
from infinitetalk.weights.load import load_into
from infinitetalk.weights.lora import LoraFile, read_lora
from infinitetalk.weights.merge import MergedState, ScaledLora, merge
from infinitetalk.weights.side_branch import attach
from infinitetalk.weights.tensors import LazyState, State, open_state
from tests.parity.compare import ABSOLUTE, Fixture, compare, exact, load
from tests.parity.registry import Row, check

MERGED = 1e-6  # the golden README's limit for merged weights: one float32 rounding per sum


def built(fixture: Fixture, state: State) -> WanTransformer:
    """The fixture's transformer, made on `meta` and filled as the engine fills it."""
    with torch.device("meta"):
        model = WanTransformer(WanConfig.from_json(fixture.meta["config"]))
    load_into(model, state, what="transformer")
    return model.eval()


@torch.no_grad()
def output(model: WanTransformer, fixture: Fixture) -> Tensor:
    """The velocity for the fixture's inputs with all conditions, with a batch axis."""
    conditions = branch_conditions(
        model,
        ["cond"],
        text=fixture["in.context"],
        negative_text=None,
        image=fixture["in.clip_fea"],
        audio=fixture["in.audio"],
        masks=fixture["in.ref_target_masks"],
        guard_masks=False,
    )
    (found,) = model.forward_branches(
        fixture["in.x"], fixture["in.y"][0], fixture["in.t"], list(conditions.values())
    )
    return found[None]


def base_state(golden: Path, fixture: Fixture) -> LazyState:
    return open_state([golden / "transformer" / fixture.meta["weights_file"]])


def expectation(fixture: Fixture, stem: str) -> tuple[str, float]:
    """Name of the output that a LoRA file should give, and the user's scale."""
    text = fixture.meta["expect"][stem]
    match = re.fullmatch(r"(\S+) \(user scale ([\d.]+)\)", text)
    assert match, f"{fixture.path.name} describes {stem} as {text!r}"
    return match[1], float(match[2])


def results(folder: Path) -> list[Fixture]:
    return [load(path) for path in sorted(folder.glob("lora_result*.safetensors"))]


def read(path: Path, state: State) -> LoraFile:
    return read_lora(path, {name: state.shape(name) for name in state})


@check("transformer", "lora_")
def check_lora_file(golden: Path, file: Path) -> list[Row]:
    """Every key is matched; merged and attached give the recorded output."""
    rows: list[Row] = []
    for fixture in results(file.parent):
        if file.stem not in fixture.meta["expect"]:
            continue
        name, scale = expectation(fixture, file.stem)
        state = base_state(golden, fixture)
        lora = read(file, state)
        rows.append(exact("keys without a place", [*lora.unmatched, *lora.skipped], []))
        merged = built(fixture, merge(state, [ScaledLora(lora=lora, scale=scale)]))
        rows.append(compare(name, output(merged, fixture), fixture[name], absolute=ABSOLUTE))
        model = built(fixture, state)
        attached = attach(model, [ScaledLora(lora=lora, scale=scale)])
        rows.append(
            compare(f"{name}, attached", output(model, fixture), fixture[name], absolute=ABSOLUTE)
        )
        attached.detach()
        before = output(model, fixture)
        rows.append(compare("out.before, detached", before, fixture["out.before"]))
    return rows


@check("transformer", "lora_result")
def check_lora_result(golden: Path, file: Path) -> list[Row]:
    """The output before any LoRA, and single merged weights."""
    fixture = load(file)
    state = base_state(golden, fixture)
    plain = output(built(fixture, state), fixture)
    rows = [compare("out.before", plain, fixture["out.before"], absolute=ABSOLUTE)]
    for name, expected in fixture.tensors.items():
        match = re.fullmatch(r"merged_([^.]+)\.(.+)", name)
        if match is None:
            continue
        for stem in fixture.meta["expect"]:
            found, scale = expectation(fixture, stem)
            if found.startswith(f"out.{match[1]}_"):
                lora = read(file.with_name(f"{stem}.safetensors"), state)
                merged = MergedState(state, [ScaledLora(lora=lora, scale=scale)])
                rows.append(
                    compare(f"{name} by {stem}", merged[match[2]], expected, relative=MERGED)
                )
    return rows

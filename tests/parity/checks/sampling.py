"""Schedule, guidance, TeaCache and whole denoising loops."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from infinitetalk.models.wan import WanConfig, WanTransformer
from infinitetalk.models.wan.conditions import branch_conditions
from infinitetalk.pipeline.chunk import ChunkConditions, Sampling, denoise_chunk
from infinitetalk.request import Apg, branch_names
from infinitetalk.sampling import noised, timesteps
from infinitetalk.sampling.denoise import with_motion
from infinitetalk.sampling.guidance import ProjectedGuidance
from infinitetalk.sampling.teacache import decide
from tests.parity.checks.wan import open_model
from tests.parity.compare import ABSOLUTE, Fixture, compare, exact, load
from tests.parity.registry import Row, check

SCHEDULE_NAME = re.compile(r"timesteps\.steps(\d+)_shift([\d.]+)")


@check("transformer", "schedule")
def check_schedule(golden: Path, file: Path) -> list[Row]:
    fixture = load(file)
    rows = []
    for name in fixture.tensors:
        if match := SCHEDULE_NAME.fullmatch(name):
            found = timesteps(int(match[1]), float(match[2]))
            rows.append(compare(name, found, fixture[name], relative=1e-6))
    found = noised(fixture["noising.x0"], fixture["noising.noise"], fixture["noising.t"])
    return [*rows, compare("noising.out", found, fixture["noising.out"])]


@check("transformer", "apg")
def check_apg(golden: Path, file: Path) -> list[Row]:
    fixture = load(file)
    rows = []
    for variant in fixture.meta["variants"]:
        settings = Apg(
            momentum=variant["momentum"] or 0.0,  # null: no momentum
            norm_threshold=variant["norm_threshold"],
            eta=variant["eta"],
        )
        term = ProjectedGuidance(settings)
        name = f"out.{variant['name']}"
        steps = zip(fixture["in.diff"], fixture["in.cond"], strict=True)
        found = torch.stack([term(difference, cond) for difference, cond in steps])
        rows.append(compare(name, found, fixture[name]))
        if f"{name}.running_last" in fixture and term.running is not None:
            last = fixture[f"{name}.running_last"]
            rows.append(compare(f"{name}.running_last", term.running, last))
    return rows


def apg_of(meta: dict[str, Any]) -> Apg | None:
    if not meta["use_apg"]:
        return None
    return Apg(momentum=meta["apg_momentum"], norm_threshold=meta["apg_norm_threshold"])


@check("transformer", "loop_")
def check_loop(golden: Path, file: Path) -> list[Row]:
    fixture = load(file)
    meta = fixture.meta
    model = open_model(golden, fixture)
    # The reference also runs branches that cancel out; those that count must be the same.
    needed = branch_names(meta["text_guide_scale"], meta["audio_guide_scale"])
    rows = [exact("branches", list(needed), [b for b in meta["branches"] if b in needed])]
    for number in range(meta["chunks"]):
        rows += _check_chunk(fixture, f"chunk{number}.", model)
    return rows


def _check_chunk(fixture: Fixture, prefix: str, model: Any) -> list[Row]:
    meta, chunk = fixture.meta, fixture.part(prefix)
    moments = timesteps(meta["steps"], meta["shift"])
    predicted: list[Mapping[str, Tensor]] = []
    steps = denoise_chunk(
        model,
        ChunkConditions(
            y=chunk["y"][0], image=fixture["in.clip_fea"], motion=chunk["motion_latents"]
        ),
        Sampling(
            timesteps=moments,
            text_guidance_scale=meta["text_guide_scale"],
            audio_guidance_scale=meta["audio_guide_scale"],
            apg=apg_of(meta),
            guard_masks=False,
        ),
        text=fixture["in.context"],
        negative=fixture["in.context_null"],
        audio=chunk["audio"],
        masks=chunk["ref_target_masks"],
        noise=chunk["noise"],
        observe=lambda _step, velocities: predicted.append(velocities),
    )
    reached = [step.latents for step in steps]
    start = with_motion(chunk["noise"], chunk["motion_latents"])
    rows = [compare(f"{prefix}timesteps", moments, chunk["timesteps"], relative=1e-6)]
    pairs = {"latents_in": torch.stack([start, *reached[:-1]]), "final": reached[-1]}
    for name in predicted[0]:
        pairs[f"pred_{name}"] = torch.stack([velocities[name] for velocities in predicted])
    rows += [
        compare(prefix + name, found, chunk[name], absolute=ABSOLUTE)
        for name, found in pairs.items()
        if name in chunk or name == "final"
    ]
    return rows


@check("transformer", "teacache")
def check_teacache(golden: Path, file: Path) -> list[Row]:
    """Runs whose `semantics` describe a defect of the reference are not matched.

    A trimmed file has decisions without outputs, and the time weights that they follow from.
    """
    fixture = load(file)
    if time_weights := fixture.part("w."):
        model = WanTransformer(WanConfig.from_json(fixture.meta["config"])).eval()
        model.load_state_dict(time_weights, strict=False)
    else:
        model = open_model(golden, fixture)
    moments = timesteps(fixture.meta["steps"], fixture.meta["shift"])
    rows = [compare("in.timesteps", moments, fixture["in.timesteps"], relative=1e-6)]
    for run in fixture.meta["runs"]:
        if len(run["branches"]) == 2 and not run["semantics"].startswith("fixed"):
            continue
        rows += _check_teacache_run(fixture, run, model, moments)
    return rows


def _check_teacache_run(
    fixture: Fixture, run: dict[str, Any], model: Any, moments: Tensor
) -> list[Row]:
    tag, branches = run["tag"], run["branches"]
    projected = run["use_ret_steps"]
    signals = model.time_signals(moments[:-1], projected=projected)
    resolution = run["model_scale"].rpartition("-")[2]
    decisions = decide(
        signals, threshold=run["threshold"], resolution=resolution, projected=projected
    )
    computed = [d.compute for d in decisions]
    expected = fixture[f"{tag}.computed"]
    gathered = torch.tensor([d.accumulated for d in decisions], dtype=torch.float64)
    rows = [
        exact(f"{tag}.computed", torch.tensor(computed)[:, None].expand_as(expected), expected),
        compare(
            f"{tag}.accumulated",
            gathered[:, None].expand(-1, len(branches)),
            fixture[f"{tag}.accumulated"],
            relative=1e-4,  # float32 noise of mean|difference| times the steep polynomial
        ),
    ]
    if f"{tag}.out" in fixture:
        rows.append(_check_teacache_outputs(fixture, run, model, moments, computed))
    return rows


def _check_teacache_outputs(
    fixture: Fixture, run: dict[str, Any], model: Any, moments: Tensor, computed: list[bool]
) -> Row:
    conditions = branch_conditions(
        model,
        run["branches"],
        text=fixture["in.context"],
        negative_text=fixture["in.context_null"],
        image=fixture["in.clip_fea"],
        audio=fixture["in.audio"],
        masks=fixture["in.ref_target_masks"],
        guard_masks=False,
    )
    residuals: list[Tensor] = []
    found = [
        torch.stack(
            model.forward_branches(
                latents,
                fixture["in.y"][0],
                moments[step],
                list(conditions.values()),
                residuals=residuals,
                reuse=not computed[step],
            )
        )
        for step, latents in enumerate(fixture["in.latents"])
    ]
    name = f"{run['tag']}.out"
    return compare(name, torch.stack(found), fixture[name], absolute=ABSOLUTE)

"""A plan in lines that a person reads, for the command line."""

from infinitetalk.plan.decisions import Plan
from infinitetalk.plan.facts import Machine, WeightsFacts
from infinitetalk.plan.report import level
from infinitetalk.plan.words import duration, shown_size, size_in_bytes
from infinitetalk.request import FPS

_NAMES = {
    "text": "prompt",
    "speech": "speech",
    "load": "loading the model",
    "source": "source picture",
    "denoise": "denoising",
    "decode": "decoding",
    "store": "storing",
}


def plan_lines(
    plan: Plan,
    weights: WeightsFacts | None = None,
    machine: Machine | None = None,
    *,
    tips: bool = True,
) -> list[str]:
    """What will be done, what it takes, and what to know before; without line ends."""
    lines = []
    if weights is not None:
        lines.append(f"Model       {weights.name}, {_precision(plan, weights)}")
    if machine is not None:
        lines.append(f"Machine     {machine_line(machine)}")
    lines += [
        f"Video       {shown_size(plan.size)}, {plan.total_frames} frames "
        f"({duration(plan.total_frames / FPS)} at {FPS} per second)",
        f"Chunks      {_chunks(plan)}",
        f"Per chunk   {plan.steps} steps x {len(plan.branches)} "
        f"{'pass' if len(plan.branches) == 1 else 'passes'}, shift {plan.shift:g}",
        f"Computing   {_computing(plan)}",
        f"Time        {duration(plan.seconds)} ({duration(plan.seconds_per_chunk)} per chunk; "
        f"{_origin(plan)})",
        f"Memory      {_memory(plan)}",
        f"Disk        {size_in_bytes(plan.disk)}",
    ]
    for stage in plan.stages:
        per = " per chunk" if stage.per_chunk else ""
        vram = f", {size_in_bytes(stage.vram)} VRAM" if stage.vram else ""
        name = _NAMES.get(stage.stage, stage.stage)
        lines.append(
            f"  {name:<18}{duration(stage.seconds)}{per}{vram}, {size_in_bytes(stage.ram)} RAM"
        )
    for notice in plan.notices:
        if level(notice) == "tip" and not tips:
            continue
        lines.append(f"{level(notice)}: {notice} [{notice.code}]")
    if not plan.fits:
        lines.append("This can't be rendered here as it is.")
    return lines


def machine_line(machine: Machine) -> str:
    card = machine.gpu or "no usable graphics card"
    if machine.gpu:
        card += f" ({size_in_bytes(machine.vram_free)} of {size_in_bytes(machine.vram_total)} free)"
    return (
        f"{card}, {machine.cores} cores, {size_in_bytes(machine.ram_free)} RAM free, "
        f"{size_in_bytes(machine.disk_free)} disk free"
    )


def _precision(plan: Plan, weights: WeightsFacts) -> str:
    stored = "" if weights.stored == plan.precision else f" (stored as {weights.stored})"
    return f"weights in {plan.precision}{stored}"


def _chunks(plan: Plan) -> str:
    spans = [chunk.span_frames for chunk in plan.chunks]
    text = f"{len(spans)} of {max(spans)} frames"
    if len(spans) > 1:
        text += f", {plan.chunks[1].motion_frames} repeated"
        if spans[-1] != max(spans):
            text += f", the last one of {spans[-1]}"
    return text


def _computing(plan: Plan) -> str:
    if plan.device == "cpu":
        return f"on the CPU with {plan.threads} {'thread' if plan.threads == 1 else 'threads'}"
    tile = f"tiles of {plan.vae_tile}" if plan.vae_tile else "whole frames"
    return f"{plan.dtype} on the card, {plan.resident_blocks} blocks stay there; decoding in {tile}"


def _origin(plan: Plan) -> str:
    if plan.seconds_origin == "measured":
        return "measured here, +-8 %"
    where = "processor" if plan.device == "cpu" else "card"
    return f"estimated from the {where}'s figures, +-40 %"


def _memory(plan: Plan) -> str:
    ram = f"{size_in_bytes(plan.peak_ram)} RAM"
    if plan.device == "cpu":
        return ram
    return f"{size_in_bytes(plan.peak_vram)} VRAM at the peak, {ram}"

"""What 8 bits and skipped steps cost in quality, on the trained miniature model.

The same held-out clips are rendered through the engine's renderer with the network changed from
outside. Decibels are against the first variant, the weights as bfloat16 numbers; how well lips follow
speech is measured against the truth, as the miniature's own evaluation does.
"""

import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from infinitetalk.demo.held_out import HeldOut, evaluation_folder, load_held_out, portrait
from infinitetalk.demo.judge import FILE as JUDGE_FILE
from infinitetalk.demo.judge import Judge, load_judge
from infinitetalk.demo.metrics import lip_sync, psnr
from infinitetalk.demo.rendering import write_wav
from infinitetalk.engine.control import Control
from infinitetalk.engine.export import video_frames
from infinitetalk.engine.model import MINIATURE, ModelChoice, build_request
from infinitetalk.engine.prepare import prepare_job
from infinitetalk.engine.renderer import Renderer
from infinitetalk.models.wan import WanTransformer
from infinitetalk.models.wan.block import WanBlock
from infinitetalk.ops.attention_8bit import attend_8bit_plain
from infinitetalk.probe import machine
from infinitetalk.quant.linear import QuantLinear, replace_linears
from infinitetalk.quant.rows import quantize_rows_plain
from infinitetalk.quant.schemes import SCHEMES
from infinitetalk.request import SpeechTrack

Change = Callable[[WanTransformer], None]
FIRST_SEED = 1000
TEACACHE_THRESHOLDS = (8.0, 30.0)  # of the miniature's 8 steps these leave out one and two


# -- changes ---------------------------------------------------------------------------------------


def widen(network: nn.Module) -> None:
    """Weights stored in 8 bits as plain layers of bfloat16 numbers."""
    found = [(n, m) for n, m in network.named_modules() if isinstance(m, QuantLinear)]
    for name, layer in found:
        bias = None if layer.bias is None else layer.bias.detach()
        dtype = torch.float32 if bias is None else bias.dtype
        plain = nn.Linear(layer.in_features, layer.out_features, bias is not None, dtype=dtype)
        weight = layer.dequantized(torch.bfloat16).to(dtype)
        plain.weight = nn.Parameter(weight, requires_grad=False)
        if bias is not None:
            plain.bias = nn.Parameter(bias, requires_grad=False)
        owner, _, local = name.rpartition(".")
        setattr(network.get_submodule(owner), local, plain)


def code_linears(network: WanTransformer, scheme: str, *, activations: bool) -> None:
    """Linears of the blocks in 8 bits, and with `activations` what goes into them too."""
    widen(network)
    for block in network.blocks:
        names = [n for n, m in block.named_modules() if isinstance(m, nn.Linear)]
        replace_linears(block, scheme, names)
        for name in names if activations else ():
            layer = block.get_submodule(name)
            layer.register_forward_pre_hook(partial(_code_activations, scheme))


def _code_activations(scheme: str, _layer: nn.Module, given: tuple[Tensor, ...]) -> tuple[Tensor]:
    """What a product with both factors in 8 bits sees: each token rounded by a scale of its own."""
    (x,) = given
    rows = quantize_rows_plain(x.reshape(-1, x.shape[-1]), SCHEMES[scheme])
    return ((rows.data.float() * rows.scale).to(x.dtype).view(x.shape),)


def code_attention(network: WanTransformer) -> None:
    """Self-attention with its products in 8 bits."""
    widen(network)
    for block in network.blocks:
        assert isinstance(block, WanBlock)
        block.self_attn.attention = attend_8bit_plain


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One way to render."""

    name: str
    change: Change = widen
    fields: Mapping[str, Any] = field(default_factory=dict)  # of the request


VARIANTS = (
    Variant(name="bf16"),
    Variant(name="fp8 weights", change=partial(code_linears, scheme="fp8", activations=False)),
    Variant(name="fp8 products", change=partial(code_linears, scheme="fp8", activations=True)),
    Variant(name="int8 weights", change=partial(code_linears, scheme="int8", activations=False)),
    Variant(name="int8 products", change=partial(code_linears, scheme="int8", activations=True)),
    Variant(name="8-bit attention", change=code_attention),
    *(
        Variant(name=f"TeaCache {threshold:g}", fields={"teacache_threshold": threshold})
        for threshold in TEACACHE_THRESHOLDS
    ),
    Variant(name="another seed", fields={"seed": 1}),  # how far apart equally good clips are
)


# -- measuring -------------------------------------------------------------------------------------


def measure_quality(clips: int) -> list[dict[str, Any]]:
    """A row per variant over the first `clips` held-out clips."""
    held, judge = load_held_out(), load_judge(evaluation_folder() / JUDGE_FILE)
    rows: list[dict[str, Any]] = []
    reference: list[NDArray[np.uint8]] = []
    for variant in VARIANTS:
        videos = [_rendered(held, clip, variant) for clip in range(clips)]
        reference = reference or videos
        figures = lip_sync(
            np.stack([_openings(judge, video, held) for video in videos]), held.openings[:clips]
        )
        rows.append(
            {
                "variant": variant.name,
                "clips": clips,
                "lip_sync": figures["pooled"],
                "lip_sync_interval": figures["interval"],
                "psnr": None
                if videos is reference
                else float(
                    np.mean([_decibels(a, b) for a, b in zip(videos, reference, strict=True)])
                ),
            }
        )
        print(f"quality: {rows[-1]}", file=sys.stderr, flush=True)
    return rows


def _decibels(seen: NDArray[np.uint8], true: NDArray[np.uint8]) -> float:
    return psnr(seen.astype(np.float64) / 127.5 - 1, true.astype(np.float64) / 127.5 - 1)


def _openings(judge: Judge, video: NDArray[np.uint8], held: HeldOut) -> NDArray[np.float32]:
    pictures = torch.from_numpy(video).permute(0, 3, 1, 2).float() / 127.5 - 1
    return judge.watch(pictures)[: held.frames, 0]


def _rendered(held: HeldOut, clip: int, variant: Variant) -> NDArray[np.uint8]:
    """A clip's frames [F, H, W, 3]."""
    from PIL import Image

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        picture = portrait(held.person(clip)).permute(1, 2, 0)
        pixels = ((picture + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
        Image.fromarray(pixels.numpy()).save(folder / "source.png")
        write_wav(folder / "speech.wav", held.speech[clip])
        choice = ModelChoice(name=MINIATURE)
        fields = {
            "seed": FIRST_SEED + clip,
            "source": folder / "source.png",
            "speech": (SpeechTrack(path=folder / "speech.wav"),),
        }
        request = build_request({**fields, **variant.fields}, choice.find(), preset=None)
        prepared = prepare_job(request, choice, folder / "clip.job", machine(folder))
        try:
            renderer = Renderer(prepared, Control(), threading.RLock())
            try:
                network, _ = renderer._networks.loaded_transformer()
                variant.change(network)
                for _ in renderer.events():
                    pass
            finally:
                renderer.close()
            return np.concatenate(list(video_frames(prepared.job, prepared.plan)))
        finally:
            prepared.job.close()

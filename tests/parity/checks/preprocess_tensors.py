"""Preparations that are functions of tensors: color match, speaker masks, the mask channels of y."""

from pathlib import Path

import torch
from torch import Tensor

from infinitetalk.pipeline.chunk import MASK_CHANNELS, conditioning_latents
from infinitetalk.pipeline.color import match_colors
from infinitetalk.pipeline.masks import FACE_SCALE, speaker_masks
from infinitetalk.request import Box
from tests.parity.compare import compare, exact, load
from tests.parity.registry import Row, check


@check("preprocess", "colour_match")
def check_color_match(golden: Path, file: Path) -> list[Row]:
    fixture = load(file)
    rows = []
    for video, out in (("video", "out"), ("video_flat_frame", "out_flat")):
        for strength in fixture.meta["meta"]["strengths"]:
            name = f"{out}.{strength}"
            found = match_colors(fixture[video], fixture["reference"], strength, guard_flat=False)
            rows.append(compare(name, found, fixture[name], absolute=1e-4))
    return rows


@check("preprocess", "person_masks")
def check_speaker_masks(golden: Path, file: Path) -> list[Row]:
    fixture = load(file)
    rows = []
    for i, case in enumerate(fixture.meta["meta"]["cases"]):
        boxes = [
            Box(top=top, left=left, bottom=bottom, right=right)
            for top, left, bottom, right in case.get("bbox", {}).values()
        ]
        target = (case["target"][0], case["target"][1])
        found = speaker_masks(
            (case["src"][0], case["src"][1]),
            target,
            case["persons"],
            boxes,
            guard=False,
            face_scale=case.get("face_scale", FACE_SCALE),
        )
        rows.append(exact(f"case{i} masks", found, fixture[f"case{i}.ref_target_masks"]))
        picture = torch.zeros(3, *target)
        y = conditioning_latents(_ShapeOnly(), picture, case["frame_num"])
        expected = fixture[f"case{i}.y_mask_channels"]
        rows.append(exact(f"case{i} mask channels of y", y[:MASK_CHANNELS], expected))
    return rows


class _ShapeOnly:
    """A codec whose latents are zero: the mask channels depend on their shape alone."""

    def encode(self, pixels: Tensor) -> Tensor:
        frames, height, width = pixels.shape[1:]
        return torch.zeros(16, 1 + (frames - 1) // 4, height // 8, width // 8)

    def decode(self, latents: Tensor) -> Tensor:
        frames, height, width = latents.shape[1:]
        return torch.zeros(3, 1 + (frames - 1) * 4, height * 8, width * 8)

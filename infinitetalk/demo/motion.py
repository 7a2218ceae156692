"""How a head moves: sums of slow sines, their size set by the style, and blinks at hashed moments."""

from dataclasses import dataclass

import torch
from torch import Tensor

from infinitetalk.demo.faces import Faces

SIZE_OF_STYLE = (0.12, 0.8, 2.0)  # still, gentle, lively: factor on every axis
# At style size 1: face units, face units, radians, face units at the nose, same, face units.
SIZE_OF_AXIS = (1.56, 1.14, 0.027, 1.32, 0.9, 0.54)
WAVE_SPEEDS = (1.0, 1.7, 0.6)
BLINK_EVERY = 2.6  # seconds; one blink somewhere within each
BLINK_HALF = 0.085  # seconds from open to shut


@dataclass(frozen=True, kw_only=True)
class Pose:
    """Where the heads are, each field [B, F]."""

    shift_x: Tensor
    shift_y: Tensor
    tilt: Tensor  # radians
    yaw: Tensor  # face units by which the nose moves sideways
    pitch: Tensor
    brow: Tensor
    blink: Tensor  # 0 open, 1 shut


def pose_at(faces: Faces, seconds: Tensor) -> Pose:
    """Poses of B people at `seconds` [B, F]; the same at the same moment, whatever the frames around."""
    frequency, phase, amplitude = (w[:, :, None] for w in faces.waves.unbind(1))
    speeds = seconds.new_tensor(WAVE_SPEEDS)
    angle = 6.2832 * frequency * speeds * seconds[:, None, :, None] + phase
    size = seconds.new_tensor(SIZE_OF_STYLE)[faces.style][:, None, None]
    axes = (angle.sin() * amplitude).sum(-1) * size * seconds.new_tensor(SIZE_OF_AXIS)[:, None]
    shift_x, shift_y, tilt, yaw, pitch, brow = axes.unbind(1)
    return Pose(
        shift_x=shift_x,
        shift_y=shift_y,
        tilt=tilt,
        yaw=yaw,
        pitch=pitch,
        brow=brow,
        blink=_blink(faces.number("blink_phase")[:, None], seconds),
    )


def _blink(phase: Tensor, seconds: Tensor) -> Tensor:
    cell = torch.floor(seconds / BLINK_EVERY)
    hashed = torch.frac(torch.sin((cell + phase) * 12.9898) * 43758.5453).abs()
    moment = (cell + 0.1 + 0.75 * hashed) * BLINK_EVERY
    return (1.35 - (seconds - moment).abs() / BLINK_HALF).clamp(0, 1)

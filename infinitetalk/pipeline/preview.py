"""A small picture of latents while they are denoised: a linear map from latent channels to RGB.

The default matrix is the one in public use for Wan 2.1 latents (spec published_files.md, "Live
preview"); a model folder may bring its own, fitted on its VAE.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

_WAN_MATRIX = (
    (-0.1299, -0.1692, 0.2932),
    (0.0671, 0.0406, 0.0442),
    (0.3568, 0.2548, 0.1747),
    (0.0372, 0.2344, 0.1420),
    (0.0313, 0.0189, -0.0328),
    (0.0296, -0.0956, -0.0665),
    (-0.3477, -0.4059, -0.2925),
    (0.0166, 0.1902, 0.1975),
    (-0.0412, 0.0267, -0.1364),
    (-0.1293, 0.0740, 0.1636),
    (0.0680, 0.3019, 0.1128),
    (0.0032, 0.0581, 0.0639),
    (-0.1251, 0.0927, 0.1699),
    (0.0060, -0.0633, 0.0005),
    (0.3477, 0.2275, 0.2950),
    (0.1984, 0.0913, 0.1861),
)
_WAN_BIAS = (-0.1835, -0.0868, -0.3360)
SHOWN_FRAMES = 4  # latent frames side by side in time order are too small; one in this many is kept


@dataclass(frozen=True, kw_only=True)
class PreviewMap:
    """RGB = latents @ matrix + bias, about -1..1."""

    matrix: Sequence[Sequence[float]] = _WAN_MATRIX  # [channels][3]
    bias: Sequence[float] = _WAN_BIAS

    def picture(self, latents: Tensor) -> NDArray[np.uint8]:
        """Latents of one frame [C, h, w] -> [h, w, 3]."""
        flat = latents.detach().float().cpu().movedim(0, -1)
        matrix = torch.tensor(self.matrix, dtype=torch.float32)
        bias = torch.tensor(self.bias, dtype=torch.float32)
        rgb = (flat @ matrix + bias + 1) * 127.5
        return rgb.clamp(0, 255).round().to(torch.uint8).numpy()


def preview_strip(
    clean: Tensor, colors: PreviewMap, count: int = SHOWN_FRAMES
) -> NDArray[np.uint8]:
    """`count` moments of a chunk's clean estimate [C, T, h, w] side by side: [h, n * w, 3].

    The last one is the chunk's end, which the window shows alone where it has little room.
    """
    last = clean.shape[1] - 1
    moments = sorted({round(last * i / max(1, count - 1)) for i in range(count)})
    return np.concatenate([colors.picture(clean[:, m]) for m in moments], axis=1)


def png_bytes(picture: NDArray[np.uint8]) -> bytes:
    """A PNG of [H, W, 3]; so small a picture needs no imaging library in the engine's process."""
    height, width, _ = picture.shape
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = np.concatenate(
        [np.zeros((height, 1), np.uint8), picture.reshape(height, width * 3)], axis=1
    )
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 3)), (b"IEND", b"")]
    out = b"\x89PNG\r\n\x1a\n"
    for kind, data in parts:
        checksum = zlib.crc32(kind + data)
        out += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)
    return out

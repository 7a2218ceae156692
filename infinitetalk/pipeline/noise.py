"""The noise that a chunk starts from: a function of (seed of the chunk, chunk index)."""

import hashlib

import torch
from torch import Tensor


def chunk_noise(seed: int, chunk: int, shape: tuple[int, ...]) -> Tensor:
    """Normal noise, float32 on the CPU, so that a seed means the same on every device.

    A digest of seed and index starts the generator: no chunk depends on how many were drawn before
    it (the reference draws all chunks from one stream on the compute device; spec transformer.md
    5.3), and neighboring seeds share nothing.
    """
    digest = hashlib.sha256(f"chunk noise {seed} {chunk}".encode()).digest()
    generator = torch.Generator("cpu").manual_seed(int.from_bytes(digest[:8], "big") >> 1)
    return torch.randn(shape, generator=generator, dtype=torch.float32)

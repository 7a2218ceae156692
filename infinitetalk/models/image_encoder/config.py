"""The sizes of an image encoder, read off its tensors."""

import math
from dataclasses import dataclass

from infinitetalk.errors import engine_error
from infinitetalk.weights.tensors import State

PUBLISHED_HEAD_DIM = 80  # ViT-H/14: 1280 / 16


@dataclass(frozen=True, kw_only=True)
class ImageEncoderConfig:
    """Sizes of a CLIP visual tower. `layers` counts those that run: all but the last."""

    dim: int
    heads: int
    ffn_dim: int
    layers: int
    image_size: int  # pixels, square
    patch_size: int
    epsilon: float = 1e-5

    @property
    def tokens(self) -> int:
        """Tokens of a picture: the class token and one per patch."""
        return (self.image_size // self.patch_size) ** 2 + 1

    @classmethod
    def from_state(cls, state: State, *, heads: int | None = None) -> "ImageEncoderConfig":
        """From the shapes of the visual tensors, named without `visual.`.

        No tensor tells the number of heads: None means heads of 80, as published.
        Raises EngineError `weights.not_image_encoder`, ValueError where `heads` is needed.
        """
        for name in ("cls_embedding", "pos_embedding", "patch_embedding.weight"):
            if name not in state:
                raise engine_error(
                    "weights.not_image_encoder",
                    "Not an image encoder",
                    f"The file has no tensor visual.{name}, which every CLIP image encoder has.",
                    "Choose models_clip_open-clip-xlm-roberta-large-vit-huge-14.pth.",
                    tensor=name,
                )
        dim = state.shape("cls_embedding")[-1]
        if heads is None and dim % PUBLISHED_HEAD_DIM:
            raise ValueError(f"heads must be given for an image encoder of width {dim}")
        patch = state.shape("patch_embedding.weight")[-1]
        side = math.isqrt(state.shape("pos_embedding")[1] - 1)
        layers = {int(n.split(".")[1]) for n in state if n.startswith("transformer.")}
        return cls(
            dim=dim,
            heads=heads or dim // PUBLISHED_HEAD_DIM,
            ffn_dim=state.shape("transformer.0.mlp.0.weight")[0],
            layers=max(layers),
            image_size=side * patch,
            patch_size=patch,
        )

"""Sizes of the transformer: the 14B model's by default, or read off a config or tensor shapes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

HEAD_SIZE = 128  # of every published Wan model; shapes alone don't tell the number of heads


@dataclass(frozen=True, kw_only=True)
class WanConfig:
    """Sizes of one transformer (spec transformer.md 1). The patch is always (1, 2, 2)."""

    dim: int = 5120
    num_heads: int = 40
    num_layers: int = 40
    ffn_dim: int = 13824
    in_dim: int = 36  # noisy latents, then 4 mask channels, then condition latents
    out_dim: int = 16
    text_len: int = 512
    text_dim: int = 4096
    freq_dim: int = 256
    eps: float = 1e-6
    clip_dim: int = 1280
    audio_window: int = 5
    vae_scale: int = 4  # video frames per latent frame after the first
    audio_blocks: int = 12
    audio_channels: int = 768
    intermediate_dim: int = 512
    output_dim: int = 768  # width of an audio token
    context_tokens: int = 32  # audio tokens per speaker and latent frame
    class_range: int = 24  # 1-D positions of two speakers and the background
    class_interval: int = 4

    def __post_init__(self) -> None:
        if self.dim % self.num_heads or (self.dim // self.num_heads) % 2:
            raise ValueError(
                f"dim ({self.dim}) must be num_heads ({self.num_heads}) times an even head size"
            )

    @property
    def head_size(self) -> int:
        return self.dim // self.num_heads

    @property
    def condition_channels(self) -> int:
        """Channels of `y`: 4 mask channels and the condition latents."""
        return self.in_dim - self.out_dim

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "WanConfig":
        """From the published config.json (base model) or any mapping with these names.

        Absent sizes are the 14B model's. Raises ValueError for another kind of model.
        """
        kind = data.get("model_type", "i2v")
        if kind != "i2v":
            raise ValueError(f"model_type must be 'i2v', found {kind!r}")
        patch = tuple(data.get("patch_size", (1, 2, 2)))
        if patch != (1, 2, 2):
            raise ValueError(f"patch_size must be (1, 2, 2), found {patch}")
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})

    @classmethod
    def from_shapes(
        cls, shapes: Mapping[str, Sequence[int]], base: "WanConfig | None" = None
    ) -> "WanConfig":
        """From the shapes of a complete checkpoint's tensors, by published name.

        `base` gives what shapes don't tell: text length, eps, and how the audio embedding splits
        into blocks and channels; the number of heads too, unless heads are as wide as published.
        Raises ValueError naming the tensor that is missing.
        """

        def shape(name: str) -> Sequence[int]:
            if name not in shapes:
                raise ValueError(f"tensor {name!r} is missing")
            return shapes[name]

        base = base or cls()
        dim, in_dim = shape("patch_embedding.weight")[:2]
        layers = [int(n.split(".")[1]) for n in shapes if n.startswith("blocks.")]
        hidden, first = shape("audio_proj.proj1.weight")
        later = shape("audio_proj.proj1_vf.weight")[1]
        # An odd window w gives `later` w + 1 + (n - 2) entries, so the difference is n - 1.
        embedding = (later - first) // (base.vae_scale - 1)
        blocks, channels = base.audio_blocks, base.audio_channels
        if blocks * channels != embedding:
            blocks, channels = 1, embedding
        output_dim = shape("audio_proj.norm.weight")[0]
        heads = base.num_heads if base.dim == dim else max(dim // HEAD_SIZE, 1)
        return cls(
            dim=dim,
            num_heads=heads,
            num_layers=max(layers, default=-1) + 1,
            ffn_dim=shape("blocks.0.ffn.0.weight")[0],
            in_dim=in_dim,
            out_dim=shape("head.head.weight")[0] // 4,
            text_len=base.text_len,
            text_dim=shape("text_embedding.0.weight")[1],
            freq_dim=shape("time_embedding.0.weight")[1],
            eps=base.eps,
            clip_dim=shape("img_emb.proj.0.weight")[0],
            audio_window=first // embedding,
            vae_scale=base.vae_scale,
            audio_blocks=blocks,
            audio_channels=channels,
            intermediate_dim=hidden,
            output_dim=output_dim,
            context_tokens=shape("audio_proj.proj3.weight")[0] // output_dim,
            class_range=base.class_range,
            class_interval=base.class_interval,
        )

"""The miniature's networks together, as the transformer's stages train and sample them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from infinitetalk.demo.audio_stage import load_encoder
from infinitetalk.demo.image_training import encode_pictures, new_image_encoder
from infinitetalk.demo.sizes import Sizes
from infinitetalk.demo.text_training import encode_batch, new_text_encoder
from infinitetalk.demo.training import load_modules
from infinitetalk.demo.vae_stage import load_vae
from infinitetalk.models.audio_encoder.wav2vec2 import AudioEncoder
from infinitetalk.models.image_encoder.clip import ImageEncoder
from infinitetalk.models.text_encoder.umt5 import TextEncoder
from infinitetalk.models.vae import WanVae
from infinitetalk.models.wan import WanTransformer

FILE = "transformer.safetensors"
OVERLAY_MARKS = ("audio_proj.", ".audio_cross_attn.", ".norm_x.")


@dataclass(frozen=True, kw_only=True)
class Networks:
    audio: AudioEncoder
    vae: WanVae
    text: TextEncoder
    image: ImageEncoder
    transformer: WanTransformer

    @property
    def trained(self) -> dict[str, nn.Module]:
        """What is trained together in the transformer's stage."""
        return {"transformer": self.transformer, "text": self.text, "image": self.image.model}


def is_overlay(name: str) -> bool:
    """True for a transformer parameter of the InfiniteTalk overlay, false for one of the base."""
    return any(mark in name or name.startswith(mark) for mark in OVERLAY_MARKS)


def new_networks(work: Path, sizes: Sizes, device: torch.device) -> Networks:
    """Audio encoder and VAE as trained, the rest fresh."""
    transformer = WanTransformer(sizes.transformer)
    transformer.initialize()
    return Networks(
        audio=load_encoder(work, sizes, device),
        vae=load_vae(work, sizes, device),
        text=new_text_encoder(sizes).to(device),
        image=new_image_encoder(sizes).to(device),
        transformer=transformer.to(device),
    )


def load_networks(
    work: Path, sizes: Sizes, device: torch.device, *, overlay: Mapping[str, Tensor] | None = None
) -> Networks:
    """Everything as trained; with `overlay` those parameters take the place of the transformer's."""
    networks = new_networks(work, sizes, device)
    load_modules(work / FILE, networks.trained)
    if overlay is not None:
        networks.transformer.load_state_dict(dict(overlay), strict=False)
    return networks


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What a batch of clips is conditioned on, before the trained encoders."""

    text_ids: Tensor  # [B, L]
    text_lengths: Tensor  # [B]
    pictures: Tensor  # [B, 3, size, size], preprocessed
    audio: Tensor  # [B, P, F, window, layers, channels]
    source: Tensor  # [B, 16, T, h, w] latents of the source picture and gray
    masks: Tensor | None = None  # [B, 3, h, w], two speakers only

    def without_audio(self) -> "Conditions":
        return self._with(audio=torch.zeros_like(self.audio[:, :1]))

    def with_text(self, ids: Tensor, lengths: Tensor) -> "Conditions":
        return self._with(text_ids=ids, text_lengths=lengths)

    def at(self, index: Tensor) -> "Conditions":
        """Those of some clips."""
        told = {name: v[index] for name, v in self.__dict__.items() if v is not None}
        return Conditions(**told)

    @staticmethod
    def joined(parts: "Sequence[Conditions]") -> "Conditions":
        """Of clips with one speaker, one batch after the other."""
        names = ("text_ids", "text_lengths", "pictures", "audio", "source")
        return Conditions(**{n: torch.cat([getattr(p, n) for p in parts]) for n in names})

    def _with(self, **changes: Tensor) -> "Conditions":
        return Conditions(**{**self.__dict__, **changes})


def masked_source(source: Tensor) -> Tensor:
    """`y` [B, 4 + 16, T, h, w]: the mask says that the first latent frame is given."""
    mask = torch.zeros_like(source[:, :4])
    mask[:, :, 0] = 1
    return torch.cat([mask, source], 1)


def predict(
    networks: Networks,
    latents: Tensor,
    t: Tensor,
    conditions: Conditions,
    block_forward: Callable[..., Tensor] | None = None,
) -> Tensor:
    """Velocity [B, 16, T, h, w]; `block_forward` is a compiled `WanBlock.forward`, or None."""
    model = networks.transformer
    text = encode_batch(networks.text, conditions.text_ids, conditions.text_lengths)
    image = encode_pictures(networks.image, conditions.pictures)
    condition = model.condition(
        text=model.text_context(text),
        image=model.image_context(image),
        audio=model.audio_context(conditions.audio),
        masks=conditions.masks,
    )
    x, step = model.start(latents, masked_source(conditions.source), t)
    for index, block in enumerate(model.blocks):
        run = block if block_forward is None else lambda *a, b=block: block_forward(b, *a)
        x = run(x.contiguous(), step, condition, index)
    return model.finish(x, step)

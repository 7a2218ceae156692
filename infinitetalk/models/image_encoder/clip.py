"""The visual tower of CLIP: a picture to the tokens that the transformer attends to."""

from collections.abc import Iterator, Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import CLIPVisionConfig, CLIPVisionModel

from infinitetalk.models.image_encoder.config import ImageEncoderConfig
from infinitetalk.models.image_encoder.key_map import PREFIX, published_name
from infinitetalk.weights.load import load_into
from infinitetalk.weights.tensors import DictState, RenamedState, State

MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)


def preprocess(pictures: Tensor, size: int) -> Tensor:
    """Pictures at target size, RGB in -1..1, [B, 3, H, W] -> the encoder's input [B, 3, size, size].

    float32. Bicubic without antialiasing, without keeping the shape, and not clamped: it is what
    the transformer was trained with (spec: encoders_and_vae.md 3).
    """
    resized = F.interpolate(
        pictures.float(), size=(size, size), mode="bicubic", align_corners=False
    )
    mean = resized.new_tensor(MEAN)[:, None, None]
    std = resized.new_tensor(STD)[:, None, None]
    return (resized * 0.5 + 0.5 - mean) / std


class ImageEncoder(nn.Module):
    """transformers' `CLIPVisionModel` without its last layer: `hidden_states[-2]` of the whole."""

    def __init__(self, config: ImageEncoderConfig) -> None:
        super().__init__()
        self.config = config
        self.model = CLIPVisionModel(
            CLIPVisionConfig(
                hidden_size=config.dim,
                intermediate_size=config.ffn_dim,
                num_hidden_layers=config.layers,
                num_attention_heads=config.heads,
                image_size=config.image_size,
                patch_size=config.patch_size,
                hidden_act="gelu",
                layer_norm_eps=config.epsilon,
            )
        )
        self._parts.post_layernorm = nn.Identity()  # only the unused pooled output has it

    @property
    def _parts(self) -> Any:
        """Where embeddings and layers hang: transformers 4 keeps them one level lower."""
        return getattr(self.model, "vision_model", self.model)

    @torch.no_grad()
    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures at target size, [B, 3, H, W] in -1..1 -> [B, S, D], class token first."""
        pixels = preprocess(pictures, self.config.image_size)
        weight = self._parts.pre_layrnorm.weight
        return self.model(pixel_values=pixels.to(weight.device, weight.dtype)).last_hidden_state


def load_image_encoder(
    tensors: Mapping[str, Tensor],
    *,
    heads: int | None = None,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> ImageEncoder:
    """An image encoder over the published tensors, with or without the prefix `visual.`.

    Of the file only the visual tensors that run are read. `heads` None: as published, 80 wide.
    `dtype` None keeps the file's; the reference computes in float16 on the GPU.
    """
    state = tensors if isinstance(tensors, State) else DictState(tensors)
    prefixed = [name for name in state if name.startswith(PREFIX)]
    visual = RenamedState(state, {name.removeprefix(PREFIX): name for name in prefixed or state})
    with torch.device("meta"):
        encoder = ImageEncoder(ImageEncoderConfig.from_state(visual, heads=heads))
    wanted = _Transformers(visual, encoder.model)
    load_into(encoder.model, wanted, dtype=dtype, device=device, what="Image encoder")
    positions = torch.arange(encoder.config.tokens, device=device)[None]
    encoder._parts.embeddings.register_buffer("position_ids", positions, persistent=False)
    return encoder.eval()


class _Transformers(State):
    """The visual tensors under transformers' names and in its shapes; none is quantized."""

    def __init__(self, visual: State, model: nn.Module) -> None:
        self._visual = visual
        wanted = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
        self._shapes = {n: s for n, s in wanted.items() if published_name(n)[0] in visual}

    def shape(self, name: str) -> tuple[int, ...]:
        stored, third = published_name(name)
        found = self._visual.shape(stored)
        if third is not None:
            return (found[0] // 3, *found[1:])
        # class token and positions have axes of length one in front
        return found[len(found) - len(self._shapes[name]) :]

    def read(self, name: str, dtype: torch.dtype | None = None) -> Tensor:
        stored, third = published_name(name)
        tensor = self._visual.read(stored)
        if third is not None:
            tensor = tensor.chunk(3)[third]
        tensor = tensor.reshape(self.shape(name))
        return tensor if dtype is None else tensor.to(dtype)

    def quantized(self, name: str) -> None:
        """None: image encoders are small and stay as they are."""
        self._shapes[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._shapes)

    def __len__(self) -> int:
        return len(self._shapes)

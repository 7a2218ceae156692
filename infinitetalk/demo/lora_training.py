"""Low-rank branches beside a transformer's linears, for training; saved under the published names."""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from infinitetalk.models.wan import WanTransformer

PREFIX = "diffusion_model."
ADAPTED = (
    "self_attn.q",
    "self_attn.k",
    "self_attn.v",
    "self_attn.o",
    "cross_attn.q",
    "cross_attn.k",
)
ADAPTED += (
    "cross_attn.v",
    "cross_attn.o",
    "cross_attn.k_img",
    "cross_attn.v_img",
    "ffn.0",
    "ffn.2",
)


class LoraLinear(nn.Module):
    """A frozen linear and a trained low-rank branch: `linear(x) + up(down(x))`."""

    def __init__(self, linear: nn.Linear, rank: int) -> None:
        super().__init__()
        self.linear = linear.requires_grad_(False)
        device = linear.weight.device
        self.down = nn.Parameter(torch.empty(rank, linear.in_features, device=device))
        self.up = nn.Parameter(torch.zeros(linear.out_features, rank, device=device))
        nn.init.kaiming_uniform_(self.down, a=5**0.5)
        self.active = True

    def forward(self, x: Tensor) -> Tensor:
        y = self.linear(x)
        return y + F.linear(F.linear(x, self.down), self.up) if self.active else y


class Branches(nn.Module):
    """All branches of a transformer, which stays frozen otherwise."""

    def __init__(self, transformer: WanTransformer, rank: int) -> None:
        super().__init__()
        self._place: dict[str, LoraLinear] = {}
        transformer.requires_grad_(False)
        for index, block in enumerate(transformer.blocks):
            for name in ADAPTED:
                parent_name, _, last = name.rpartition(".")
                parent = block.get_submodule(parent_name)
                linear = parent.get_submodule(last)
                assert isinstance(linear, nn.Linear)
                branch = LoraLinear(linear, rank)
                setattr(parent, last, branch)
                self._place[f"blocks.{index}.{name}"] = branch
        self.parts = nn.ParameterList(p for b in self._place.values() for p in (b.down, b.up))

    def switch(self, active: bool) -> None:
        for branch in self._place.values():
            branch.active = active

    def published(self) -> Iterator[tuple[str, Tensor]]:
        """Names and values as in lightx2v's files: the factor is the user's scale alone."""
        for module, branch in self._place.items():
            yield f"{PREFIX}{module}.lora_down.weight", branch.down
            yield f"{PREFIX}{module}.lora_up.weight", branch.up

    def take(self, tensors: dict[str, Tensor]) -> None:
        """Values from a file of `published` names."""
        with torch.no_grad():
            for name, value in self.published():
                value.copy_(tensors[name])

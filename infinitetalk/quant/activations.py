"""GELU joined to a linear layer beside it, so that the hidden values are not read and written again."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from infinitetalk.ops.fused import plain_kernels_wanted
from infinitetalk.quant.linear import QuantLinear


class LinearGelu(nn.Linear):
    """A linear layer followed by GELU (by tanh); on a card in one kernel."""

    def forward(self, input: Tensor) -> Tensor:
        """[..., in] -> [..., out]."""
        joined = (
            input.is_cuda
            and self.bias is not None
            and input.dtype == self.weight.dtype == self.bias.dtype
            and input.dtype in (torch.bfloat16, torch.float16)
            and not torch.is_grad_enabled()
            and not plain_kernels_wanted()
        )
        if not joined:
            return F.gelu(super().forward(input), approximate="tanh")
        rows = input.reshape(-1, input.shape[-1])
        found = torch.ops.aten._addmm_activation(self.bias, rows, self.weight.t(), use_gelu=True)
        return found.view(*input.shape[:-1], -1)


def join_activations(network: nn.Module) -> None:
    """Joins linear, GELU, linear of every sequence in the network: same names, same tensors.

    An 8-bit layer takes the GELU before it, since it reads its input value by value to code it; a
    plain layer the one behind it. Layers that something else has wrapped stay as they are.
    """
    for sequence in network.modules():
        if not isinstance(sequence, nn.Sequential):
            continue
        for place in range(1, len(sequence) - 1):
            before, gelu, behind = (sequence[place + k] for k in (-1, 0, 1))
            if not isinstance(gelu, nn.GELU) or gelu.approximate != "tanh":
                continue
            if type(behind) is QuantLinear:
                behind.gelu_first = True
            elif type(before) is nn.Linear:
                joined = LinearGelu.__new__(LinearGelu)
                joined.__dict__.update(before.__dict__)
                sequence[place - 1] = joined
            else:
                continue
            sequence[place] = nn.Identity()

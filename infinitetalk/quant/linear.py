"""`QuantLinear`: a linear layer whose weight is stored in 8 bits, and its way into a network."""

from collections.abc import Callable, Iterable
from typing import Any, Self

import torch
from torch import Tensor, nn

from infinitetalk.quant.matmul import linear_8bit
from infinitetalk.quant.rows import CodedTokens
from infinitetalk.quant.schemes import SCHEMES, Scheme, dequantize, quantize


class QuantLinear(nn.Module):
    """`y = (x @ data^T) * scale + bias`; data int8 or e4m3 [out, in], scale float32 [out].

    Moving the module to another dtype changes the bias alone: data and scale are what they are.
    """

    data: nn.Parameter
    scale: nn.Parameter
    bias: nn.Parameter | None

    def __init__(
        self,
        in_features: int,
        out_features: int,
        scheme: Scheme,
        *,
        bias: bool = True,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str | None = None,
    ) -> None:
        super().__init__()
        self.in_features, self.out_features, self.scheme = in_features, out_features, scheme
        self.gelu_first = False  # the input is an activation's: see `join_activations`
        self.data = _fixed(
            torch.zeros(out_features, in_features, device=device, dtype=torch.uint8).view(
                scheme.dtype
            )
        )
        self.scale = _fixed(torch.ones(out_features, device=device))
        if bias:
            self.bias = _fixed(torch.zeros(out_features, device=device, dtype=dtype))
        else:
            self.register_parameter("bias", None)

    @classmethod
    def of(cls, linear: nn.Linear, scheme: Scheme) -> "QuantLinear":
        """The quantized form of a linear layer; on `meta` its values come later, from a file."""
        device = linear.weight.device
        made = cls(
            linear.in_features,
            linear.out_features,
            scheme,
            bias=linear.bias is not None,
            dtype=linear.weight.dtype,
            device=device,
        )
        if device.type != "meta":
            data, scale = quantize(linear.weight.detach(), scheme)
            made.data, made.scale = _fixed(data), _fixed(scale)
            if linear.bias is not None:
                made.bias = _fixed(linear.bias.detach())
        return made

    def forward(self, x: Tensor | CodedTokens) -> Tensor:
        """[..., in] -> [..., out], in the dtype of `x`."""
        return linear_8bit(x, self.data, self.scale, self.bias, gelu=self.gelu_first)

    def dequantized(self, dtype: torch.dtype = torch.float32) -> Tensor:
        """The weight [out, in] in `dtype`."""
        return dequantize(self.data, self.scale, dtype)

    def extra_repr(self) -> str:
        return (
            f"in_features={self.in_features}, out_features={self.out_features}, "
            f"scheme={self.scheme.name}, bias={self.bias is not None}"
        )

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:  # noqa: ARG002 - the signature of torch
        """Moves data and scale as raw bits, so that a change of dtype passes them by."""
        data, scale = self.data, self.scale
        for name, tensor, bits in (("data", data, torch.uint8), ("scale", scale, torch.int32)):
            moved = fn(tensor.detach().view(bits)).view(tensor.dtype)
            self._parameters[name] = _fixed(moved)
        if self.bias is not None:
            self._parameters["bias"] = _fixed(fn(self.bias.detach()))
        return self

    def _load_from_state_dict(
        self, state_dict: dict[str, Any], prefix: str, *args: Any, **kwargs: Any
    ) -> None:
        """Accepts the names of optimum-quanto's files beside its own."""
        for theirs, ours in (("weight._data", "data"), ("weight._scale", "scale")):
            if f"{prefix}{theirs}" in state_dict:
                tensor = state_dict.pop(f"{prefix}{theirs}")
                is_scale = ours == "scale"
                state_dict[f"{prefix}{ours}"] = tensor.flatten().float() if is_scale else tensor
        for unused in ("input_scale", "output_scale"):
            state_dict.pop(f"{prefix}{unused}", None)
        super()._load_from_state_dict(state_dict, prefix, *args, **kwargs)


def _fixed(tensor: Tensor) -> nn.Parameter:
    return nn.Parameter(tensor, requires_grad=False)


def replace_linears(
    module: nn.Module, scheme: Scheme | str, names: Iterable[str] | Callable[[str], bool]
) -> list[str]:
    """Puts a `QuantLinear` in the place of each named linear layer; returns their names.

    `names` are dotted module names, or a predicate over them. One layer is quantized at a time, so
    memory grows by one layer at most. Layers on `meta` stay there until a file fills them.
    Raises ValueError if a name is not that of a linear layer.
    """
    chosen = SCHEMES[scheme] if isinstance(scheme, str) else scheme
    if callable(names):
        wanted = [n for n, m in module.named_modules() if isinstance(m, nn.Linear) and names(n)]
    else:
        wanted = list(names)
    for name in wanted:
        owner_name, _, local = name.rpartition(".")
        owner = module.get_submodule(owner_name)
        linear = getattr(owner, local, None)
        if not isinstance(linear, nn.Linear):
            raise ValueError(f"{name} is no linear layer, found {type(linear).__name__}")
        setattr(owner, local, QuantLinear.of(linear, chosen))
    return wanted

"""Files of optimum-quanto, run as they are: which layers are quantized is read off the file."""

from infinitetalk.quant.schemes import Scheme, scheme_of
from infinitetalk.weights.layouts import Stored
from infinitetalk.weights.mapped import torch_dtype
from infinitetalk.weights.tensors import LazyState


def _stored_scheme(stored: Stored) -> Scheme | None:
    """The scheme of a weight stored in 8 bits, if a `QuantLinear` can run it as it is."""
    if stored.coding == "plain" or len(stored.shape) != 2:
        return None
    return scheme_of(torch_dtype(stored.dtype))


def quantized_layers(state: LazyState) -> dict[str, Scheme]:
    """Names of the layers whose weights a file stores in 8 bits, with their schemes.

    For `replace_linears`, before the state is loaded. Layers are those the file has, whatever its
    map or other files of its kind have (completeness is compared with the map by `check`).
    """
    found: dict[str, Scheme] = {}
    for name in state:
        scheme = _stored_scheme(state.stored(name))
        if scheme is not None and name.endswith(".weight"):
            found[name.removesuffix(".weight")] = scheme
    return found

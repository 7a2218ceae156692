"""Which tensors a causal VAE of another width has, told by the chain of its own layers.

The published form has fixed multipliers and depths. Smaller relatives (the bundled miniature) differ in
both; they are whole when every layer takes what the one before gives.
"""

from collections.abc import Mapping

Shape = tuple[int, ...]


def consistent_table(shapes: Mapping[str, Shape]) -> dict[str, Shape] | None:
    """The complete table of a VAE in a form of its own, or None where its layers don't fit together."""
    try:
        table = _table(shapes)
    except (KeyError, IndexError):
        return None
    return table if table == dict(shapes) else None


def _table(shapes: Mapping[str, Shape]) -> dict[str, Shape]:
    channels = shapes["conv2.weight"][0]
    table: dict[str, Shape] = {}
    table |= _convolution("conv1", 2 * channels, 2 * channels, 1, 1, 1)
    table |= _convolution("conv2", channels, channels, 1, 1, 1)
    dim = shapes["encoder.conv1.weight"][0]
    table |= _convolution("encoder.conv1", dim, 3, 3, 3, 3)
    dim = _walk(shapes, "encoder.downsamples.", dim, table)
    table |= _middle("encoder.middle", dim)
    table |= _head("encoder.head", dim, 2 * channels)
    dim = shapes["decoder.conv1.weight"][0]
    table |= _convolution("decoder.conv1", dim, channels, 3, 3, 3)
    table |= _middle("decoder.middle", dim)
    dim = _walk(shapes, "decoder.upsamples.", dim, table)
    return table | _head("decoder.head", dim, 3)


def _walk(shapes: Mapping[str, Shape], prefix: str, dim: int, table: dict[str, Shape]) -> int:
    """Adds the layers below `prefix` to `table`, in order; returns the width after the last."""
    layers = {int(n.removeprefix(prefix).split(".")[0]) for n in shapes if n.startswith(prefix)}
    for index in range(max(layers) + 1):
        name = f"{prefix}{index}"
        if f"{name}.resample.1.weight" not in shapes:
            out = shapes[f"{name}.residual.2.weight"][0]
            table |= _residual(name, dim, out)
            dim = out
            continue
        grows = prefix.startswith("decoder")
        if f"{name}.time_conv.weight" in shapes:
            table |= _convolution(f"{name}.time_conv", 2 * dim if grows else dim, dim, 3, 1, 1)
        out = dim // 2 if grows else dim
        table |= _convolution(f"{name}.resample.1", out, dim, 3, 3)
        dim = out
    return dim


def _convolution(name: str, out: int, inner: int, *kernel: int) -> dict[str, Shape]:
    return {f"{name}.weight": (out, inner, *kernel), f"{name}.bias": (out,)}


def _residual(name: str, inner: int, out: int) -> dict[str, Shape]:
    table: dict[str, Shape] = {
        f"{name}.residual.0.gamma": (inner, 1, 1, 1),
        f"{name}.residual.3.gamma": (out, 1, 1, 1),
    }
    table |= _convolution(f"{name}.residual.2", out, inner, 3, 3, 3)
    table |= _convolution(f"{name}.residual.6", out, out, 3, 3, 3)
    return table if inner == out else table | _convolution(f"{name}.shortcut", out, inner, 1, 1, 1)


def _middle(name: str, dim: int) -> dict[str, Shape]:
    return {
        **_residual(f"{name}.0", dim, dim),
        f"{name}.1.norm.gamma": (dim, 1, 1),
        **_convolution(f"{name}.1.to_qkv", 3 * dim, dim, 1, 1),
        **_convolution(f"{name}.1.proj", dim, dim, 1, 1),
        **_residual(f"{name}.2", dim, dim),
    }


def _head(name: str, dim: int, out: int) -> dict[str, Shape]:
    return {f"{name}.0.gamma": (dim, 1, 1, 1), **_convolution(f"{name}.2", out, dim, 3, 3, 3)}

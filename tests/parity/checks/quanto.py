"""Files of optimum-quanto, run as they are, and single quantized layers."""

import json
import re
from pathlib import Path

import torch
from torch import Tensor

from infinitetalk.models.wan import WanConfig, WanTransformer
from infinitetalk.quant.linear import QuantLinear, replace_linears
from infinitetalk.quant.schemes import dequantize, quantize, scheme_of
from infinitetalk.weights.check import inspect
from infinitetalk.weights.load import load_into
from infinitetalk.weights.quanto import quantized_layers
from infinitetalk.weights.tensors import open_state
from tests.parity.checks.lora import base_state, built, output
from tests.parity.compare import ABSOLUTE, Fixture, compare, exact, load
from tests.parity.registry import Row, check

TIES = 1e-3  # a value on the border of two steps may fall either way
BF16_STEP = 2.0**-8  # a bfloat16 output is rounded after the product and after the bias


def results(folder: Path) -> list[Fixture]:
    return [load(path) for path in sorted(folder.glob("quanto_result*.safetensors"))]


def quantized_model(file: Path) -> WanTransformer:
    with torch.device("meta"):
        model = WanTransformer(WanConfig.from_json(load(file).meta["config"]))
    state = open_state([file])
    for name, scheme in quantized_layers(state).items():
        replace_linears(model, scheme, [name])
    load_into(model, state, what="quantized transformer")
    return model.eval()


@check("transformer", "quanto_")
def check_quanto_file(golden: Path, file: Path) -> list[Row]:
    """The file agrees with its map, and gives the recorded output without being converted."""
    label = file.stem.removeprefix("quanto_")
    report = inspect([file])[0].report
    rows = [exact("problems", [problem.detail for problem in report.problems], [])]
    state = open_state([file])
    for fixture in results(file.parent):
        if f"out.{label}" not in fixture:
            continue
        found = output(quantized_model(file), fixture)
        rows.append(compare(f"out.{label}", found, fixture[f"out.{label}"], absolute=ABSOLUTE))
        prefix = f"dequantised_{label}."
        rows += [exact(prefix + n, state[n], t) for n, t in fixture.part(prefix).items()]
        plain = base_state(golden, fixture)
        for name, scheme in quantized_layers(state).items():
            anew = dequantize(*quantize(plain[f"{name}.weight"], scheme))
            rows.append(
                compare(f"{name}, quantized anew", anew, state[f"{name}.weight"], relative=TIES)
            )
    return rows


@check("transformer", "quanto_", suffix=".json")
def check_quanto_map(golden: Path, file: Path) -> list[Row]:
    """The map names exactly the layers that the file holds in 8 bits, in the scheme it says."""
    said = json.loads(file.read_text("utf-8"))
    layers = quantized_layers(open_state([file.with_suffix(".safetensors")]))
    names = {"fp8": "qfloat8_e4m3fn", "int8": "qint8"}
    found = {name: names[scheme.name] for name, scheme in layers.items()}
    return [exact("map", found, {name: entry["weights"] for name, entry in said.items()})]


@check("transformer", "quanto_result")
def check_quanto_result(golden: Path, file: Path) -> list[Row]:
    """Single bfloat16 layers, and the output of the weights that were quantized."""
    fixture = load(file)
    rows: list[Row] = []
    if "out.unquantised" in fixture:
        model = built(fixture, base_state(golden, fixture))
        rows.append(compare("out.unquantised", output(model, fixture), fixture["out.unquantised"]))
    layers = {match[1] for n in fixture.tensors if (match := re.match(r"(linear_\w+)\.", n))}
    for name in sorted(layers):
        rows += _single_layer(name, fixture.part(f"{name}."))
    return rows


def _single_layer(name: str, tensors: dict[str, Tensor]) -> list[Row]:
    data, bias = tensors["weight._data"], tensors["bias"]
    scheme = scheme_of(data.dtype)
    assert scheme is not None, f"{name} has no known scheme"
    layer = QuantLinear(data.shape[1], data.shape[0], scheme, dtype=bias.dtype)
    layer.load_state_dict({k: v for k, v in tensors.items() if k.startswith(("weight.", "bias"))})
    whole = dequantize(layer.data, layer.scale, bias.dtype)
    x = tensors["in"]
    return [
        exact(f"{name}.dequantised", whole, tensors["dequantised"]),
        compare(
            f"{name}.out", layer(x), tensors["out_float32_math"].to(x.dtype), relative=BF16_STEP
        ),
    ]

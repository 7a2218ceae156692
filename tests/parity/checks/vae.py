"""The VAE: encoding, decoding, and both together, streamed as the engine does it."""

import re
from dataclasses import replace
from pathlib import Path

from infinitetalk.models.vae import VaeConfig, WanVae
from tests.parity.compare import ABSOLUTE, compare, exact, load
from tests.parity.registry import Row, check


@check("vae", "")
def check_vae(golden: Path, file: Path) -> list[Row]:
    fixture = load(file)
    meta = fixture.meta["meta"]
    weights = fixture.part("weights.")
    if "weights_file" in meta:  # shared with the pipeline's fixtures
        weights = load(golden / meta["weights_file"]).part(meta["weights_prefix"])
    recorded = fixture.part("const.")
    statistics = {name: tuple(values.tolist()) for name, values in recorded.items()}
    config = VaeConfig.from_json({**meta["config"], **statistics})
    read = VaeConfig.from_shapes({name: tuple(t.shape) for name, t in weights.items()})
    vae = WanVae(config)
    vae.load_state_dict(weights)
    rows = [exact("config from shapes", replace(read, **statistics), config)]
    for name in sorted(fixture.tensors):
        case, _, kind = name.rpartition(".")
        if not re.fullmatch(r"(t|dec)\d+", case):
            continue
        if kind == "latent" and f"{case}.pixels" in fixture:
            found = vae.encode(fixture[f"{case}.pixels"])
        elif kind == "decoded":
            found = vae.decode(fixture[f"{case}.latent"])
        else:
            continue
        rows.append(compare(name, found, fixture[name], absolute=ABSOLUTE))
    return rows

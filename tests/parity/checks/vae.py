"""The VAE: encoding, decoding, and both together, streamed as the engine does it."""

import re
from dataclasses import replace
from pathlib import Path

from infinitetalk.models.vae import VaeConfig, WanVae
from tests.parity.compare import ABSOLUTE, compare, exact, load
from tests.parity.registry import Row, check


@check("vae", "vae_")
def check_vae(golden: Path, file: Path) -> list[Row]:
    fixture = load(file)
    weights = fixture.part("weights.")
    statistics = {n: tuple(fixture[f"const.{n}"].tolist()) for n in ("mean", "std")}
    config = VaeConfig.from_json({**fixture.meta["meta"]["config"], **statistics})
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

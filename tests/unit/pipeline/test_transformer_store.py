"""An imported block store gives the very transformer that the original files give."""

from pathlib import Path

import pytest
import torch

from infinitetalk.engine.model import ModelChoice
from infinitetalk.models.wan.conditions import branch_conditions
from infinitetalk.models.wan.transformer import WanTransformer
from infinitetalk.pipeline.transformer import (
    exceeds_memory,
    load_transformer,
    matching_store,
    transformer_from_store,
)
from infinitetalk.plan import Plan
from infinitetalk.weights.choice import choose_transformer
from infinitetalk.weights.store_model import import_transformer
from tests.tiny_model import build_tiny_model


def plan_in(precision: str) -> Plan:
    return Plan(
        size=(64, 64),
        total_frames=9,
        rows=(9,),
        chunks=(),
        branches=("cond",),
        steps=1,
        shift=1.0,
        precision=precision,
        dtype="float32",
        device="cpu",
        threads=1,
        attention="default",
        resident_blocks=2,
        vae_dtype="float32",
        vae_tile=0,
        text_encoder="stored",
        weights_identity="x",
        exact=False,
    )


def velocity(network: WanTransformer) -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    config = network.config

    def draw(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator)

    conditions = branch_conditions(
        network,
        ("cond",),
        text=draw(5, config.text_dim),
        negative_text=None,
        image=draw(17, config.clip_dim),
        audio=draw(1, 9, 5, config.audio_blocks, config.audio_channels),
    )
    (found,) = network.forward_branches(
        draw(16, 3, 8, 8), draw(20, 3, 8, 8), 500.0, list(conditions.values())
    )
    return found


@pytest.mark.parametrize("precision", ["int8", "fp8", "bf16"])
def test_a_store_beside_the_model_is_found_and_equal(precision: str, tmp_path: Path) -> None:
    folder = build_tiny_model(tmp_path / "model")
    plan = plan_in(precision)
    files = ModelChoice(name=str(folder)).find()
    choice = choose_transformer(files, speakers=1, precision=precision)
    assert matching_store(files, plan, choice) is None
    before = velocity(load_transformer(files, plan, speakers=1).network)
    import_transformer(files, precision, target=folder)
    again = ModelChoice(name=str(folder)).find()
    store = matching_store(again, plan, choice)
    assert store is not None
    assert matching_store(again, plan_in("fp32"), choice) is None
    after = velocity(transformer_from_store(store, again, plan, choice).network)
    assert (after - before).norm() <= 4e-3 * before.norm()


def test_what_the_page_cache_cannot_hold_is_read_past_it() -> None:
    import psutil

    free = psutil.virtual_memory().available
    assert not exceeds_memory(0, besides=0)
    assert not exceeds_memory(free // 3, besides=free // 8)
    assert exceeds_memory(free, besides=0)
    assert exceeds_memory(free // 3, besides=free * 4 // 5)

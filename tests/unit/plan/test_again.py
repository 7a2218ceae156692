"""What of a request a plan follows from, and what of a plan stays when it is made anew."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from infinitetalk.plan import (
    Machine,
    MediaFacts,
    Plan,
    WeightsFacts,
    asks_for_another_plan,
    plan,
    plan_again,
)
from infinitetalk.plan.again import UNPLANNED
from infinitetalk.request import Apg, Box, ChunkSettings, GenerationRequest, Painted, SpeechTrack

REQUEST = GenerationRequest(source=Path("face.png"), speech=(SpeechTrack(path=Path("a.wav")),))
MACHINE = Machine(ram_total=2**36, ram_free=2**36, disk_free=2**42, cores=8, torch_version="2")
MEDIA = MediaFacts(
    source_kind="picture",
    source_size=(480, 832),
    source_duration=0.0,
    source_fps=25.0,
    source_variable_rate=False,
    speech_seconds=(9.0,),
)
OTHERS: dict[str, Any] = {
    "prompt": "calm",
    "negative_prompt": "still",
    "boxes": (Box(top=0, left=0, bottom=9, right=9),),
    "painted": (Painted.of_cells(1, 2, (0, 1)),),
    "color_correction": 0.5,
    "apg": Apg(),
    "seed": 7,
    "chunks": ((1, ChunkSettings(seed=3, source_time=0.5)),),
}


def planned(request: GenerationRequest, weights: WeightsFacts) -> Plan:
    return plan(request, MEDIA, weights, MACHINE)


@pytest.mark.parametrize("name", sorted(UNPLANNED))
def test_what_is_unplanned_changes_no_plan(name: str, weights: WeightsFacts) -> None:
    changed = replace(REQUEST, **{name: OTHERS[name]})
    assert changed != REQUEST
    assert not asks_for_another_plan(REQUEST, changed)
    assert planned(changed, weights) == planned(REQUEST, weights)


def test_all_else_asks_for_another_plan(weights: WeightsFacts) -> None:
    assert {item.name for item in fields(REQUEST)} >= UNPLANNED
    finer = replace(REQUEST, steps=8)
    assert asks_for_another_plan(REQUEST, finer)
    assert asks_for_another_plan(REQUEST, replace(REQUEST, size_scale=0.5))
    assert planned(finer, weights) != planned(REQUEST, weights)


def test_means_stay_and_what_was_asked_follows(weights: WeightsFacts) -> None:
    old = replace(planned(REQUEST, weights), threads=3, attention="flash", token_chunk=512)
    fresh = planned(replace(REQUEST, steps=8), weights)
    again = plan_again(old, fresh)
    assert (again.threads, again.attention, again.token_chunk) == (3, "flash", 512)
    assert again.steps == 8
    smaller = planned(replace(REQUEST, size_scale=0.5), weights)
    again = plan_again(old, smaller)
    assert again.size == smaller.size != old.size
    assert again.token_chunk == smaller.token_chunk

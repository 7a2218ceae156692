from pathlib import Path

import torch
from torch import nn

from infinitetalk.demo.training import (
    Budget,
    Pace,
    Trainer,
    load_modules,
    read_tensors,
    save_modules,
    write_tensors,
)


def lesson(network: nn.Module, trainer: Trainer, generator: torch.Generator) -> None:
    for used in trainer:
        x = torch.randn(8, 3, generator=generator)
        trainer.learn((network(x) - x.sum(1, keepdim=True)).square().mean(), used)


def trained(iterations: int) -> tuple[nn.Module, Trainer]:
    torch.manual_seed(0)
    network = nn.Linear(3, 1)
    trainer = Trainer(
        {"n": network}, Budget(iterations=iterations), Pace(peak=0.05, warmup=5), stage="t"
    )
    lesson(network, trainer, torch.Generator().manual_seed(1))
    return network, trainer


def test_training_learns_and_is_repeatable() -> None:
    (first, trainer), (second, _) = trained(200), trained(200)
    assert trainer.loss < 0.1
    assert torch.equal(first.weight, second.weight)


def test_going_on_from_a_state_equals_never_having_stopped(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = nn.Linear(3, 1)
    budget, pace = Budget(iterations=20), Pace(peak=0.05, warmup=5)
    whole = Trainer({"n": network}, budget, pace, stage="t")
    generator = torch.Generator().manual_seed(1)
    batches = [torch.randn(8, 3, generator=generator) for _ in range(20)]

    def run(trainer: Trainer, module: nn.Module, part: list[torch.Tensor]) -> None:
        for x in part:
            error = (module(x) - x.sum(1, keepdim=True)).square().mean()
            trainer.learn(error, trainer.iteration / 20)

    run(whole, network, batches[:10])
    whole.save_state(tmp_path / "state.safetensors")
    other = nn.Linear(3, 1)
    resumed = Trainer({"n": other}, budget, pace, stage="t")
    resumed.load_state(tmp_path / "state.safetensors")
    run(whole, network, batches[10:])
    run(resumed, other, batches[10:])
    assert torch.equal(network.weight, other.weight)
    with whole.averaged(), resumed.averaged():
        assert torch.equal(network.weight, other.weight)


def test_averaged_weights_are_put_back() -> None:
    network, trainer = trained(30)
    now = network.weight.clone()
    with trainer.averaged():
        assert not torch.equal(network.weight, now)
    assert torch.equal(network.weight, now)


def test_modules_and_facts_are_stored_together(tmp_path: Path) -> None:
    network, other = nn.Linear(2, 2), nn.Linear(2, 2)
    save_modules(tmp_path / "n.safetensors", {"n": network}, {"r": 0.5})
    assert load_modules(tmp_path / "n.safetensors", {"n": other})["r"] == 0.5
    assert torch.allclose(network.weight, other.weight, atol=1e-3)
    write_tensors(tmp_path / "t.safetensors", {"a": torch.ones(2)}, {})
    assert read_tensors(tmp_path / "t.safetensors")[0]["a"].tolist() == [1, 1]

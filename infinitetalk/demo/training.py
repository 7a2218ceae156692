"""What every stage of the recipe shares: when it ends, how fast it learns, averages, checkpoints."""

import json
import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

FLOOR = 0.03  # share of the peak learning rate that is left at the end


@dataclass(frozen=True, kw_only=True)
class Budget:
    """When a stage ends: whichever comes first.

    Only a number of iterations, and no time, makes a run repeatable to the bit.
    """

    seconds: float | None = None
    until: float | None = None  # a moment, in seconds since 1970: for a lease that ends
    iterations: int | None = None

    def __post_init__(self) -> None:
        if self.seconds is None and self.until is None and self.iterations is None:
            raise ValueError("a budget needs seconds, a moment, or iterations")


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How a stage learns."""

    peak: float  # learning rate after the warm-up
    warmup: int = 200  # iterations
    decay: float = 0.999  # of the running average of the weights
    betas: tuple[float, float] = (0.9, 0.95)
    weight_decay: float = 0.01
    report_every: int = 200


class Trainer:
    """Adam with warm-up, cosine, clipping and averaged weights, over named modules.

    Iterating gives the share of the budget that is used, 0..1, until it is up.
    """

    def __init__(
        self, modules: Mapping[str, nn.Module], budget: Budget, pace: Pace, *, stage: str
    ) -> None:
        self.stage = stage
        self.pace = pace
        self.iteration = 0
        self._budget = budget
        self._named = {
            f"{prefix}.{name}": parameter
            for prefix, module in modules.items()
            for name, parameter in module.named_parameters()
            if parameter.requires_grad
        }
        self.parameters = list(self._named.values())
        self._cuda = self.parameters[0].is_cuda
        self._average = [p.detach().clone() for p in self.parameters]
        self._optimizer = torch.optim.AdamW(
            self.parameters,
            lr=pace.peak,
            betas=pace.betas,
            weight_decay=pace.weight_decay,
            fused=self._cuda,
        )
        self._loss = torch.zeros((), device=self.parameters[0].device)
        self._began = time.monotonic()
        self._lease = math.inf

    def __iter__(self) -> Iterator[float]:
        self._began = time.monotonic()
        if self._budget.until is not None:
            self._lease = max(self._budget.until - time.time(), 1.0)
        while True:
            if self._cuda and self.iteration % 25 == 0:
                torch.cuda.synchronize()  # the clock must not run ahead of the card
            used = self._used()
            if used >= 1:
                return
            yield used

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    def _used(self) -> float:
        shares = [0.0]
        if self._budget.seconds is not None:
            shares.append(self.seconds / self._budget.seconds)
        if self._budget.until is not None:
            shares.append(self.seconds / self._lease)
        if self._budget.iterations is not None:
            shares.append(self.iteration / self._budget.iterations)
        return max(shares)

    def learn(self, loss: Tensor, used: float) -> None:
        """One step down the gradient of `loss`."""
        pace = self.pace
        warm = min(1.0, (self.iteration + 1) / pace.warmup)
        cosine = FLOOR + (1 - FLOOR) * 0.5 * (1 + math.cos(math.pi * min(used, 1.0)))
        for group in self._optimizer.param_groups:
            group["lr"] = pace.peak * warm * cosine
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self._optimizer.step()
        self.iteration += 1
        young = (1 + self.iteration) / (10 + self.iteration)
        with torch.no_grad():
            torch._foreach_lerp_(  # pyright: ignore[reportPrivateImportUsage]  # no public name
                self._average, [p.detach() for p in self.parameters], 1 - min(pace.decay, young)
            )
            self._loss.lerp_(loss.detach().float(), max(0.02, 1 / self.iteration))
        if self.iteration % pace.report_every == 0:
            each = self.seconds / self.iteration * 1000
            self.report(f"iteration {self.iteration}, loss {self.loss:.4f}, {each:.1f} ms each")

    @property
    def loss(self) -> float:
        """A running mean."""
        return float(self._loss)

    def report(self, text: str) -> None:
        print(f"[{self.stage} {self.seconds:6.1f} s] {text}", flush=True)

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Inside, the modules hold the averaged weights."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    def finish(self) -> None:
        """Leaves the averaged weights in the modules, for good."""
        self._swap()

    @torch.no_grad()
    def _swap(self) -> None:
        for parameter, average in zip(self.parameters, self._average, strict=True):
            kept = parameter.detach().clone()
            parameter.copy_(average)
            average.copy_(kept)

    # -- going on after a break -------------------------------------------------------------------

    def save_state(self, file: Path) -> None:
        """Everything that the next iteration depends on but the chance generators."""
        tensors: dict[str, Tensor] = {}
        for (name, parameter), average in zip(self._named.items(), self._average, strict=True):
            state = self._optimizer.state.get(parameter, {})
            parts = {"weight": parameter, "average": average, **state}
            for part, value in parts.items():
                tensors[f"{part}:{name}"] = value.detach().cpu().contiguous()
        write_tensors(file, tensors, {"iteration": self.iteration})

    def load_state(self, file: Path) -> None:
        tensors, facts = read_tensors(file)
        self.iteration = int(facts["iteration"])
        for (name, parameter), average in zip(self._named.items(), self._average, strict=True):
            with torch.no_grad():
                parameter.copy_(tensors[f"weight:{name}"])
                average.copy_(tensors[f"average:{name}"])
            state = {
                part: tensors[f"{part}:{name}"].to(
                    parameter.device if part != "step" or self._cuda else "cpu"
                )
                for part in ("step", "exp_avg", "exp_avg_sq")
                if f"{part}:{name}" in tensors
            }
            if state:
                self._optimizer.state[parameter] = state


def write_tensors(file: Path, tensors: Mapping[str, Tensor], facts: Mapping[str, object]) -> None:
    """A safetensors file with facts as JSON in its header; written beside, then renamed."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    ready = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    save_file(ready, part, metadata={"facts": json.dumps(facts)})
    part.replace(file)


def read_tensors(file: Path) -> tuple[dict[str, Tensor], dict]:
    with safe_open(file, framework="pt") as opened:
        facts = json.loads((opened.metadata() or {}).get("facts", "{}"))
        return {name: opened.get_tensor(name) for name in opened.keys()}, facts  # noqa: SIM118


def save_modules(file: Path, modules: Mapping[str, nn.Module], facts: Mapping[str, object]) -> None:
    """Weights of named modules as float16: halves the file, far finer than what is shipped."""
    tensors = {
        f"{prefix}.{name}": value.half() if value.is_floating_point() else value
        for prefix, module in modules.items()
        for name, value in module.state_dict().items()
    }
    write_tensors(file, tensors, facts)


def load_modules(file: Path, modules: Mapping[str, nn.Module]) -> dict:
    """Weights back into modules, float32; returns the facts stored with them."""
    tensors, facts = read_tensors(file)
    for prefix, module in modules.items():
        own = {
            name.removeprefix(f"{prefix}."): value.float() if value.is_floating_point() else value
            for name, value in tensors.items()
            if name.startswith(f"{prefix}.")
        }
        module.load_state_dict(own)
    return facts


def pick_device(name: str | None = None) -> torch.device:
    device = torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))
    if device.type == "cuda":
        torch.backends.cuda.matmul.allow_tf32 = True
        torch.backends.cudnn.allow_tf32 = True
        torch.backends.cudnn.benchmark = True
    return device


def autocast(device: torch.device) -> torch.autocast:
    """bf16 products on a card; float32 on the CPU."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda")

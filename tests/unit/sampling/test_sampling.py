from collections.abc import Mapping

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from infinitetalk.request import Apg
from infinitetalk.sampling import Guidance, denoise, noised, timesteps
from infinitetalk.sampling.guidance import ProjectedGuidance
from infinitetalk.sampling.teacache import decide

SHAPE = (16, 3, 2, 4)


@given(steps=st.integers(1, 60), shift=st.floats(0.1, 20))
def test_timesteps_fall_from_1000_to_0(steps: int, shift: float) -> None:
    found = timesteps(steps, shift)
    assert found.shape == (steps + 1,)
    assert found.dtype == torch.float32
    assert found[0].item() == pytest.approx(1000)
    assert found[-1].item() == 0
    assert (found.diff() < 0).all()


def test_more_shift_means_more_noise_for_longer() -> None:
    assert (timesteps(8, 7.0)[1:-1] > timesteps(8, 2.0)[1:-1]).all()


def test_wrong_schedules_are_refused() -> None:
    with pytest.raises(ValueError, match="steps"):
        timesteps(0, 1.0)
    with pytest.raises(ValueError, match="shift"):
        timesteps(4, 0.0)


def test_noised_takes_one_timestep_or_one_per_clip() -> None:
    clean, noise = torch.zeros(2, *SHAPE), torch.ones(2, *SHAPE)
    found = noised(clean, noise, torch.tensor([250.0, 1000.0]))
    assert found[0].unique().tolist() == [0.25]
    assert torch.equal(found[1], noise[1])
    assert torch.equal(noised(clean, noise, torch.tensor(0.0)), clean)


def branches() -> dict[str, Tensor]:
    torch.manual_seed(1)
    return {name: torch.randn(SHAPE) for name in ("cond", "drop_text", "drop_audio", "uncond")}


def test_guidance_formulas() -> None:
    v = branches()
    cond, text, audio, none = v["cond"], v["drop_text"], v["drop_audio"], v["uncond"]
    for (t, a), expected in {
        (5.0, 4.0): none + 5 * (cond - text) + 4 * (text - none),
        (1.0, 2.0): audio + 2 * (cond - audio),
        (5.0, 1.0): text + 5 * (cond - text),
        (1.0, 1.0): cond,
    }.items():
        guide = Guidance(t, a)
        needed = {name: v[name] for name in guide.branches}
        torch.testing.assert_close(guide(needed), expected)


@pytest.mark.parametrize("scales", [(5.0, 4.0), (1.0, 2.0), (5.0, 1.0), (1.0, 1.0)])
def test_apg_without_effect_is_plain_guidance(scales: tuple[float, float]) -> None:
    """eta 1 keeps the parallel part, no momentum, no limit: nothing is left of APG."""
    v = branches()
    neutral = Apg(momentum=0.0, norm_threshold=0.0, eta=1.0)
    torch.testing.assert_close(
        Guidance(*scales, neutral)(v), Guidance(*scales)(v), rtol=1e-4, atol=1e-5
    )


def test_apg_is_orthogonal_limited_and_has_a_state() -> None:
    v = branches()
    term = ProjectedGuidance(Apg(momentum=-0.75, norm_threshold=10.0, eta=0.0))
    first = term(v["drop_text"], v["cond"])
    assert first.norm().item() <= 10.0 + 1e-4
    assert (first * v["cond"]).sum().item() == pytest.approx(0, abs=1e-3)
    second = term(v["drop_text"], v["cond"])
    assert term.running is not None
    torch.testing.assert_close(term.running, 0.25 * v["drop_text"])
    assert not torch.allclose(first, second)


def constant(velocity: Tensor, seen: list[Tensor] | None = None) -> object:
    def predict(step: int, latents: Tensor, t: Tensor) -> Mapping[str, Tensor]:
        if seen is not None:
            seen.append(latents)
        return {"cond": velocity}

    return predict


def test_euler_reaches_the_clean_latents_of_a_perfect_model() -> None:
    clean, noise = torch.randn(SHAPE), torch.randn(SHAPE)
    motion = clean[:, :1]
    steps = list(
        denoise(constant(noise - clean), Guidance(1.0, 1.0), noise, timesteps(5, 3.0), motion)  # type: ignore[arg-type]
    )
    assert [step.index for step in steps] == [0, 1, 2, 3, 4]
    for step in steps:
        torch.testing.assert_close(step.clean, clean, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(steps[-1].latents, clean, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("motion_frames", [0, 1, 3])
def test_motion_latents_stay_clean(motion_frames: int) -> None:
    noise, motion = torch.randn(SHAPE), torch.randn(16, motion_frames, 2, 4)
    seen: list[Tensor] = []
    predict = constant(torch.randn(SHAPE), seen)
    original = noise.clone()
    steps = list(denoise(predict, Guidance(1.0, 1.0), noise, timesteps(3, 1.0), motion))  # type: ignore[arg-type]
    for latents in (*seen, *(s.latents for s in steps), *(s.clean for s in steps)):
        assert torch.equal(latents[:, :motion_frames], motion)
    assert torch.equal(noise, original)


def test_too_many_motion_latents_are_refused() -> None:
    noise, motion = torch.randn(SHAPE), torch.randn(16, 4, 2, 4)
    with pytest.raises(ValueError, match="4 motion latents"):
        next(denoise(constant(noise), Guidance(1.0, 1.0), noise, timesteps(2, 1.0), motion))  # type: ignore[arg-type]


def test_denoising_can_be_left_and_does_not_switch_autograd_off() -> None:
    noise, motion = torch.randn(SHAPE), torch.randn(16, 1, 2, 4)
    seen: list[Tensor] = []
    steps = denoise(constant(noise, seen), Guidance(1.0, 1.0), noise, timesteps(9, 1.0), motion)  # type: ignore[arg-type]
    next(steps)
    assert torch.is_grad_enabled()
    steps.close()  # type: ignore[attr-defined]
    assert len(seen) == 1


def test_teacache_warms_up_and_skips_a_signal_that_stands_still() -> None:
    still = torch.ones(12, 8) + torch.linspace(0, 1e-4, 12)[:, None]
    found = decide(still, threshold=0.3, resolution="480")
    assert [d.compute for d in found[:5]] == [True] * 5
    assert not all(d.compute for d in found)
    assert all(d.accumulated == 0 for d in found if d.compute)
    jumping = torch.randn(12, 8)
    assert all(d.compute for d in decide(jumping, threshold=0.3, resolution="480"))


def test_teacache_with_the_plain_signal_computes_first_and_last() -> None:
    still = torch.ones(9, 8) + torch.linspace(0, 1e-4, 9)[:, None]
    found = decide(still, threshold=1e9, resolution="720", projected=False)
    assert [d.compute for d in found] == [True] + [False] * 7 + [True]


def test_teacache_never_skips_in_five_steps() -> None:
    still = torch.ones(5, 8)
    assert all(d.compute for d in decide(still, threshold=1e9, resolution="480"))

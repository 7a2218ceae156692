import torch

from infinitetalk.pipeline.seam import EASED_FRAMES, STEP_LIMIT, ease_seam


def chunk(frames: int = 33, motion: int = 9) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    steady = torch.rand(3, 1, 4, 4, generator=generator) - 0.5
    shown = steady.expand(3, motion, 4, 4)
    return steady.expand(3, frames, 4, 4) + 0.1, shown


def test_a_difference_fades_instead_of_jumping() -> None:
    frames, shown = chunk()
    eased = ease_seam(frames, shown)
    steps = torch.cat([shown[:, -1:], eased[:, 9:]], 1).diff(dim=1).abs().amax((0, 2, 3))
    assert steps.max() < 0.011  # of 0.1; the first of them smallest
    assert steps[0] < 0.0015
    assert torch.allclose(eased[:, 9 + EASED_FRAMES :], frames[:, 9 + EASED_FRAMES :])
    assert torch.equal(eased[:, :9], frames[:, :9])


def test_frames_that_the_next_chunk_starts_from_stay() -> None:
    frames, shown = chunk(frames=21)
    eased = ease_seam(frames, shown)
    assert torch.equal(eased[:, -9:], frames[:, -9:])
    assert not torch.equal(eased[:, 9:12], frames[:, 9:12])


def test_a_chunk_without_room_and_one_that_agrees_stay_as_they_are() -> None:
    frames, shown = chunk(frames=17)
    assert torch.equal(ease_seam(frames, shown), frames)
    whole = shown[:, :1].expand(3, 33, 4, 4)
    assert torch.allclose(ease_seam(whole, shown), whole)


def test_results_stay_colors() -> None:
    bright = torch.ones(3, 33, 2, 2)
    dark = -torch.ones(3, 9, 2, 2)
    eased = ease_seam(bright, dark)
    assert eased.min() >= -1
    assert eased.max() <= 1


def test_a_chunk_that_changes_its_mind_fades_too() -> None:
    _, shown = chunk()
    frames = shown[:, :1].repeat(1, 33, 1, 1)
    frames[:, 9:] += STEP_LIMIT / 2  # it agrees with what is shown, and then all gets brighter
    frames[:, 20:, 0, 0] += 1.0  # later steps are its own affair
    eased = ease_seam(frames, shown)
    first = (eased[:, 9] - shown[:, -1]).abs()
    assert first.max() < 0.02 * STEP_LIMIT
    assert torch.equal(eased[:, 9 + EASED_FRAMES :], frames[:, 9 + EASED_FRAMES :])


def test_steady_movement_and_edges_are_not_slowed() -> None:
    ramp = torch.arange(33.0)[None, :, None, None].expand(3, 33, 2, 2) / 40 - 0.5
    assert torch.allclose(ease_seam(ramp, ramp[:, :9]), ramp)
    jump = ramp.clone()
    jump[:, 9:] += 0.5  # an edge that passes just here
    assert (ease_seam(jump, ramp[:, :9]) - jump).abs().max() <= STEP_LIMIT


def test_one_motion_frame_is_enough() -> None:
    frames, shown = chunk(motion=1)
    assert (ease_seam(frames, shown)[:, 1] - shown[:, 0]).abs().max() < 0.0015

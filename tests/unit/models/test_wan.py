"""The transformer on tiny sizes: every way to run it gives what the plain way gives."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from infinitetalk.models.wan import Condition, WanConfig, WanTransformer
from infinitetalk.models.wan.conditions import branch_conditions
from infinitetalk.models.wan.context import unique_contexts

CONFIG = WanConfig(
    dim=48,
    num_heads=2,
    num_layers=3,
    ffn_dim=56,
    text_len=9,
    text_dim=10,
    freq_dim=16,
    clip_dim=14,
    audio_blocks=2,
    audio_channels=6,
    intermediate_dim=12,
    output_dim=20,
    context_tokens=4,
)
NAMES = ("cond", "drop_text", "drop_audio", "uncond")
T, HEIGHT, WIDTH = 3, 6, 10  # odd token counts: 3 rows, 5 columns


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(1)


@pytest.fixture
def model() -> WanTransformer:
    return WanTransformer(CONFIG).eval()


def latents() -> Tensor:
    return torch.randn(16, T, HEIGHT, WIDTH)


def condition_latents() -> Tensor:
    return torch.randn(20, T, HEIGHT, WIDTH)


def speaker_masks() -> Tensor:
    masks = torch.zeros(3, HEIGHT, WIDTH)
    masks[0, :4, :4] = 1
    masks[1, 2:, 6:] = 1
    masks[2] = 1 - masks[:2].sum(0)
    return masks


def conditions(
    model: WanTransformer,
    *,
    speakers: int = 1,
    image_tokens: int = 7,
    masks: Tensor | None = None,
    guard: bool = True,
    keep: bool = False,
) -> dict[str, Condition]:
    torch.manual_seed(2)
    return branch_conditions(
        model,
        NAMES,
        text=torch.randn(5, 10),
        negative_text=torch.randn(3, 10),
        image=torch.randn(image_tokens, 14),
        audio=torch.randn(speakers, 4 * (T - 1) + 1, 5, 2, 6),
        masks=speaker_masks() if masks is None else masks,
        guard_masks=guard,
        keep=keep,
    )


def run(model: WanTransformer, chosen: dict[str, Condition], **options: object) -> list[Tensor]:
    torch.manual_seed(3)
    return model.forward_branches(
        latents(),
        condition_latents(),
        700.0,
        list(chosen.values()),
        **options,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("speakers", [1, 2])
def test_branches_together_equal_branches_alone(model: WanTransformer, speakers: int) -> None:
    chosen = conditions(model, speakers=speakers)
    together = run(model, chosen)
    for value, (name, condition) in zip(together, chosen.items(), strict=True):
        assert torch.equal(value, run(model, {name: condition})[0])
    assert not torch.allclose(together[0], together[1])
    assert not torch.allclose(together[0], together[2])


@pytest.mark.parametrize("speakers", [1, 2])
def test_kept_keys_and_values_change_nothing(model: WanTransformer, speakers: int) -> None:
    plain = run(model, conditions(model, speakers=speakers))
    kept = conditions(model, speakers=speakers, keep=True)
    assert not kept["cond"].has(0)
    for _ in range(2):  # the first pass fills, the second reads
        for a, b in zip(plain, run(model, kept), strict=True):
            assert torch.equal(a, b)
    assert all(kept["uncond"].has(index) for index in range(CONFIG.num_layers))
    # Two texts, one image, two kinds of speech: shared, so five sets for four branches.
    assert len(unique_contexts(kept.values())) == 5


def test_precompute_fills_what_the_first_step_would(model: WanTransformer) -> None:
    eager, lazy = conditions(model, keep=True), conditions(model, keep=True)
    model.precompute(list(eager.values()))
    before = [context.kept_bytes for context in unique_contexts(eager.values())]
    plain = run(model, lazy)
    assert before == [context.kept_bytes for context in unique_contexts(lazy.values())]
    for a, b in zip(run(model, eager), plain, strict=True):
        assert torch.equal(a, b)
    for context in unique_contexts(eager.values()):
        context.release()
        assert context.kept_bytes == 0


def test_kept_keys_and_values_replace_their_weights(model: WanTransformer) -> None:
    """What `has` promises: a block that is streamed without these weights still works."""
    kept = conditions(model, speakers=2, keep=True)
    plain = run(model, kept)
    with torch.no_grad():
        for block in model.blocks:
            for name in ("cross_attn.k", "cross_attn.v", "cross_attn.k_img", "cross_attn.v_img"):
                block.get_submodule(name).get_parameter("weight").fill_(float("nan"))
            block.get_submodule("audio_cross_attn.kv_linear").get_parameter("weight").fill_(1e9)
    for a, b in zip(plain, run(model, kept), strict=True):
        assert torch.equal(a, b)


def test_blocks_may_come_through_one_slot(model: WanTransformer) -> None:
    """A ring with one slot: the same module is filled with one block's weights after another."""
    plain = run(model, conditions(model, speakers=2))
    slot = WanTransformer(replace(CONFIG, num_layers=1)).blocks[0]

    def streamed() -> Iterator[tuple[int, nn.Module]]:
        for index, block in enumerate(model.blocks):
            slot.load_state_dict(block.state_dict())
            yield index, slot

    found = run(model, conditions(model, speakers=2), blocks=streamed())
    assert all(torch.equal(a, b) for a, b in zip(plain, found, strict=True))


@pytest.mark.parametrize("speakers", [1, 2])
@pytest.mark.parametrize("chunk", [1, 31, 1000])
def test_token_chunks_change_nothing_that_matters(
    model: WanTransformer, speakers: int, chunk: int
) -> None:
    plain = run(model, conditions(model, speakers=speakers))
    model.token_chunk = chunk
    for a, b in zip(plain, run(model, conditions(model, speakers=speakers)), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-5)


def test_batch_equals_single_clips(model: WanTransformer) -> None:
    clips = 3
    x, y = torch.randn(clips, 16, T, HEIGHT, WIDTH), torch.randn(clips, 20, T, HEIGHT, WIDTH)
    t = torch.tensor([900.0, 500.0, 20.0])
    text, image = torch.randn(clips, 4, 10), torch.randn(clips, 6, 14)
    audio = torch.randn(clips, 2, 9, 5, 2, 6)
    masks = torch.stack([speaker_masks()] * clips)
    batch = model.forward_batch(x, y, t, text=text, image=image, audio=audio, masks=masks)
    for i in range(clips):
        chosen = branch_conditions(
            model,
            ["cond"],
            text=text[i],
            negative_text=None,
            image=image[i],
            audio=audio[i],
            masks=masks[i],
        )
        alone = model.forward_branches(x[i], y[i], t[i], list(chosen.values()))[0]
        torch.testing.assert_close(batch[i], alone, rtol=1e-4, atol=1e-5)


def test_every_weight_gets_a_gradient(model: WanTransformer) -> None:
    model.train()
    x, y = torch.randn(2, 16, T, HEIGHT, WIDTH), torch.randn(2, 20, T, HEIGHT, WIDTH)
    velocity = model.forward_batch(
        x,
        y,
        torch.tensor([900.0, 20.0]),
        text=torch.randn(2, 4, 10),
        image=torch.randn(2, 6, 14),
        audio=torch.randn(2, 1, 9, 5, 2, 6),
    )
    velocity.square().mean().backward()
    without = [n for n, p in model.named_parameters() if p.grad is None or not p.grad.any()]
    # A key's bias adds the same to all scores of a query, which softmax takes away again.
    assert all(p.grad is not None and p.grad.isfinite().all() for p in model.parameters())
    assert not [name for name in without if not name.endswith(("k.bias", "k_img.bias"))]


def test_initialized_model_is_silent_and_finite(model: WanTransformer) -> None:
    model.initialize()
    for velocity in run(model, conditions(model)):
        assert torch.equal(velocity, torch.zeros_like(velocity))


def test_one_speaker_never_makes_the_map(
    model: WanTransformer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **options: object) -> Tensor:
        raise AssertionError("the speaker map is for two speakers")

    monkeypatch.setattr("infinitetalk.models.wan.block.speaker_map", refuse)
    run(model, conditions(model, speakers=1))
    with pytest.raises(AssertionError):
        run(model, conditions(model, speakers=2))


def test_second_voice_reaches_its_face_only_with_masks(model: WanTransformer) -> None:
    swapped = speaker_masks()[[1, 0, 2]]
    one = run(model, conditions(model, speakers=2))[0]
    other = run(model, conditions(model, speakers=2, masks=swapped))[0]
    assert not torch.allclose(one, other)


@pytest.mark.parametrize("empty", [(0,), (1,), (2,), (0, 1), (0, 1, 2)])
def test_empty_masks_are_guarded(model: WanTransformer, empty: tuple[int, ...]) -> None:
    masks = speaker_masks()
    masks[list(empty)] = 0
    guarded = run(model, conditions(model, speakers=2, masks=masks))
    assert all(value.isfinite().all() for value in guarded)
    bare = run(model, conditions(model, speakers=2, masks=masks, guard=False))
    assert torch.equal(guarded[2], bare[2])  # without speech there is one speaker, and no map


def test_a_mask_between_the_sampled_cells_keeps_its_token(model: WanTransformer) -> None:
    masks = speaker_masks()
    masks[0] = 0
    masks[0, 3, 5] = 1  # an odd row and column: nearest neighbor drops it
    bare = model.condition(
        text=model.text_context(torch.zeros(1, 10)),
        image=model.image_context(torch.zeros(1, 14)),
        audio=model.audio_context(torch.zeros(2, 9, 5, 2, 6)),
        masks=masks,
        guard_masks=False,
    )
    guarded = conditions(model, speakers=2, masks=masks)["cond"]
    assert bare.speaker_tokens is not None
    assert guarded.speaker_tokens is not None
    assert not bare.speaker_tokens[0, 0].any()
    assert guarded.speaker_tokens[0, 0].nonzero().flatten().tolist() == [1 * 5 + 2]


def test_bfloat16_runs_and_stays_near(model: WanTransformer) -> None:
    plain = run(model, conditions(model, speakers=1))
    half = WanTransformer(CONFIG).eval()
    half.load_state_dict(model.state_dict())
    half.to(torch.bfloat16)
    for a, b in zip(plain, run(half, conditions(half, speakers=1)), strict=True):
        assert b.dtype == torch.float32
        assert ((a - b).norm() / a.norm()).item() < 3e-2
    assert all(value.isfinite().all() for value in run(half, conditions(half, speakers=2)))


def test_residuals_stand_for_the_blocks(model: WanTransformer) -> None:
    chosen = conditions(model)
    residuals: list[Tensor] = []
    plain = run(model, chosen, residuals=residuals)
    assert len(residuals) == len(NAMES)
    for a, b in zip(plain, run(model, chosen, residuals=residuals, reuse=True), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-5)
    with pytest.raises(ValueError, match="residual"):
        run(model, chosen, residuals=[], reuse=True)


def test_residuals_belong_to_their_branch(model: WanTransformer) -> None:
    """Two branches over two chunks: what the reference's counter of calls mixes up."""
    chosen = {name: conditions(model)[name] for name in ("cond", "drop_audio")}
    y = condition_latents()
    first, second = latents(), latents()
    for _ in range(2):
        together: list[Tensor] = []
        model.forward_branches(first, y, 800.0, list(chosen.values()), residuals=together)
        reused = model.forward_branches(
            second, y, 799.0, list(chosen.values()), residuals=together, reuse=True
        )
        for value, condition in zip(reused, chosen.values(), strict=True):
            alone: list[Tensor] = []
            model.forward_branches(first, y, 800.0, [condition], residuals=alone)
            expected = model.forward_branches(
                second, y, 799.0, [condition], residuals=alone, reuse=True
            )
            assert torch.equal(value, expected[0])


def test_cancel_stops_between_blocks(model: WanTransformer) -> None:
    calls = 0

    def check() -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        run(model, conditions(model), check_cancel=check)
    assert calls == 3


def test_wrong_calls_say_what_is_wrong(model: WanTransformer) -> None:
    with pytest.raises(ValueError, match="10 tokens, at most 9"):
        model.text_context(torch.zeros(10, 10))
    with pytest.raises(ValueError, match="found 8"):
        model.audio_context(torch.zeros(1, 8, 5, 2, 6))
    with pytest.raises(ValueError, match="two speakers need masks"):
        model.condition(
            text=model.text_context(torch.zeros(1, 10)),
            image=model.image_context(torch.zeros(1, 14)),
            audio=model.audio_context(torch.zeros(2, 9, 5, 2, 6)),
        )
    with pytest.raises(ValueError, match="speakers must be 1 or 2, found 3"):
        conditions(model, speakers=3)


def test_config_from_published_json_and_shapes() -> None:
    published = {"model_type": "i2v", "dim": 5120, "ffn_dim": 13824, "_class_name": "WanModel"}
    assert WanConfig.from_json(published) == WanConfig()
    with pytest.raises(ValueError, match="'t2v'"):
        WanConfig.from_json({"model_type": "t2v"})
    with torch.device("meta"):
        model = WanTransformer(replace(WanConfig(), num_layers=1))
    shapes = {name: tuple(t.shape) for name, t in model.state_dict().items()}
    assert WanConfig.from_shapes(shapes) == replace(WanConfig(), num_layers=1)
    del shapes["audio_proj.proj1.weight"]
    with pytest.raises(ValueError, match=r"audio_proj\.proj1\.weight"):
        WanConfig.from_shapes(shapes)

import pytest
import torch
from torch import Tensor

from infinitetalk.ops.modulation import add_gated, norm_modulate
from infinitetalk.ops.tokens import map_tokens


@pytest.mark.parametrize("chunk", [1, 3, 7, 8, None])
def test_pieces_equal_the_whole(chunk: int | None) -> None:
    x, weight = torch.randn(2, 7, 4), torch.randn(1, 7, 1)

    def function(_start: int, a: Tensor, w: Tensor) -> tuple[Tensor, Tensor]:
        return torch.stack((a * w, a), -1), a.sum(-1)

    with torch.no_grad():
        found = map_tokens(function, chunk, x, weight)
        expected = function(0, x, weight)
    for a, b in zip(found, expected, strict=True):
        assert torch.equal(a, b)


def test_pieces_say_where_they_start_and_see_no_more_than_allowed() -> None:
    seen: list[tuple[int, int]] = []

    def record(start: int, x: Tensor) -> tuple[Tensor]:
        seen.append((start, x.shape[1]))
        return (x,)

    with torch.no_grad():
        map_tokens(record, 3, torch.zeros(1, 8, 2))
    assert seen == [(0, 3), (3, 3), (6, 2)]
    map_tokens(record, 3, torch.zeros(1, 8, 2))  # autograd is on: one piece
    assert seen[3:] == [(0, 8)]


def test_results_may_take_the_memory_of_an_input() -> None:
    x, y = torch.randn(1, 5, 4), torch.randn(1, 5, 4)
    kept, expected = x.clone(), x + 2 * y
    with torch.no_grad():
        (found,) = map_tokens(lambda _, a, b: (a + 2 * b,), 2, x, y, outs=[y])
    assert found.data_ptr() == y.data_ptr()
    assert torch.equal(found, expected)
    assert torch.equal(x, kept)


def test_sum_is_float32_whatever_the_working_dtype() -> None:
    x = torch.full((1, 1, 4), 256.0, dtype=torch.bfloat16)
    y = torch.full((1, 1, 4), 1.0, dtype=torch.bfloat16)
    gate = torch.full((1, 1, 4), 1.5)
    with torch.no_grad():
        found = add_gated(x, y, gate)
    # 257.5 lies between 256 and 258; a sum of rounded products would have stayed at 256.
    assert found.unique().tolist() == [258.0]


def test_norm_modulate_rounds_the_norm_before_the_shift() -> None:
    x = torch.randn(1, 3, 8).bfloat16()
    shift, scale = torch.randn(1, 1, 8), torch.randn(1, 1, 8)
    normed = torch.nn.functional.layer_norm(x.float(), (8,), eps=1e-6).bfloat16()
    expected = (normed.float() * (1 + scale) + shift).bfloat16()
    torch.testing.assert_close(norm_modulate(x, shift, scale, 1e-6), expected)

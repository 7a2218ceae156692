import pytest
import torch

from infinitetalk.ops.modulation import add, add_gated, norm_modulate
from infinitetalk.ops.tokens import map_tokens


@pytest.mark.parametrize("chunk", [1, 3, 7, 8, None])
def test_pieces_equal_the_whole(chunk: int | None) -> None:
    x, weight = torch.randn(2, 7, 4), torch.randn(1, 7, 1)
    with torch.no_grad():
        found = map_tokens(lambda a, w: torch.stack((a * w, a), -1), chunk, x, weight)
    assert torch.equal(found, torch.stack((x * weight, x), -1))


def test_pieces_see_no_more_tokens_than_allowed() -> None:
    seen: list[int] = []

    def record(x: torch.Tensor) -> torch.Tensor:
        seen.append(x.shape[1])
        return x

    with torch.no_grad():
        map_tokens(record, 3, torch.zeros(1, 8, 2))
    assert seen == [3, 3, 2]


@pytest.mark.parametrize("chunk", [2, None])
def test_sums_go_into_the_new_value_and_leave_the_old(chunk: int | None) -> None:
    x, y, gate = torch.randn(1, 5, 4), torch.randn(1, 5, 4), torch.randn(1, 1, 4)
    kept, expected = x.clone(), x + y * gate
    with torch.no_grad():
        new = y.clone()
        found = add_gated(x, new, gate, chunk)
        torch.testing.assert_close(found, expected)
        assert found.data_ptr() == new.data_ptr()
        new = y.clone()
        assert add(x, new).data_ptr() == new.data_ptr()
    assert torch.equal(x, kept)
    y.requires_grad_()
    assert add_gated(x, y, gate, chunk).requires_grad
    assert torch.equal(y, y.detach().clone())


def test_sum_is_float32_whatever_the_working_dtype() -> None:
    x = torch.full((1, 1, 4), 256.0, dtype=torch.bfloat16)
    y = torch.full((1, 1, 4), 1.0, dtype=torch.bfloat16)
    gate = torch.full((1, 1, 4), 1.5)
    with torch.no_grad():
        found = add_gated(x, y, gate, None)
    # 257.5 lies between 256 and 258; a sum of rounded products would have stayed at 256.
    assert found.unique().tolist() == [258.0]


def test_norm_modulate_rounds_the_norm_before_the_shift() -> None:
    x = torch.randn(1, 3, 8).bfloat16()
    shift, scale = torch.randn(1, 1, 8), torch.randn(1, 1, 8)
    normed = torch.nn.functional.layer_norm(x.float(), (8,), eps=1e-6).bfloat16()
    expected = (normed.float() * (1 + scale) + shift).bfloat16()
    torch.testing.assert_close(norm_modulate(x, shift, scale, 1e-6, None), expected)

import pytest
import torch

from infinitetalk.ops.rope import axis_widths, grid_table, position_table, rotate


@pytest.mark.parametrize(
    ("head", "widths"), [(128, (44, 42, 42)), (24, (8, 8, 8)), (20, (8, 6, 6))]
)
def test_widths_of_axes(head: int, widths: tuple[int, int, int]) -> None:
    assert axis_widths(head) == widths
    assert sum(widths) == head


def test_rotation_equals_complex_product() -> None:
    x = torch.randn(2, 12, 3, 20)
    table = grid_table((2, 3, 2), 20, x.device)
    turn = torch.complex(table.cos.double(), table.sin.double())
    expected = torch.view_as_real(torch.view_as_complex(x.double().unflatten(-1, (-1, 2))) * turn)
    torch.testing.assert_close(rotate(x, table.cos, table.sin), expected.flatten(-2).float())


def test_scores_depend_on_distance_only() -> None:
    q, k = torch.randn(1, 1, 1, 16), torch.randn(1, 1, 1, 16)

    def score(a: float, b: float) -> float:
        turned = []
        for x, position in ((q, a), (k, b)):
            table = position_table(torch.tensor([position]), 16)
            turned.append(rotate(x, table.cos, table.sin))
        return (turned[0] * turned[1]).sum().item()

    assert score(3.25, 1.0) == pytest.approx(score(10.75, 8.5), abs=1e-5)
    assert score(3.25, 1.0) != pytest.approx(score(3.25, 2.0), abs=1e-3)

import torch
import torch.nn.functional as F

from infinitetalk.ops.conv import conv3d


def test_equals_pytorch_also_in_its_gradients() -> None:
    x = torch.randn(1, 3, 5, 6, 7, requires_grad=True)
    weight = torch.randn(4, 3, 3, 3, 3, requires_grad=True)
    bias = torch.randn(4, requires_grad=True)
    stride, padding = (2, 1, 1), (0, 1, 1)
    found = conv3d(x, weight, bias, stride, padding)
    expected = F.conv3d(x, weight, bias, stride, padding)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)
    parts = (x, weight, bias)
    for a, b in zip(
        torch.autograd.grad(found.square().sum(), parts),
        torch.autograd.grad(expected.square().sum(), parts),
        strict=True,
    ):
        torch.testing.assert_close(a, b, rtol=1e-3, atol=1e-3)


def test_half_precision_on_the_cpu() -> None:
    x, weight = torch.randn(1, 2, 3, 4, 4).bfloat16(), torch.randn(2, 2, 3, 3, 3).bfloat16()
    found = conv3d(x, weight, None, (1, 1, 1), (0, 1, 1))
    assert found.dtype == torch.bfloat16
    assert found.shape == (1, 2, 1, 4, 4)

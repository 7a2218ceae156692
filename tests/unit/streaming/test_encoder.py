"""The text encoder on the same ring of slots."""

import pytest
import torch

from infinitetalk.errors import EngineError
from infinitetalk.models.text_encoder.umt5 import TextEncoder, load_text_encoder
from infinitetalk.pipeline.text import streamed_blocks
from infinitetalk.streaming import StreamProbe
from infinitetalk.weights.tables import TextSizes, text_table

CPU = torch.device("cpu")
SIZES = TextSizes(
    vocab=30, dim=16, attention=16, ffn_dim=24, num_layers=5, num_heads=4, buckets=8
)  # fmt: skip


def encoder(dtype: torch.dtype | None = None, scheme: str | None = None) -> TextEncoder:
    torch.manual_seed(4)
    tensors = {name: torch.randn(shape) * 0.3 for name, shape in text_table(SIZES).items()}
    return load_text_encoder(tensors, dtype=dtype, device="cpu", scheme=scheme)


@pytest.mark.parametrize("scheme", [None, "int8", "fp8"])
@pytest.mark.parametrize("dtype", [None, torch.bfloat16])
def test_streamed_equals_visiting(
    dtype: torch.dtype | None, scheme: str | None, unkind: StreamProbe
) -> None:
    network = encoder(dtype, scheme)
    texts = [torch.arange(1, 8), torch.tensor([3]), torch.arange(5, 25)]
    expected = network(texts)
    for _ in range(2):
        with streamed_blocks(network, CPU, unkind) as blocks:
            found = network(texts, blocks)
        assert all(torch.equal(a, b) for a, b in zip(found, expected, strict=True))
    assert torch.equal(network(texts)[0], expected[0]), "the encoder itself is as it was"


def test_two_blocks_at_most_are_there() -> None:
    network = encoder()
    sizes = [sum(p.nbytes for p in block.parameters()) for block in network.blocks]
    with streamed_blocks(network, CPU) as stream:
        network([torch.arange(1, 8)], stream)
        assert 0 < stream.peak_live_bytes <= 2 * max(sizes) * 1.5  # each tensor on a border


def test_a_text_that_fails_gives_everything_back() -> None:
    network = encoder()
    with pytest.raises(EngineError), streamed_blocks(network, CPU) as stream:
        network([torch.tensor([99])], stream)
    assert stream.allocated_bytes == 0


def test_memory_taken_inside_inference_mode_can_be_filled_outside(unkind: StreamProbe) -> None:
    network = encoder()
    texts = [torch.arange(1, 8)]
    expected = network(texts)[0]
    with streamed_blocks(network, CPU, unkind) as stream:
        stream.suspend()
        with torch.inference_mode():
            first = network(texts, stream)[0]
        assert torch.equal(network(texts, stream)[0], expected)
        assert torch.equal(first, expected)

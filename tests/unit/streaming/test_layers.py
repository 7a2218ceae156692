"""Networks that call their layers themselves: transformers' text encoder."""

import torch
from transformers import UMT5Config, UMT5EncoderModel

from infinitetalk.streaming import StreamProbe
from infinitetalk.streaming.layers import stream_layers


def tiny_encoder() -> UMT5EncoderModel:
    torch.manual_seed(4)
    config = UMT5Config(
        vocab_size=30, d_model=16, d_kv=4, d_ff=24, num_layers=3, num_heads=4, dropout_rate=0.0
    )
    return UMT5EncoderModel(config).eval()


def test_a_text_encoder_streams_layer_by_layer(unkind: StreamProbe) -> None:
    encoder = tiny_encoder()
    ids = torch.arange(1, 8)[None]
    with torch.inference_mode():
        expected = encoder(ids).last_hidden_state
    streamed = stream_layers(encoder, "encoder.block", probe=unkind)
    with torch.inference_mode():
        for _ in range(2):
            assert torch.equal(encoder(ids).last_hidden_state, expected)
    assert streamed.stream.peak_live_bytes == 2 * streamed.stream.allocated_bytes // 2
    streamed.remove()
    with torch.inference_mode():
        assert torch.equal(encoder(ids).last_hidden_state, expected)


def test_memory_taken_inside_inference_mode_can_be_filled_outside(unkind: StreamProbe) -> None:
    encoder = tiny_encoder()
    ids = torch.arange(1, 8)[None]
    streamed = stream_layers(encoder, "encoder.block", probe=unkind, resident=1)
    streamed.stream.suspend()
    with torch.inference_mode():
        first = encoder(ids).last_hidden_state
    with torch.no_grad():
        assert torch.equal(encoder(ids).last_hidden_state, first)


def test_a_layer_called_for_several_texts_is_brought_in_once() -> None:
    encoder = tiny_encoder()
    streamed = stream_layers(encoder, "encoder.block")
    states = [torch.randn(1, 5, 16), torch.randn(1, 3, 16)]
    with torch.inference_mode():
        for block in encoder.encoder.block:
            for state in states:
                block(state)
    # three layers, and the first one again, brought in for the next text
    layer = streamed.stream.allocated_bytes // 2
    assert streamed.stream.loaded_bytes == 4 * layer

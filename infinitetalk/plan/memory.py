"""How many bytes are alive at the peak of each stage, from the tensors that are.

B branches, S tokens, D width, b bytes of the working dtype. The lists of live tensors follow the
code of `models/wan` and `models/vae`; a change there changes a number here, and the test on a card
compares predicted and real peaks.
"""

from dataclasses import dataclass

from infinitetalk.errors import GIB, MIB
from infinitetalk.plan.cost import (
    AUDIO_TOKENS,
    IMAGE_TOKENS,
    TEXT_TOKENS,
    latent_frames,
    tiled_pixels,
    token_count,
)
from infinitetalk.plan.facts import WeightsFacts

STREAM_SLOTS = 2  # blocks on the card while all are streamed
CONTEXT_BYTES = 450 * MIB  # CUDA context and kernels, outside torch's allocator
WORKSPACE_BYTES = 160 * MIB  # of matrix products and convolutions, and what the allocator rounds up
STORED_BYTES = {"fp32": 4.0, "bf16": 2.0, "fp8": 1.0, "int8": 1.0}
SCALE_SHARE = 1.01  # scales per output channel, norms and biases beside 8-bit weights

# Whole-sequence tensors alive while one branch is in self-attention, beside every branch's tokens:
# queries, keys, values and the attention's result. Afterwards the result alone.
_ATTENTION_TENSORS = 4
_AFTER_TENSORS = 1
# Temporaries of a piece of tokens in the feed-forward part: hidden values and their activation, and
# tensors of width D (the gated sum and its norm).
_PIECE_HIDDEN = 2
_PIECE_WIDE = 2
# Of a piece before attention, in float32: norm, modulation, rotation. Fused kernels need half of it,
# plain ones a little more.
_PIECE_BEFORE = 2.5
# Rotary tables, tokens of the conditions, one block's keys and values.
_CONTEXT_BYTES = 48 * MIB
# On a card the parts outside the blocks visit for their calls. The largest, shifts and scales out
# of the time vector, is widened to float32 beside itself.
_VISIT_FACTOR = 6

# VAE: bytes alive per pixel of the picture (past frames of each convolution, the largest stage in
# flight), published widths, by bytes of the dtype: measured on a card, and 5 % more. In 16 bits decoding
# 640 x 640 whole took 3.42 GiB, tiles of 384 1.41. Without Triton a card needs 5 % more than said.
_VAE_DECODE_PIXEL = {2: 8_700.0, 4: 17_200.0}
_VAE_ENCODE_PIXEL = {2: 6_900.0, 4: 13_800.0}
VAE_WORKSPACE = 64 * MIB
_VAE_PARAMETERS = 126_892_531
VAE_TILES = (1024, 768, 640, 512, 448, 384, 320, 256, 192, 128)  # pixels a side

_ENCODER_BYTES = 128 * MIB  # activations of a picture, or of a piece of speech

BASE_RAM = 1 * GIB  # python, torch
CUDA_RAM = 1 * GIB  # more with CUDA libraries loaded
MAPPED_SHARE = 0.15  # of a mapped file, resident at a time while it is read


@dataclass(frozen=True, kw_only=True)
class TransformerBytes:
    """Video memory of the denoising stage by purpose."""

    outside: int  # weights outside the blocks that stay with them
    block: int  # one block as stored
    activations: int
    key_values: int  # kept keys and values of text, picture and speech
    latents: int
    residuals: int  # TeaCache

    def total(self, *, resident: int, blocks: int, keep_key_values: bool) -> int:
        """Peak with `resident` of `blocks` staying on the card."""
        held = resident if resident >= blocks else resident + min(STREAM_SLOTS, blocks - resident)
        kept = self.key_values if keep_key_values else 0
        return (
            self.outside
            + held * self.block
            + self.activations
            + kept
            + self.latents
            + self.residuals
            + WORKSPACE_BYTES
        )


def dtype_bytes(dtype: str) -> int:
    return 4 if dtype == "float32" else 2


def block_bytes(weights: WeightsFacts, precision: str) -> int:
    """One block as stored in `precision`."""
    share = SCALE_SHARE if precision in ("fp8", "int8") else 1.0
    return round(weights.block_parameters * STORED_BYTES[precision] * share)


def transformer_bytes(
    weights: WeightsFacts,
    size: tuple[int, int],
    frames: int,
    *,
    branches: tuple[str, ...],
    speakers: int,
    precision: str,
    dtype: str,
    token_chunk: int,
    teacache: bool,
    together: bool = True,
    visiting: bool = True,
) -> TransformerBytes:
    """Bytes of the denoising stage for a chunk of `frames` frames at `size` (H, W).

    Not `together`: one branch after the other, each through all blocks. `visiting`: weights outside
    the blocks come for their calls, as they do on a card.
    """
    width = dtype_bytes(dtype)
    tokens = token_count(size, frames)
    one = tokens * weights.dim * width
    frame = tokens // latent_frames(frames)
    piece = min(max(token_chunk // frame, 1) * frame, tokens) if token_chunk else tokens
    hidden = piece * width * (_PIECE_HIDDEN * weights.ffn_dim + _PIECE_WIDE * weights.dim)
    # Done in one piece, queries, keys and values take the place of these temporaries.
    before = round(piece * weights.dim * 4 * _PIECE_BEFORE) if piece < tokens else 0
    count = len(branches) if together else 1
    outside_width = 4.0 if precision == "fp32" else 2.0
    visit = _VISIT_FACTOR * weights.dim * weights.dim * (width + 4) if visiting else 0
    latent = 16 * latent_frames(frames) * (size[0] // 8) * (size[1] // 8) * 4
    return TransformerBytes(
        outside=0 if visiting else round(weights.other_parameters * outside_width),
        block=block_bytes(weights, precision),
        activations=_CONTEXT_BYTES
        + max(
            (count + _ATTENTION_TENSORS) * one,
            (count + _ATTENTION_TENSORS - 1) * one + before,
            (count + _AFTER_TENSORS) * one + hidden,
            count * one + visit,
        ),
        key_values=key_value_bytes(weights, frames, branches, speakers, width),
        latents=latent * (4 + count),
        residuals=count * one if teacache else 0,
    )


def key_value_bytes(
    weights: WeightsFacts, frames: int, branches: tuple[str, ...], speakers: int, width: int
) -> int:
    """Kept keys and values of all blocks: each distinct prompt and speech once (transformer.md 11)."""
    texts = 1 + bool({"drop_text", "uncond"} & set(branches))
    rows = texts * TEXT_TOKENS + IMAGE_TOKENS
    per_frame = AUDIO_TOKENS * (speakers + bool({"drop_audio", "uncond"} & set(branches)))
    rows += latent_frames(frames) * per_frame
    return 2 * rows * weights.dim * width * weights.blocks


def vae_bytes(
    weights: WeightsFacts, size: tuple[int, int], frames: int, *, dtype: str, tile: int
) -> tuple[int, int]:
    """(encode, decode) peaks of the VAE for whole frames, or for tiles of `tile` pixels a side."""
    width = dtype_bytes(dtype)
    height, across = size
    if tile:
        height, across = min(tile, height), min(tile, across)
    scale = (weights.vae_parameters / _VAE_PARAMETERS) ** 0.5
    pieces = min(1.0, 0.4 + frames / 10)  # a single frame is carried on by no other
    pixels = height * across * scale * pieces
    own = weights.vae_parameters * width + VAE_WORKSPACE
    encode = round(pixels * _VAE_ENCODE_PIXEL[width]) + own  # frames lie in RAM, before and after
    return encode, round(pixels * _VAE_DECODE_PIXEL[width]) + own


def choose_vae_tile(
    weights: WeightsFacts, size: tuple[int, int], frames: int, *, dtype: str, budget: int
) -> int:
    """0 where whole frames fit into `budget` bytes, else the tile that fits and computes least."""

    def fits(tile: int) -> bool:
        return max(vae_bytes(weights, size, frames, dtype=dtype, tile=tile)) <= budget

    if fits(0):
        return 0
    fitting = [tile for tile in VAE_TILES if tile < max(size) and fits(tile)]
    return min(fitting, key=lambda tile: tiled_pixels(size, tile), default=VAE_TILES[-1])


def frames_ram(size: tuple[int, int], frames: int) -> int:
    """A chunk's frames in RAM: float32 once, bytes twice (decoded, on its way to the encoder)."""
    return frames * size[0] * size[1] * 3 * (4 + 2)


def encoder_vram(stored: int, *, streamed: bool) -> int:
    """An encoder on the card: whole, or layer by layer where it is `streamed`."""
    return stored // 17 + WORKSPACE_BYTES if streamed else stored + _ENCODER_BYTES

"""Overlapping picture tiles around a VAE, blended: any size under a ceiling of video memory.

A tile goes through all its frames, slice by slice in time, before the next begins: only one tile's
past frames are alive. Blending weights fall to zero before the edge of a tile, where the missing
surroundings would show.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from infinitetalk.models.vae.vae import WanVae

OVERLAP = 64  # pixels that neighboring tiles share at least
DEAD_SHARE = 0.25  # of the overlap, at each edge: not used at all


@dataclass(frozen=True, kw_only=True)
class Span:
    """A tile's part of one axis, in latent cells."""

    start: int
    end: int


def spans(length: int, tile: int, overlap: int) -> list[Span]:
    """Tiles of at most `tile` cells over `length` cells, evenly placed, sharing `overlap` or more."""
    if tile >= length:
        return [Span(start=0, end=length)]
    if overlap >= tile:
        raise ValueError(f"overlap ({overlap}) must be smaller than a tile ({tile})")
    count = math.ceil((length - overlap) / (tile - overlap))
    last = length - tile
    starts = [round(last * number / (count - 1)) for number in range(count)]
    return [Span(start=start, end=start + tile) for start in starts]


def blend_weights(places: Sequence[Span], length: int, scale: int) -> list[Tensor]:
    """Per tile: its share of every place of its span, float32 [cells * scale]; shares add up to 1.

    `scale` is pixels per cell, or 1. Toward a neighbor the share falls linearly to zero, which it
    reaches before the edge; toward the edge of the picture it doesn't fall.
    """
    raw: list[Tensor] = []
    for number, place in enumerate(places):
        size = (place.end - place.start) * scale
        position = torch.arange(size, dtype=torch.float32) + 0.5
        share = torch.ones(size)
        if number > 0:
            shared = (places[number - 1].end - place.start) * scale
            share = torch.minimum(share, _ramp(position, shared))
        if number + 1 < len(places):
            shared = (place.end - places[number + 1].start) * scale
            share = torch.minimum(share, _ramp(size - position, shared))
        raw.append(share)
    total = torch.zeros(length * scale)
    for place, share in zip(places, raw, strict=True):
        total[place.start * scale : place.end * scale] += share
    return [
        share / total[place.start * scale : place.end * scale]
        for place, share in zip(places, raw, strict=True)
    ]


def _ramp(distance: Tensor, shared: int) -> Tensor:
    dead = shared * DEAD_SHARE
    return ((distance - dead) / (shared - 2 * dead)).clamp(0, 1)


@dataclass(frozen=True, kw_only=True)
class _Tile:
    rows: Span
    columns: Span
    weight: Tensor | None  # [rows, columns], in the places of the result; None: alone, all of it


class TiledVae:
    """A VAE with the same `encode` and `decode`, working tile by tile.

    Results lie on `result_device`; frames leave the VAE's device as they appear.
    """

    def __init__(
        self,
        vae: WanVae,
        *,
        tile: int = 0,
        overlap: int = OVERLAP,
        result_device: torch.device | str | None = None,
    ) -> None:
        """`tile` and `overlap` in pixels, multiples of the VAE's stride; tile 0: whole frames."""
        stride = vae.config.space_stride
        if tile % stride or overlap % stride:
            raise ValueError(f"tile {tile} and overlap {overlap} must be multiples of {stride}")
        self.vae = vae
        self.tile = tile
        self._overlap = overlap // stride
        self._result_device = result_device

    @torch.no_grad()
    def decode(self, latents: Tensor) -> Tensor:
        """Normalized latents [C, T, h, w] -> pixels [3, F, H, W] float32 in -1..1."""
        stride = self.vae.config.space_stride
        frames = 1 + (latents.shape[1] - 1) * self.vae.config.time_stride
        height, width = latents.shape[2] * stride, latents.shape[3] * stride
        result = self._zeros(3, frames, height, width)
        for tile in self._tiles(latents.shape[2], latents.shape[3], stride):
            rows, columns = tile.rows, tile.columns
            part = latents[:, :, rows.start : rows.end, columns.start : columns.end]
            target = result[
                :,
                :,
                rows.start * stride : rows.end * stride,
                columns.start * stride : columns.end * stride,
            ]
            self._blend(self.vae.decode_pieces(part), tile.weight, target)
        return result

    @torch.no_grad()
    def encode(self, pixels: Tensor) -> Tensor:
        """[3, F, H, W] in -1..1 -> normalized latents [C, T, h, w] float32."""
        stride = self.vae.config.space_stride
        height, width = pixels.shape[2] // stride, pixels.shape[3] // stride
        frames = 1 + (pixels.shape[1] - 1) // self.vae.config.time_stride
        result = self._zeros(self.vae.config.latent_channels, frames, height, width)
        for tile in self._tiles(height, width, 1):
            rows, columns = tile.rows, tile.columns
            part = pixels[
                :,
                :,
                rows.start * stride : rows.end * stride,
                columns.start * stride : columns.end * stride,
            ]
            target = result[:, :, rows.start : rows.end, columns.start : columns.end]
            self._blend(self.vae.encode_pieces(part), tile.weight, target)
        return result

    def _zeros(self, *shape: int) -> Tensor:
        return torch.zeros(shape, device=self._result_device or self.vae.device)

    def _tiles(self, height: int, width: int, scale: int) -> Iterator[_Tile]:
        side = self.tile // self.vae.config.space_stride or max(height, width)
        rows, columns = (spans(length, side, self._overlap) for length in (height, width))
        row_weights = blend_weights(rows, height, scale)
        column_weights = blend_weights(columns, width, scale)
        for row, down in zip(rows, row_weights, strict=True):
            for column, across in zip(columns, column_weights, strict=True):
                alone = len(rows) == len(columns) == 1
                weight = None if alone else torch.outer(down, across)
                yield _Tile(rows=row, columns=column, weight=weight)

    @staticmethod
    def _blend(pieces: Iterator[Tensor], weight: Tensor | None, target: Tensor) -> None:
        done = 0
        for piece in pieces:
            end = done + piece.shape[1]
            if weight is None:
                target[:, done:end] = piece
            else:
                shares = weight.to(piece.device)
                target[:, done:end] += (piece * shares).to(target.device)
            done = end

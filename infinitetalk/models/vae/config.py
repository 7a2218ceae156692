"""Sizes of the VAE, from published parameters or read off tensor shapes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

# Mean and standard deviation of each latent channel (spec encoders_and_vae.md 1.1).
WAN_MEAN = (-0.7571, -0.7089, -0.9113, 0.1075, -0.1745, 0.9653, -0.1517, 1.5508,
            0.4134, -0.0715, 0.5517, -0.3632, -0.1922, -0.9497, 0.2503, -0.2921)  # fmt: skip
WAN_STD = (2.8184, 1.4541, 2.3275, 2.6558, 1.2196, 1.7708, 2.6052, 2.0743,
           3.2687, 2.1526, 2.8652, 1.5579, 1.6382, 1.1253, 2.8251, 1.9160)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class VaeConfig:
    """Widths stage by stage, outermost pixels first in the encoder, latents first in the decoder.

    Encoder and decoder may differ. Between two stages the picture is halved (doubled); where
    `time_stages` is true, so is the number of frames after the first.
    """

    encoder_stem: int = 96
    encoder_widths: tuple[int, ...] = (96, 192, 384, 384)
    encoder_blocks: int = 2  # residual blocks per stage
    decoder_stem: int = 384
    decoder_widths: tuple[int, ...] = (384, 384, 192, 96)
    decoder_blocks: int = 3
    latent_channels: int = 16
    time_stages: tuple[bool, ...] = (False, True, True)  # in the encoder's order
    mean: tuple[float, ...] = WAN_MEAN
    std: tuple[float, ...] = WAN_STD

    def __post_init__(self) -> None:
        stages = len(self.time_stages) + 1
        if len(self.encoder_widths) != stages or len(self.decoder_widths) != stages:
            raise ValueError(f"encoder and decoder must have {stages} widths each")
        if len(self.mean) != self.latent_channels or len(self.std) != self.latent_channels:
            raise ValueError(f"mean and std must have {self.latent_channels} values each")

    @property
    def space_stride(self) -> int:
        """Pixels per latent cell, along a side."""
        return 2 ** len(self.time_stages)

    @property
    def time_stride(self) -> int:
        """Video frames per latent frame after the first."""
        return 2 ** sum(self.time_stages)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "VaeConfig":
        """From this class's own fields, or from the published parameters (dim, z_dim, dim_mult,
        num_res_blocks, temporal_downsample).
        """
        known = {field.name for field in fields(cls)}
        if "dim" not in data:
            own: dict[str, Any] = {
                name: tuple(value) if isinstance(value, list) else value
                for name, value in data.items()
                if name in known
            }
            return cls(**own)
        dim, channels = data["dim"], data.get("z_dim", 16)
        widths = tuple(dim * factor for factor in data.get("dim_mult", (1, 2, 4, 4)))
        blocks = data.get("num_res_blocks", 2)
        # The published parameter's name has a typing error; both spellings occur.
        times = data.get("temporal_downsample", data.get("temperal_downsample"))
        mean, std = _statistics(channels)
        return cls(
            encoder_stem=dim,
            encoder_widths=widths,
            encoder_blocks=blocks,
            decoder_stem=widths[-1],
            decoder_widths=widths[::-1],
            decoder_blocks=blocks + 1,
            latent_channels=channels,
            time_stages=tuple(times) if times is not None else (False, True, True),
            mean=tuple(data.get("mean", mean)),
            std=tuple(data.get("std", std)),
        )

    @classmethod
    def from_shapes(cls, shapes: Mapping[str, Sequence[int]]) -> "VaeConfig":
        """From the tensors of a checkpoint by published name. Raises ValueError if one is missing."""
        try:
            channels = shapes["conv2.weight"][0]
            encoder = _stages(shapes, "encoder.downsamples.")
            decoder = _stages(shapes, "decoder.upsamples.")
            stems = shapes["encoder.conv1.weight"][0], shapes["decoder.conv1.weight"][0]
        except KeyError as error:
            raise ValueError(f"tensor {error} is missing") from error
        mean, std = _statistics(channels)
        return cls(
            encoder_stem=stems[0],
            encoder_widths=encoder[0],
            encoder_blocks=encoder[1],
            decoder_stem=stems[1],
            decoder_widths=decoder[0],
            decoder_blocks=decoder[1],
            latent_channels=channels,
            time_stages=encoder[2],
            mean=mean,
            std=std,
        )


def _statistics(channels: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    if channels == len(WAN_MEAN):
        return WAN_MEAN, WAN_STD
    return (0.0,) * channels, (1.0,) * channels


def _stages(
    shapes: Mapping[str, Sequence[int]], prefix: str
) -> tuple[tuple[int, ...], int, tuple[bool, ...]]:
    """Widths, residual blocks per stage, and which transitions change the number of frames."""
    count = 1 + max(
        (int(n.removeprefix(prefix).split(".")[0]) for n in shapes if n.startswith(prefix)),
        default=-1,
    )
    widths: list[int] = []
    times: list[bool] = []
    blocks, width = 0, 0
    for index in range(count):
        layer = f"{prefix}{index}."
        if f"{layer}resample.1.weight" in shapes:
            widths.append(width)
            times.append(f"{layer}time_conv.weight" in shapes)
        else:
            width = shapes[f"{layer}residual.2.weight"][0]
            blocks += 1
    widths.append(width)
    if blocks % len(widths):
        raise ValueError(f"{prefix[:-1]} must have equally many residual blocks in every stage")
    return tuple(widths), blocks // len(widths), tuple(times)

"""What an audio encoder is made of, from the `config.json` in its folder."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from infinitetalk.errors import engine_error

SAMPLE_RATE = 16000


@dataclass(frozen=True, kw_only=True)
class AudioEncoderConfig:
    """Sizes of a wav2vec2; field names and defaults are those of `config.json`."""

    hidden_size: int = 768
    num_hidden_layers: int = 12
    num_attention_heads: int = 12
    intermediate_size: int = 3072
    hidden_act: str = "gelu"
    layer_norm_eps: float = 1e-5
    conv_dim: tuple[int, ...] = (512,) * 7
    conv_kernel: tuple[int, ...] = (10, 3, 3, 3, 3, 2, 2)
    conv_stride: tuple[int, ...] = (5, 2, 2, 2, 2, 2, 2)
    conv_bias: bool = False
    feat_extract_norm: str = "group"  # "group": over all time, in the first layer; or "layer"
    feat_extract_activation: str = "gelu"
    num_conv_pos_embeddings: int = 128
    num_conv_pos_embedding_groups: int = 16
    do_stable_layer_norm: bool = False

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "AudioEncoderConfig":
        """From a parsed `config.json`; what it says beyond these fields is of no use here."""
        if data.get("model_type", "wav2vec2") != "wav2vec2":
            raise engine_error(
                "weights.not_audio_encoder",
                "Not an audio encoder",
                f"config.json describes a {data['model_type']} model, not wav2vec2.",
                "Choose the folder of chinese-wav2vec2-base.",
            )
        known = {f.name for f in fields(cls)}
        values: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in data.items() if k in known
        }
        return cls(**values)

    @property
    def stride(self) -> int:
        """Samples from one convolution frame to the next."""
        samples = 1
        for stride in self.conv_stride:
            samples *= stride
        return samples

    @property
    def receptive_field(self) -> int:
        """Samples that one convolution frame sees."""
        samples, step = 1, 1
        for kernel, stride in zip(self.conv_kernel, self.conv_stride, strict=True):
            samples += (kernel - 1) * step
            step *= stride
        return samples

    def conv_frames(self, samples: int) -> int:
        """Convolution frames that `samples` samples give, 0 where there are too few for one."""
        return max((samples - self.receptive_field) // self.stride + 1, 0)


def embedding_rows(samples: int, *, exact: bool = False) -> int:
    """Rows at 25 per second of speech of so many samples at 16 kHz.

    `exact`: in the reference's own order of floating point, at times one less than whole arithmetic
    gives (18560 samples: 28, not 29). The plan counts likewise.
    Source: encoders_and_vae.md 4.1.
    """
    if exact:
        return int(samples / SAMPLE_RATE * 25)
    return samples * 25 // SAMPLE_RATE

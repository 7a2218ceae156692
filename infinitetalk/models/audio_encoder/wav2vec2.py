"""wav2vec2 run at 25 frames per second: speech to one row per video frame and layer.

The steps are separate functions, so that long speech can be encoded in pieces that agree with the
whole: convolution frames are exact given the statistics of the whole, then only attention is local.
"""

from collections.abc import Mapping
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import Wav2Vec2Config, Wav2Vec2Model

from infinitetalk.models.audio_encoder.config import AudioEncoderConfig, embedding_rows
from infinitetalk.models.audio_encoder.key_map import to_transformers
from infinitetalk.weights.load import load_into
from infinitetalk.weights.tensors import DictState, RenamedState, State

VARIANCE_FLOOR = 1e-7  # of transformers' Wav2Vec2FeatureExtractor


class AudioEncoder(nn.Module):
    """transformers' `Wav2Vec2Model`, its parts called by hand (spec: encoders_and_vae.md 4).

    Letters: n samples, L convolution frames (49.95 per second), N rows (25 per second), C channels
    of the convolutions, D width.
    """

    def __init__(self, config: AudioEncoderConfig) -> None:
        super().__init__()
        self.config = config
        self.model = Wav2Vec2Model(_transformers_config(config))
        if hasattr(self.model, "masked_spec_embed"):
            del self.model.masked_spec_embed  # masks spans in training only, absent from some files

    @property
    def device(self) -> torch.device:
        return self.model.feature_projection.projection.weight.device

    @property
    def _convolutions(self) -> list[Any]:
        """The layers of the feature extractor: `conv`, mostly a `layer_norm`, `activation`."""
        return list(self.model.feature_extractor.conv_layers)

    @torch.no_grad()
    def embed(self, speech: Tensor) -> Tensor:
        """All of a speech at once: mono float32 [n] at 16 kHz -> [N, layers, D], float32.

        Identical to the reference. Time and memory grow with the square of the length.
        """
        samples = normalized(speech.to(self.device, torch.float32))
        features = self.model.feature_extractor(samples[None])
        count = embedding_rows(len(speech), exact=True)
        rows = F.interpolate(features, size=count, mode="linear", align_corners=True)
        return self.encode(rows[0].T)

    @torch.no_grad()
    def first_convolution(self) -> tuple[Tensor, Tensor | None]:
        """Weight [C, kernel] and bias [C] of the first convolution, float64 on the CPU.

        Its output is normalized over all time; those statistics follow from the speech's own
        (see `statistics.py`).
        """
        conv = self._convolutions[0].conv
        bias = None if conv.bias is None else conv.bias.double().cpu()
        return conv.weight[:, 0].double().cpu(), bias

    @torch.no_grad()
    def conv_features(
        self, samples: Tensor, mean: Tensor | None, variance: Tensor | None
    ) -> Tensor:
        """Normalized samples [n] -> convolution frames [L, C].

        `mean` and `variance` [C] of the first layer's output over the whole speech take the place
        of this piece's own; None where the model normalizes each frame by itself.
        """
        state = samples.to(self.device, torch.float32)[None, None]
        for layer in self._convolutions:
            norm = getattr(layer, "layer_norm", None)
            if mean is not None and variance is not None and isinstance(norm, nn.GroupNorm):
                state = layer.conv(state)
                scale = norm.weight.double().cpu() / torch.sqrt(variance + norm.eps)
                shift = norm.bias.double().cpu() - mean * scale
                state = state * scale.to(state)[:, None] + shift.to(state)[:, None]
                state = layer.activation(state)
            else:
                state = layer(state)
        return state[0].T

    @torch.no_grad()
    def encode(self, features: Tensor) -> Tensor:
        """Convolution frames brought to 25 per second [N, C] -> [N, layers, D], float32."""
        state = self.add_positions(self.project(features))
        outputs: list[Tensor] = []
        for layer in self.layers:
            output = layer(state[None])
            state = (output if isinstance(output, Tensor) else output[0])[0]  # 4.x: a tuple
            outputs.append(state)
        if self.config.do_stable_layer_norm:
            outputs[-1] = self.final_norm(state)
        return torch.stack(outputs, dim=1).float()

    @property
    def layers(self) -> nn.ModuleList:
        return cast(nn.ModuleList, self.model.encoder.layers)

    @torch.no_grad()
    def project(self, features: Tensor) -> Tensor:
        """Frames [N, C] -> states [N, D] before positions are added."""
        return self.model.feature_projection(features)[0]

    @torch.no_grad()
    def add_positions(self, states: Tensor) -> Tensor:
        """[N, D] -> [N, D] as it enters the first layer."""
        encoder = self.model.encoder
        states = states + encoder.pos_conv_embed(states[None])[0]
        return states if self.config.do_stable_layer_norm else encoder.layer_norm(states)

    @torch.no_grad()
    def final_norm(self, states: Tensor) -> Tensor:
        """[N, D] -> [N, D]: what follows the last layer where norms come first in a layer."""
        return self.model.encoder.layer_norm(states)


def normalized(speech: Tensor) -> Tensor:
    """Zero mean and unit variance over the whole speech [n], as the feature extractor of wav2vec2."""
    return (speech - speech.mean()) / torch.sqrt(speech.var(correction=0) + VARIANCE_FLOOR)


def load_audio_encoder(
    tensors: Mapping[str, Tensor],
    config: AudioEncoderConfig,
    *,
    device: torch.device | str | None = None,
) -> AudioEncoder:
    """An audio encoder over the tensors of a wav2vec2 folder, in float32 as the reference has it.

    Prefixes, heads of pre-training and both spellings of the weight norm are understood.
    """
    state = tensors if isinstance(tensors, State) else DictState(tensors)
    with torch.device("meta"):
        encoder = AudioEncoder(config)
    renamed = RenamedState(state, {to_transformers(name): name for name in state})
    wanted = set(encoder.model.state_dict())
    load_into(
        encoder.model,
        renamed,
        dtype=torch.float32,
        device=device,
        what="Audio encoder",
        unused=lambda name: name not in wanted,
    )
    return encoder.eval()


def _transformers_config(config: AudioEncoderConfig) -> Wav2Vec2Config:
    return Wav2Vec2Config(
        hidden_size=config.hidden_size,
        num_hidden_layers=config.num_hidden_layers,
        num_attention_heads=config.num_attention_heads,
        intermediate_size=config.intermediate_size,
        hidden_act=config.hidden_act,
        layer_norm_eps=config.layer_norm_eps,
        conv_dim=config.conv_dim,
        conv_kernel=config.conv_kernel,
        conv_stride=config.conv_stride,
        conv_bias=config.conv_bias,
        feat_extract_norm=config.feat_extract_norm,
        feat_extract_activation=config.feat_extract_activation,
        num_conv_pos_embeddings=config.num_conv_pos_embeddings,
        num_conv_pos_embedding_groups=config.num_conv_pos_embedding_groups,
        do_stable_layer_norm=config.do_stable_layer_norm,
    )

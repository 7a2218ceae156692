"""Text, image and audio encoders with random weights of the published sizes, or tiny ones."""

import torch

from infinitetalk.bench.randomness import RandomState
from infinitetalk.bench.settings import Settings
from infinitetalk.models.audio_encoder.config import AudioEncoderConfig
from infinitetalk.models.audio_encoder.wav2vec2 import AudioEncoder, load_audio_encoder
from infinitetalk.models.image_encoder.clip import ImageEncoder, load_image_encoder
from infinitetalk.models.text_encoder.umt5 import TextEncoder, load_text_encoder
from infinitetalk.weights import tables

TINY_IMAGE_LAYERS = 3
IMAGE_HEADS = 16


def random_text_encoder(settings: Settings) -> TextEncoder:
    """Its blocks stay in host memory and visit the device one by one."""
    wan = settings.wan
    sizes = (
        tables.TextSizes()
        if settings.full
        else tables.TextSizes(
            vocab=64,
            dim=wan.text_dim,
            attention=wan.text_dim,
            ffn_dim=48,
            num_layers=2,
            num_heads=2,
            buckets=8,
        )
    )
    state = RandomState(tables.text_table(sizes), settings.dtype)
    return load_text_encoder(state, dtype=settings.dtype, device=settings.device)


def random_image_encoder(settings: Settings) -> ImageEncoder:
    """On the CPU; float16 where the device is a GPU, as the reference has it."""
    wan = settings.wan
    sizes = (
        tables.ImageSizes()
        if settings.full
        else tables.ImageSizes(
            dim=wan.clip_dim, mlp_dim=48, num_layers=TINY_IMAGE_LAYERS, patch=14, positions=257
        )
    )
    dtype = torch.float16 if settings.cuda else torch.float32
    state = RandomState(tables.image_table(sizes), dtype)
    return load_image_encoder(state, heads=IMAGE_HEADS if settings.full else 2)


def random_audio_encoder(settings: Settings) -> AudioEncoder:
    wan = settings.wan
    if settings.full:
        sizes, config = tables.AudioSizes(), AudioEncoderConfig()
    else:
        sizes = tables.AudioSizes(
            dim=wan.audio_channels,
            ffn_dim=24,
            num_layers=wan.audio_blocks,
            conv_dim=8,
            position_kernel=4,
            position_groups=2,
        )
        config = AudioEncoderConfig(
            hidden_size=sizes.dim,
            num_hidden_layers=sizes.num_layers,
            num_attention_heads=2,
            intermediate_size=sizes.ffn_dim,
            conv_dim=(sizes.conv_dim,) * len(sizes.kernels),
            num_conv_pos_embeddings=sizes.position_kernel,
            num_conv_pos_embedding_groups=sizes.position_groups,
        )
    state = RandomState(tables.audio_table(sizes), torch.float32)
    return load_audio_encoder(state, config, device=settings.device)

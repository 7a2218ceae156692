"""How large the miniature's networks are: the published ones', and a toy's to try the recipe."""

from dataclasses import dataclass

from infinitetalk.models.audio_encoder.config import AudioEncoderConfig
from infinitetalk.models.image_encoder.config import ImageEncoderConfig
from infinitetalk.models.text_encoder.config import TextEncoderConfig
from infinitetalk.models.vae import VaeConfig
from infinitetalk.models.wan import WanConfig

SIDE = 128  # pixels of the square that holds one face
CHUNK_FRAMES = 33
MOTION_FRAMES = 9
LATENT_CHANNELS = 16
TEXT_TOKENS = 256


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Every network, and how much is trained at once."""

    audio: AudioEncoderConfig
    vae: VaeConfig
    text: TextEncoderConfig
    image: ImageEncoderConfig
    transformer: WanConfig
    judge_channels: tuple[int, ...] = (16, 32, 48, 64, 64)
    lora_rank: int = 4
    audio_batch: int = 64
    audio_frames: tuple[int, ...] = (60, 90, 130)
    judge_batch: int = 64
    vae_batch: int = 32
    vae_crop: int = 64
    batch: int = 64
    clips: int = 6400  # kept as latents
    clips_at_once: int = 32
    side: int = SIDE
    chunk_frames: int = CHUNK_FRAMES


def miniature() -> Sizes:
    audio = AudioEncoderConfig(
        hidden_size=96,
        num_hidden_layers=4,
        num_attention_heads=4,
        intermediate_size=256,
        conv_dim=(64,) * 7,
        num_conv_pos_embeddings=16,
        num_conv_pos_embedding_groups=4,
    )
    return Sizes(
        audio=audio,
        vae=VaeConfig(
            encoder_stem=16,
            encoder_widths=(16, 32, 48, 48),
            encoder_blocks=1,
            decoder_stem=64,
            decoder_widths=(64, 64, 32, 16),
            decoder_blocks=2,
        ),
        text=TextEncoderConfig(
            vocabulary=224, dim=64, head_dim=16, heads=4, ffn_dim=128, layers=2, buckets=32
        ),
        image=ImageEncoderConfig(
            dim=80, heads=1, ffn_dim=160, layers=2, image_size=64, patch_size=16
        ),
        transformer=WanConfig(
            dim=224,
            num_heads=4,
            num_layers=6,
            ffn_dim=576,
            text_len=TEXT_TOKENS,
            text_dim=64,
            freq_dim=256,
            clip_dim=80,
            audio_blocks=audio.num_hidden_layers,
            audio_channels=audio.hidden_size,
            intermediate_dim=96,
            output_dim=64,
            context_tokens=8,
        ),
    )


def toy() -> Sizes:
    """Runs every stage in seconds on one core; learns next to nothing."""
    audio = AudioEncoderConfig(
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=16,
        conv_dim=(8,) * 7,
        num_conv_pos_embeddings=4,
        num_conv_pos_embedding_groups=2,
    )
    return Sizes(
        audio=audio,
        vae=VaeConfig(
            encoder_stem=4,
            encoder_widths=(4, 4, 8, 8),
            encoder_blocks=1,
            decoder_stem=8,
            decoder_widths=(8, 8, 4, 4),
            decoder_blocks=1,
        ),
        text=TextEncoderConfig(
            vocabulary=224, dim=8, head_dim=4, heads=2, ffn_dim=8, layers=1, buckets=32
        ),
        image=ImageEncoderConfig(
            dim=80, heads=1, ffn_dim=16, layers=1, image_size=32, patch_size=16
        ),
        transformer=WanConfig(
            dim=24,
            num_heads=2,
            num_layers=2,
            ffn_dim=16,
            text_len=TEXT_TOKENS,
            text_dim=8,
            freq_dim=16,
            clip_dim=80,
            audio_blocks=audio.num_hidden_layers,
            audio_channels=audio.hidden_size,
            intermediate_dim=8,
            output_dim=8,
            context_tokens=2,
        ),
        judge_channels=(4, 4, 4, 4, 8),
        lora_rank=2,
        audio_batch=2,
        audio_frames=(20,),
        judge_batch=2,
        vae_batch=2,
        vae_crop=32,
        batch=2,
        clips=4,
        clips_at_once=2,
        side=64,
        chunk_frames=17,
    )

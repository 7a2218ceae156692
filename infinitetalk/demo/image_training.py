"""The image encoder in training: as the engine runs it, with gradients."""

from torch import Tensor, nn

from infinitetalk.demo.sizes import Sizes
from infinitetalk.models.image_encoder.clip import ImageEncoder


def new_image_encoder(sizes: Sizes) -> ImageEncoder:
    encoder = ImageEncoder(sizes.image)
    for module in encoder.modules():
        if isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
    return encoder.eval()


def encode_pictures(encoder: ImageEncoder, pixels: Tensor) -> Tensor:
    """Preprocessed pictures [B, 3, size, size] -> [B, S, D] (`ImageEncoder.forward` after its resize)."""
    return encoder.model(pixel_values=pixels).last_hidden_state

"""The video VAE of Wan 2.1: pixels to latents and back, causal in time."""

from infinitetalk.models.vae.config import VaeConfig
from infinitetalk.models.vae.memory import FeatureMemory
from infinitetalk.models.vae.vae import WanVae

__all__ = ["FeatureMemory", "VaeConfig", "WanVae"]

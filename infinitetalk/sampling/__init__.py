"""Schedule, guidance and Euler steps: functions of tensors that know no network."""

from infinitetalk.sampling.denoise import DenoisedStep, denoise
from infinitetalk.sampling.guidance import Guidance
from infinitetalk.sampling.schedule import noised, timesteps

__all__ = ["DenoisedStep", "Guidance", "denoise", "noised", "timesteps"]

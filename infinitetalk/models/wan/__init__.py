"""Wan2.1-I2V with InfiniteTalk's audio cross-attention: the diffusion transformer."""

from infinitetalk.models.wan.config import WanConfig
from infinitetalk.models.wan.context import Condition, Context, StepState
from infinitetalk.models.wan.transformer import WanTransformer

__all__ = ["Condition", "Context", "StepState", "WanConfig", "WanTransformer"]

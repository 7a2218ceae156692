"""How the branches' velocities become one (spec transformer.md 5.4, 5.5)."""

from collections.abc import Mapping

import torch
from torch import Tensor

from infinitetalk.request import Apg, branch_names


class ProjectedGuidance:
    """Adaptive projected guidance of one term: momentum, a limit on the norm, and what is
    parallel to the prediction damped. One state per term and chunk.
    """

    def __init__(self, settings: Apg) -> None:
        self.settings = settings
        self.running: Tensor | None = None  # the difference with momentum, before the limit

    def __call__(self, difference: Tensor, prediction: Tensor) -> Tensor:
        """Both [C, T, h, w]; norms and the projection are over the whole tensor."""
        if self.running is not None:
            difference = difference + self.settings.momentum * self.running
        self.running = difference
        threshold = self.settings.norm_threshold
        if threshold > 0:
            ratio = threshold / torch.linalg.vector_norm(difference)
            difference = difference * ratio.clamp(max=1.0)
        wide, axis = difference.double(), prediction.double()
        axis = axis / torch.linalg.vector_norm(axis).clamp_min(1e-12)
        parallel = (wide * axis).sum() * axis
        return (wide - parallel + self.settings.eta * parallel).to(difference.dtype)


class Guidance:
    """Combines the velocities of the branches that `branch_names` asks for; new for every chunk.

    Where a scale is 1 its term cancels out, and the branches that only it needs are absent.
    """

    def __init__(
        self, text_guidance_scale: float, audio_guidance_scale: float, apg: Apg | None = None
    ) -> None:
        self.text_scale = text_guidance_scale
        self.audio_scale = audio_guidance_scale
        self.branches = branch_names(text_guidance_scale, audio_guidance_scale)
        self.text_term = ProjectedGuidance(apg) if apg else None
        self.audio_term = ProjectedGuidance(apg) if apg else None

    def __call__(self, velocities: Mapping[str, Tensor]) -> Tensor:
        """One velocity per name in `branches` -> the guided velocity, in float32."""
        v = {name: velocities[name].float() for name in self.branches}
        cond = v["cond"]
        text = cond - v["drop_text"] if "drop_text" in v else None
        if "uncond" in v:
            audio, base = v["drop_text"] - v["uncond"], v["uncond"]
        elif "drop_audio" in v:
            audio, base = cond - v["drop_audio"], v["drop_audio"]
        else:
            audio, base = None, v.get("drop_text", cond)
        if self.text_term is not None and self.audio_term is not None:
            guided = cond
            if text is not None:
                guided = guided + (self.text_scale - 1) * self.text_term(text, cond)
            if audio is not None:
                guided = guided + (self.audio_scale - 1) * self.audio_term(audio, cond)
            return guided
        guided = base
        if text is not None:
            guided = guided + self.text_scale * text
        if audio is not None:
            guided = guided + self.audio_scale * audio
        return guided

"""The sizes of a text encoder, read off its tensors."""

from dataclasses import dataclass

from infinitetalk.errors import engine_error
from infinitetalk.models.text_encoder.key_map import EMBEDDING
from infinitetalk.weights.tensors import State


@dataclass(frozen=True, kw_only=True)
class TextEncoderConfig:
    """Sizes of umt5; what no tensor tells (maximum distance, epsilon) is the same at every size."""

    vocabulary: int
    dim: int
    head_dim: int
    heads: int
    ffn_dim: int
    layers: int
    buckets: int
    max_distance: int = 128
    epsilon: float = 1e-6

    @classmethod
    def from_state(cls, state: State) -> "TextEncoderConfig":
        """From the shapes of tensors under their published names.

        Raises EngineError `weights.not_text_encoder` where one that tells a size is missing.
        """
        vocabulary, dim = _shape(state, EMBEDDING)
        buckets, heads = _shape(state, "blocks.0.pos_embedding.embedding.weight")
        attention_dim = _shape(state, "blocks.0.attn.q.weight")[0]
        layers = {int(n.split(".")[1]) for n in state if n.startswith("blocks.")}
        return cls(
            vocabulary=vocabulary,
            dim=dim,
            head_dim=attention_dim // heads,
            heads=heads,
            ffn_dim=_shape(state, "blocks.0.ffn.fc1.weight")[0],
            layers=max(layers) + 1,
            buckets=buckets,
        )


def _shape(state: State, name: str) -> tuple[int, ...]:
    if name in state:
        return state.shape(name)
    raise engine_error(
        "weights.not_text_encoder",
        "Not a text encoder",
        f"The file has no tensor {name}, which every umt5 text encoder has.",
        "Choose models_t5_umt5-xxl-enc-bf16.pth, or a quantized version of it.",
        tensor=name,
    )

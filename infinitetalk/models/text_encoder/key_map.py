"""Names of the published text encoder -> names of transformers' `UMT5EncoderModel`.

Source: encoders_and_vae.md 2.2. All tensors are taken as they are; none is transposed.
"""

EMBEDDING = "token_embedding.weight"

_TOP = {"norm": "encoder.final_layer_norm"}
_IN_BLOCK = {
    "norm1": "layer.0.layer_norm",
    "attn.q": "layer.0.SelfAttention.q",
    "attn.k": "layer.0.SelfAttention.k",
    "attn.v": "layer.0.SelfAttention.v",
    "attn.o": "layer.0.SelfAttention.o",
    "pos_embedding.embedding": "layer.0.SelfAttention.relative_attention_bias",
    "norm2": "layer.1.layer_norm",
    "ffn.gate.0": "layer.1.DenseReluDense.wi_0",
    "ffn.fc1": "layer.1.DenseReluDense.wi_1",
    "ffn.fc2": "layer.1.DenseReluDense.wo",
}


def to_transformers(name: str) -> str | None:
    """Our name of a published tensor, or None where the network doesn't hold it.

    The embedding table is such a one: it stays outside the network (see `umt5.py`).
    """
    if name.startswith("blocks."):
        _, index, rest = name.split(".", 2)
        for module, target in _IN_BLOCK.items():
            if rest == module or rest.startswith(module + "."):
                return f"encoder.block.{index}.{target}{rest[len(module) :]}"
        return None
    for module, target in _TOP.items():
        if name == module or name.startswith(module + "."):
            return target + name[len(module) :]
    return None

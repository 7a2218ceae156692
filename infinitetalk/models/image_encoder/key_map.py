"""Names of the published CLIP file -> names of transformers' `CLIPVisionModel`.

Source: encoders_and_vae.md 3. Only the visual half up to the last but one layer has a name here:
the text tower, the last layer, the final norm and the projection are never read.
"""

PREFIX = "visual."

_TOP = {
    "embeddings.class_embedding": "cls_embedding",
    "embeddings.position_embedding.weight": "pos_embedding",
    "embeddings.patch_embedding.weight": "patch_embedding.weight",
    "pre_layrnorm.weight": "pre_norm.weight",
    "pre_layrnorm.bias": "pre_norm.bias",
}
_IN_LAYER = {
    "self_attn.q_proj": "attn.to_qkv",
    "self_attn.k_proj": "attn.to_qkv",
    "self_attn.v_proj": "attn.to_qkv",
    "self_attn.out_proj": "attn.proj",
    "layer_norm1": "norm1",
    "layer_norm2": "norm2",
    "mlp.fc1": "mlp.0",
    "mlp.fc2": "mlp.2",
}
_THIRDS = {"self_attn.q_proj": 0, "self_attn.k_proj": 1, "self_attn.v_proj": 2}


def published_name(name: str) -> tuple[str, int | None]:
    """Where a tensor of `CLIPVisionModel` is stored: published name, and which third of its rows.

    The third is None where the whole tensor is meant; queries, keys and values are stored as one.
    Raises KeyError for a name the encoder doesn't have.
    """
    name = name.removeprefix("vision_model.")  # transformers 4 has it, 5 hasn't
    if name in _TOP:
        return _TOP[name], None
    _, _, index, rest = name.split(".", 3)  # encoder.layers.{i}.…
    module, kind = rest.rsplit(".", 1)
    return f"transformer.{index}.{_IN_LAYER[module]}.{kind}", _THIRDS.get(module)

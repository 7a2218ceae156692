"""Names that other programs give to the tensors of our networks, turned into the published ones.

The published names (spec transformer.md section 2, encoders_and_vae.md) are the only ones the rest
of the engine sees. Each function takes a tensor's or a module's name; None means: not used by us.
"""

import re

TRANSFORMER_PREFIXES = (
    "model.diffusion_model.",  # ComfyUI, bundled with other networks
    "diffusion_model.",
    "transformer.",
    "model.",
    "module.",
)

_DIFFUSERS_TOP = (
    ("condition_embedder.time_embedder.linear_1", "time_embedding.0"),
    ("condition_embedder.time_embedder.linear_2", "time_embedding.2"),
    ("condition_embedder.text_embedder.linear_1", "text_embedding.0"),
    ("condition_embedder.text_embedder.linear_2", "text_embedding.2"),
    ("condition_embedder.time_proj", "time_projection.1"),
    ("condition_embedder.image_embedder.norm1", "img_emb.proj.0"),
    ("condition_embedder.image_embedder.ff.net.0.proj", "img_emb.proj.1"),
    ("condition_embedder.image_embedder.ff.net.2", "img_emb.proj.3"),
    ("condition_embedder.image_embedder.norm2", "img_emb.proj.4"),
    ("proj_out", "head.head"),
)
_DIFFUSERS_BLOCK = (
    ("attn1.to_out.0", "self_attn.o"),
    ("attn1.to_", "self_attn."),
    ("attn1.", "self_attn."),
    ("attn2.to_out.0", "cross_attn.o"),
    ("attn2.add_k_proj", "cross_attn.k_img"),
    ("attn2.add_v_proj", "cross_attn.v_img"),
    ("attn2.norm_added_k", "cross_attn.norm_k_img"),
    ("attn2.to_", "cross_attn."),
    ("attn2.", "cross_attn."),
    ("ffn.net.0.proj", "ffn.0"),
    ("ffn.net.2", "ffn.2"),
    # diffusers numbers the norms in the order of use, Wan does not: 2 and 3 change places
    ("norm2", "norm3"),
    ("norm3", "norm2"),
)
_BLOCK = re.compile(r"blocks\.(\d+)\.")


def from_diffusers(name: str) -> str:
    """A transformer's tensor or module name from diffusers' spelling (spec 7.2)."""
    if name == "scale_shift_table":
        return "head.modulation"
    block = _BLOCK.match(name)
    if block is None:
        for theirs, ours in _DIFFUSERS_TOP:
            if name == theirs or name.startswith(f"{theirs}."):
                return ours + name[len(theirs) :]
        return name
    rest = name[block.end() :]
    if rest == "scale_shift_table":
        return f"{block[0]}modulation"
    for theirs, ours in _DIFFUSERS_BLOCK:
        if rest.startswith(theirs):
            return block[0] + ours + rest[len(theirs) :]
    return name


def is_diffusers(names: set[str]) -> bool:
    """Whether a transformer's names are spelt as diffusers does."""
    return any(
        name.startswith("condition_embedder.") or ".attn1." in name or ".attn2." in name
        for name in names
    )


def transformer_name(name: str, *, diffusers: bool) -> str | None:
    """A transformer's tensor without what converters have added to its name (spec 8.2)."""
    if ".attn2.norm_added_q." in name:
        return None  # written by a converter, used by nobody
    if name.startswith("multitalk_audio_proj."):
        name = name.removeprefix("multitalk_")
    name = re.sub(r"^(blocks\.\d+\.)block\.", r"\1", name)
    return from_diffusers(name) if diffusers else name


_TEXT = (
    (r"(?:encoder\.)?final_layer_norm\.weight", "norm.weight"),
    (r"shared\.weight", "token_embedding.weight"),
    (r"encoder\.block\.(\d+)\.layer\.0\.layer_norm\.weight", r"blocks.\1.norm1.weight"),
    (
        r"encoder\.block\.(\d+)\.layer\.0\.SelfAttention\.([qkvo])\.weight",
        r"blocks.\1.attn.\2.weight",
    ),
    (
        r"encoder\.block\.(\d+)\.layer\.0\.SelfAttention\.relative_attention_bias\.weight",
        r"blocks.\1.pos_embedding.embedding.weight",
    ),
    (r"encoder\.block\.(\d+)\.layer\.1\.layer_norm\.weight", r"blocks.\1.norm2.weight"),
    (
        r"encoder\.block\.(\d+)\.layer\.1\.DenseReluDense\.wi_0\.weight",
        r"blocks.\1.ffn.gate.0.weight",
    ),
    (r"encoder\.block\.(\d+)\.layer\.1\.DenseReluDense\.wi_1\.weight", r"blocks.\1.ffn.fc1.weight"),
    (r"encoder\.block\.(\d+)\.layer\.1\.DenseReluDense\.wo\.weight", r"blocks.\1.ffn.fc2.weight"),
)


def text_name(name: str) -> str | None:
    """The text encoder's tensor, from the names of transformers where it is spelt so."""
    if name in ("encoder.embed_tokens.weight", "spiece_model"):
        return None  # the embedding once more; a tokenizer put among the weights
    for theirs, ours in _TEXT:
        if re.fullmatch(theirs, name):
            return re.sub(theirs, ours, name)
    return name


_IMAGE = (
    ("embeddings.class_embedding", "visual.cls_embedding"),
    ("embeddings.position_embedding.weight", "visual.pos_embedding"),
    ("embeddings.patch_embedding.", "visual.patch_embedding."),
    ("pre_layrnorm.", "visual.pre_norm."),
    ("post_layernorm.", "visual.post_norm."),
)
_IMAGE_LAYER = (
    ("self_attn.out_proj.", "attn.proj."),
    ("layer_norm1.", "norm1."),
    ("layer_norm2.", "norm2."),
    ("mlp.fc1.", "mlp.0."),
    ("mlp.fc2.", "mlp.2."),
)


def image_name(name: str) -> str | None:
    """The image encoder's tensor; `visual.` is added where an export has left it out.

    From transformers' names, `..._proj` of queries, keys and values keep their spelling behind
    `attn.`: three of them make one published tensor (see `layouts`).
    """
    if name.startswith(("textual.", "log_scale", "visual_projection.", "text_model.")):
        return None  # the half that reads text
    if name.endswith("embeddings.position_ids") or name == "logit_scale":
        return None
    if name.startswith("visual."):
        return name
    name = name.removeprefix("vision_model.")
    layer = re.match(r"encoder\.layers\.(\d+)\.", name)
    if layer:
        rest = name[layer.end() :]
        for theirs, ours in _IMAGE_LAYER:
            if rest.startswith(theirs):
                return f"visual.transformer.{layer[1]}.{ours}{rest[len(theirs) :]}"
        return f"visual.transformer.{layer[1]}.{rest.replace('self_attn.', 'attn.', 1)}"
    for theirs, ours in _IMAGE:
        if name == theirs or (theirs.endswith(".") and name.startswith(theirs)):
            return ours + name[len(theirs) :]
    return f"visual.{name}"


def audio_name(name: str) -> str | None:
    """The audio encoder's tensor in transformers' names, without the heads of pre-training."""
    name = name.removeprefix("wav2vec2.")
    if name.startswith(("quantizer.", "project_q.", "project_hid.", "lm_head.", "projector.")):
        return None
    if name == "masked_spec_embed":
        return None  # used while training only
    conv = "encoder.pos_conv_embed.conv."
    old = {
        f"{conv}weight_g": f"{conv}parametrizations.weight.original0",
        f"{conv}weight_v": f"{conv}parametrizations.weight.original1",
    }
    return old.get(name, name)

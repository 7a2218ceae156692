"""Which tensors each network has, for any size: names and shapes as the published files spell them.

The sizes come from the shapes found (`*_sizes`), the expected table from the sizes (`*_table`), so
that a tiny model is checked by the same rules as the published one. Sources: spec transformer.md
section 2, encoders_and_vae.md sections 1.3, 2.2, 3 and 4.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Shape = tuple[int, ...]
Shapes = Mapping[str, Shape]

PATCH = (1, 2, 2)
IMAGE_TOKENS = 257
AUDIO_WINDOW = 5
FIRST_WINDOW = AUDIO_WINDOW  # window entries that the first latent frame sees
LATER_WINDOW = AUDIO_WINDOW + 4 - 1  # and every later one, for four video frames


def _vote(values: Iterable[int | None], default: int) -> int:
    """The most frequent value: one wrong tensor must not change what all others are held to."""
    counts = Counter(value for value in values if value is not None)
    return counts.most_common(1)[0][0] if counts else default


def _axis(shapes: Shapes, name: str, axis: int) -> int | None:
    shape = shapes.get(name)
    return shape[axis] if shape is not None and -len(shape) <= axis < len(shape) else None


def count_blocks(names: Iterable[str], pattern: str) -> int:
    """One more than the largest index that `pattern` (one group) finds; 0 if none."""
    found = re.compile(pattern)
    indices = [int(match[1]) for name in names if (match := found.match(name))]
    return max(indices) + 1 if indices else 0


def _affine(name: str, out: int, *inner: int) -> dict[str, Shape]:
    return {f"{name}.weight": (out, *inner), f"{name}.bias": (out,)}


@dataclass(frozen=True, kw_only=True)
class TransformerSizes:
    """Sizes of the diffusion transformer with its audio adapter."""

    dim: int = 5120
    ffn_dim: int = 13824
    num_layers: int = 40
    in_dim: int = 36
    out_dim: int = 16
    text_dim: int = 4096
    freq_dim: int = 256
    clip_dim: int = 1280
    audio_features: int = 12 * 768  # layers times width of the audio encoder
    intermediate_dim: int = 512
    output_dim: int = 768
    context_tokens: int = 32


def transformer_sizes(shapes: Shapes, layers: int | None = None) -> TransformerSizes:
    """Sizes that the shapes found agree with best; `layers` overrules the count of blocks."""
    names = list(shapes)
    blocks = layers or count_blocks(names, r"blocks\.(\d+)\.")
    plain = TransformerSizes()

    def per_block(name: str, axis: int) -> list[int | None]:
        return [_axis(shapes, f"blocks.{n}.{name}", axis) for n in range(blocks)]

    dim = _vote(
        per_block("norm3.weight", 0)
        + per_block("self_attn.q.weight", 0)
        + per_block("audio_cross_attn.proj.weight", 0)
        + per_block("modulation", 2)
        + [_axis(shapes, "patch_embedding.weight", 0)],
        plain.dim,
    )
    intermediate = _vote(
        [_axis(shapes, f"audio_proj.{n}.weight", 0) for n in ("proj1", "proj1_vf", "proj2")],
        plain.intermediate_dim,
    )
    first = _axis(shapes, "audio_proj.proj1.weight", 1)
    later = _axis(shapes, "audio_proj.proj1_vf.weight", 1)
    width = _vote(
        [
            _axis(shapes, "audio_proj.norm.weight", 0),
            *per_block("audio_cross_attn.kv_linear.weight", 1),
        ],
        plain.output_dim,
    )
    tokens = _axis(shapes, "audio_proj.proj3.weight", 0)
    patch = PATCH[0] * PATCH[1] * PATCH[2]
    head = _axis(shapes, "head.head.weight", 0)
    return TransformerSizes(
        dim=dim,
        ffn_dim=_vote(
            per_block("ffn.0.weight", 0)
            + per_block("ffn.2.weight", 1)
            + per_block("ffn.0.bias", 0),
            plain.ffn_dim,
        ),
        num_layers=blocks,
        in_dim=_vote([_axis(shapes, "patch_embedding.weight", 1)], plain.in_dim),
        out_dim=head // patch if head else plain.out_dim,
        text_dim=_vote([_axis(shapes, "text_embedding.0.weight", 1)], plain.text_dim),
        freq_dim=_vote([_axis(shapes, "time_embedding.0.weight", 1)], plain.freq_dim),
        clip_dim=_vote(
            [_axis(shapes, "img_emb.proj.0.weight", 0), _axis(shapes, "img_emb.proj.1.weight", 1)],
            plain.clip_dim,
        ),
        audio_features=_vote(
            [
                first // FIRST_WINDOW if first else None,
                later // LATER_WINDOW if later else None,
            ],
            plain.audio_features,
        ),
        intermediate_dim=intermediate,
        output_dim=width,
        context_tokens=tokens // width if tokens and width else plain.context_tokens,
    )


def base_table(s: TransformerSizes) -> dict[str, Shape]:
    """Tensors of the Wan2.1 image-to-video base."""
    dim = s.dim
    table: dict[str, Shape] = {
        **_affine("patch_embedding", dim, s.in_dim, *PATCH),
        **_affine("text_embedding.0", dim, s.text_dim),
        **_affine("text_embedding.2", dim, dim),
        **_affine("time_embedding.0", dim, s.freq_dim),
        **_affine("time_embedding.2", dim, dim),
        **_affine("time_projection.1", 6 * dim, dim),
        **_affine("img_emb.proj.0", s.clip_dim),
        **_affine("img_emb.proj.1", s.clip_dim, s.clip_dim),
        **_affine("img_emb.proj.3", dim, s.clip_dim),
        **_affine("img_emb.proj.4", dim),
        "head.modulation": (1, 2, dim),
        **_affine("head.head", s.out_dim * PATCH[0] * PATCH[1] * PATCH[2], dim),
    }
    for n in range(s.num_layers):
        block = f"blocks.{n}"
        table[f"{block}.modulation"] = (1, 6, dim)
        for attention, linears, norms in (
            ("self_attn", "q k v o", "norm_q norm_k"),
            ("cross_attn", "q k v o k_img v_img", "norm_q norm_k norm_k_img"),
        ):
            for linear in linears.split():
                table.update(_affine(f"{block}.{attention}.{linear}", dim, dim))
            for norm in norms.split():
                table[f"{block}.{attention}.{norm}.weight"] = (dim,)
        table.update(_affine(f"{block}.norm3", dim))
        table.update(_affine(f"{block}.ffn.0", s.ffn_dim, dim))
        table.update(_affine(f"{block}.ffn.2", dim, s.ffn_dim))
    return table


def overlay_table(s: TransformerSizes) -> dict[str, Shape]:
    """Tensors of InfiniteTalk's own file, for one or two speakers alike."""
    hidden, width = s.intermediate_dim, s.output_dim
    table: dict[str, Shape] = {
        **_affine("audio_proj.proj1", hidden, FIRST_WINDOW * s.audio_features),
        **_affine("audio_proj.proj1_vf", hidden, LATER_WINDOW * s.audio_features),
        **_affine("audio_proj.proj2", hidden, hidden),
        **_affine("audio_proj.proj3", s.context_tokens * width, hidden),
        **_affine("audio_proj.norm", width),
    }
    for n in range(s.num_layers):
        block = f"blocks.{n}"
        table.update(_affine(f"{block}.audio_cross_attn.q_linear", s.dim, s.dim))
        table.update(_affine(f"{block}.audio_cross_attn.kv_linear", 2 * s.dim, width))
        table.update(_affine(f"{block}.audio_cross_attn.proj", s.dim, s.dim))
        table.update(_affine(f"{block}.norm_x", s.dim))
    return table


@dataclass(frozen=True, kw_only=True)
class TextSizes:
    """Sizes of the umt5 encoder; `attention` is heads times head size."""

    vocab: int = 256384
    dim: int = 4096
    attention: int = 4096
    ffn_dim: int = 10240
    num_layers: int = 24
    num_heads: int = 64
    buckets: int = 32


def text_sizes(shapes: Shapes) -> TextSizes:
    layers = count_blocks(shapes, r"blocks\.(\d+)\.")
    plain = TextSizes()

    def vote(name: str, axis: int, default: int) -> int:
        return _vote([_axis(shapes, f"blocks.{n}.{name}", axis) for n in range(layers)], default)

    return TextSizes(
        vocab=_vote([_axis(shapes, "token_embedding.weight", 0)], plain.vocab),
        dim=vote("norm1.weight", 0, plain.dim),
        attention=vote("attn.q.weight", 0, plain.attention),
        ffn_dim=vote("ffn.fc1.weight", 0, plain.ffn_dim),
        num_layers=layers,
        num_heads=vote("pos_embedding.embedding.weight", 1, plain.num_heads),
        buckets=vote("pos_embedding.embedding.weight", 0, plain.buckets),
    )


def text_table(s: TextSizes) -> dict[str, Shape]:
    """Tensors of the umt5 encoder; every layer has a table of relative positions of its own."""
    table: dict[str, Shape] = {
        "token_embedding.weight": (s.vocab, s.dim),
        "norm.weight": (s.dim,),
    }
    for n in range(s.num_layers):
        block = f"blocks.{n}"
        table[f"{block}.norm1.weight"] = (s.dim,)
        for linear in "qkv":
            table[f"{block}.attn.{linear}.weight"] = (s.attention, s.dim)
        table[f"{block}.attn.o.weight"] = (s.dim, s.attention)
        table[f"{block}.norm2.weight"] = (s.dim,)
        table[f"{block}.ffn.gate.0.weight"] = (s.ffn_dim, s.dim)
        table[f"{block}.ffn.fc1.weight"] = (s.ffn_dim, s.dim)
        table[f"{block}.ffn.fc2.weight"] = (s.dim, s.ffn_dim)
        table[f"{block}.pos_embedding.embedding.weight"] = (s.buckets, s.num_heads)
    return table


@dataclass(frozen=True, kw_only=True)
class ImageSizes:
    """Sizes of the visual half of CLIP."""

    dim: int = 1280
    mlp_dim: int = 5120
    num_layers: int = 32
    patch: int = 14
    positions: int = IMAGE_TOKENS
    embed_dim: int = 1024


def image_sizes(shapes: Shapes) -> ImageSizes:
    layers = count_blocks(shapes, r"visual\.transformer\.(\d+)\.")
    plain = ImageSizes()

    def vote(name: str, axis: int, default: int) -> int:
        found = [_axis(shapes, f"visual.transformer.{n}.{name}", axis) for n in range(layers)]
        return _vote(found, default)

    return ImageSizes(
        dim=vote("norm1.weight", 0, plain.dim),
        mlp_dim=vote("mlp.0.weight", 0, plain.mlp_dim),
        num_layers=layers,
        patch=_vote([_axis(shapes, "visual.patch_embedding.weight", 2)], plain.patch),
        positions=_vote([_axis(shapes, "visual.pos_embedding", 1)], plain.positions),
        embed_dim=_vote([_axis(shapes, "visual.head", 1)], plain.embed_dim),
    )


def image_table(s: ImageSizes) -> dict[str, Shape]:
    """Tensors of the visual tower; the text tower (`textual.*`) is never used."""
    table: dict[str, Shape] = {
        "visual.cls_embedding": (1, 1, s.dim),
        "visual.pos_embedding": (1, s.positions, s.dim),
        "visual.head": (s.dim, s.embed_dim),
        "visual.patch_embedding.weight": (s.dim, 3, s.patch, s.patch),
        **_affine("visual.pre_norm", s.dim),
        **_affine("visual.post_norm", s.dim),
    }
    for n in range(s.num_layers):
        layer = f"visual.transformer.{n}"
        table.update(_affine(f"{layer}.norm1", s.dim))
        table.update(_affine(f"{layer}.attn.to_qkv", 3 * s.dim, s.dim))
        table.update(_affine(f"{layer}.attn.proj", s.dim, s.dim))
        table.update(_affine(f"{layer}.norm2", s.dim))
        table.update(_affine(f"{layer}.mlp.0", s.mlp_dim, s.dim))
        table.update(_affine(f"{layer}.mlp.2", s.dim, s.mlp_dim))
    return table


IMAGE_UNUSED = ("visual.head", "visual.post_norm.weight", "visual.post_norm.bias")


def image_unused(s: ImageSizes) -> list[str]:
    """What comes after the layer whose output is used: the last layer and the end of the tower."""
    last = f"visual.transformer.{s.num_layers - 1}."
    return [*IMAGE_UNUSED, *(name for name in image_table(s) if name.startswith(last))]


@dataclass(frozen=True, kw_only=True)
class VaeSizes:
    """Sizes of the VAE; `stages` are the channel multipliers."""

    base: int = 96
    z_dim: int = 16
    stages: tuple[int, ...] = (1, 2, 4, 4)
    residual_blocks: int = 2
    in_channels: int = 3


def vae_sizes(shapes: Shapes) -> VaeSizes:
    """The Wan2.1 form (multipliers 1, 2, 4, 4, two residual blocks) at the width found."""
    plain = VaeSizes()
    width = _vote(
        [
            _axis(shapes, "encoder.conv1.weight", 0),
            _axis(shapes, "decoder.head.0.gamma", 0),
            _axis(shapes, "encoder.downsamples.0.residual.0.gamma", 0),
        ],
        plain.base,
    )
    z = [_axis(shapes, "conv2.weight", 0), _axis(shapes, "decoder.conv1.weight", 1)]
    return VaeSizes(base=width, z_dim=_vote(z, plain.z_dim))


def _residual(name: str, inner: int, out: int) -> dict[str, Shape]:
    table: dict[str, Shape] = {
        f"{name}.residual.0.gamma": (inner, 1, 1, 1),
        **_affine(f"{name}.residual.2", out, inner, 3, 3, 3),
        f"{name}.residual.3.gamma": (out, 1, 1, 1),
        **_affine(f"{name}.residual.6", out, out, 3, 3, 3),
    }
    if inner != out:
        table.update(_affine(f"{name}.shortcut", out, inner, 1, 1, 1))
    return table


def _middle(name: str, dim: int) -> dict[str, Shape]:
    return {
        **_residual(f"{name}.0", dim, dim),
        f"{name}.1.norm.gamma": (dim, 1, 1),
        **_affine(f"{name}.1.to_qkv", 3 * dim, dim, 1, 1),
        **_affine(f"{name}.1.proj", dim, dim, 1, 1),
        **_residual(f"{name}.2", dim, dim),
    }


def vae_table(s: VaeSizes) -> dict[str, Shape]:
    """Tensors of the causal VAE: space halves after each stage but the last, time in the later two."""
    widths = [s.base * m for m in s.stages]
    last = len(widths) - 1
    table: dict[str, Shape] = dict(_affine("encoder.conv1", widths[0], s.in_channels, 3, 3, 3))
    index, dim = 0, widths[0]
    for stage, width in enumerate(widths):
        for _ in range(s.residual_blocks):
            table.update(_residual(f"encoder.downsamples.{index}", dim, width))
            index, dim = index + 1, width
        if stage < last:
            name = f"encoder.downsamples.{index}"
            table.update(_affine(f"{name}.resample.1", dim, dim, 3, 3))
            if stage > 0:
                table.update(_affine(f"{name}.time_conv", dim, dim, 3, 1, 1))
            index += 1
    table.update(_middle("encoder.middle", dim))
    table["encoder.head.0.gamma"] = (dim, 1, 1, 1)
    table.update(_affine("encoder.head.2", 2 * s.z_dim, dim, 3, 3, 3))
    table.update(_affine("conv1", 2 * s.z_dim, 2 * s.z_dim, 1, 1, 1))
    table.update(_affine("conv2", s.z_dim, s.z_dim, 1, 1, 1))

    table.update(_affine("decoder.conv1", dim, s.z_dim, 3, 3, 3))
    table.update(_middle("decoder.middle", dim))
    index = 0
    for stage, width in enumerate(reversed(widths)):
        for _ in range(s.residual_blocks + 1):
            table.update(_residual(f"decoder.upsamples.{index}", dim, width))
            index, dim = index + 1, width
        if stage < last:
            name = f"decoder.upsamples.{index}"
            table.update(_affine(f"{name}.resample.1", dim // 2, dim, 3, 3))
            if stage < last - 1:
                table.update(_affine(f"{name}.time_conv", 2 * dim, dim, 3, 1, 1))
            index, dim = index + 1, dim // 2
    table["decoder.head.0.gamma"] = (dim, 1, 1, 1)
    table.update(_affine("decoder.head.2", s.in_channels, dim, 3, 3, 3))
    return table


@dataclass(frozen=True, kw_only=True)
class AudioSizes:
    """Sizes of wav2vec2-base; `kernels` are those of the seven convolutions."""

    dim: int = 768
    ffn_dim: int = 3072
    num_layers: int = 12
    conv_dim: int = 512
    kernels: tuple[int, ...] = (10, 3, 3, 3, 3, 2, 2)
    position_kernel: int = 128
    position_groups: int = 16


def audio_sizes(shapes: Shapes) -> AudioSizes:
    layers = count_blocks(shapes, r"encoder\.layers\.(\d+)\.")
    convs = count_blocks(shapes, r"feature_extractor\.conv_layers\.(\d+)\.")
    plain = AudioSizes()
    kernels = [
        _axis(shapes, f"feature_extractor.conv_layers.{n}.conv.weight", 2) for n in range(convs)
    ]
    dim = _vote(
        [_axis(shapes, f"encoder.layers.{n}.layer_norm.weight", 0) for n in range(layers)],
        plain.dim,
    )
    position = "encoder.pos_conv_embed.conv.parametrizations.weight.original1"
    grouped = _axis(shapes, position, 1)
    return AudioSizes(
        dim=dim,
        ffn_dim=_vote(
            [
                _axis(shapes, f"encoder.layers.{n}.feed_forward.intermediate_dense.weight", 0)
                for n in range(layers)
            ],
            plain.ffn_dim,
        ),
        num_layers=layers,
        conv_dim=_vote(
            [
                _axis(shapes, f"feature_extractor.conv_layers.{n}.conv.weight", 0)
                for n in range(convs)
            ],
            plain.conv_dim,
        ),
        kernels=tuple(k or plain.kernels[n % 7] for n, k in enumerate(kernels)) or plain.kernels,
        position_kernel=_vote([_axis(shapes, position, 2)], plain.position_kernel),
        position_groups=dim // grouped if grouped else plain.position_groups,
    )


def audio_table(s: AudioSizes) -> dict[str, Shape]:
    """Tensors of wav2vec2 in the names of transformers (group norm in the first convolution)."""
    conv = "encoder.pos_conv_embed.conv"
    table: dict[str, Shape] = {
        **_affine("feature_projection.layer_norm", s.conv_dim),
        **_affine("feature_projection.projection", s.dim, s.conv_dim),
        f"{conv}.bias": (s.dim,),
        f"{conv}.parametrizations.weight.original0": (1, 1, s.position_kernel),
        f"{conv}.parametrizations.weight.original1": (
            s.dim,
            s.dim // s.position_groups,
            s.position_kernel,
        ),
        **_affine("encoder.layer_norm", s.dim),
        **_affine("feature_extractor.conv_layers.0.layer_norm", s.conv_dim),
    }
    for n, kernel in enumerate(s.kernels):
        inner = s.conv_dim if n else 1
        table[f"feature_extractor.conv_layers.{n}.conv.weight"] = (s.conv_dim, inner, kernel)
    for n in range(s.num_layers):
        layer = f"encoder.layers.{n}"
        for linear in ("q_proj", "k_proj", "v_proj", "out_proj"):
            table.update(_affine(f"{layer}.attention.{linear}", s.dim, s.dim))
        table.update(_affine(f"{layer}.layer_norm", s.dim))
        table.update(_affine(f"{layer}.feed_forward.intermediate_dense", s.ffn_dim, s.dim))
        table.update(_affine(f"{layer}.feed_forward.output_dense", s.dim, s.ffn_dim))
        table.update(_affine(f"{layer}.final_layer_norm", s.dim))
    return table


# Stored by some exports and read by nothing that computes embeddings.
AUDIO_UNUSED = ("masked_spec_embed",)

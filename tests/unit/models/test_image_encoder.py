"""The image encoder: the last but one layer of the stock network, and nothing else read."""

import pytest
import torch
from torch import Tensor
from transformers import CLIPVisionConfig, CLIPVisionModel

from infinitetalk.errors import EngineError
from infinitetalk.models.image_encoder.clip import load_image_encoder, preprocess
from infinitetalk.models.image_encoder.config import ImageEncoderConfig
from infinitetalk.weights.tensors import DictState

DIM, HEADS, LAYERS = 24, 3, 3


@pytest.fixture(scope="module")
def stock() -> CLIPVisionModel:
    torch.manual_seed(4)
    config = CLIPVisionConfig(
        hidden_size=DIM,
        intermediate_size=40,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        image_size=64,
        patch_size=16,
        hidden_act="gelu",
    )
    model = CLIPVisionModel(config).eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    return model


@pytest.fixture(scope="module")
def published(stock: CLIPVisionModel) -> dict[str, Tensor]:
    state = {n.removeprefix("vision_model."): t for n, t in stock.state_dict().items()}
    tensors = {
        "cls_embedding": state["embeddings.class_embedding"].reshape(1, 1, -1),
        "pos_embedding": state["embeddings.position_embedding.weight"][None],
        "patch_embedding.weight": state["embeddings.patch_embedding.weight"],
        "pre_norm.weight": state["pre_layrnorm.weight"],
        "pre_norm.bias": state["pre_layrnorm.bias"],
    }
    for i in range(LAYERS):
        ours, theirs = f"transformer.{i}.", f"encoder.layers.{i}."
        for kind in ("weight", "bias"):
            tensors[f"{ours}attn.to_qkv.{kind}"] = torch.cat(
                [state[f"{theirs}self_attn.{p}_proj.{kind}"] for p in "qkv"]
            )
            for name, stocked in (
                ("attn.proj", "self_attn.out_proj"),
                ("norm1", "layer_norm1"),
                ("norm2", "layer_norm2"),
                ("mlp.0", "mlp.fc1"),
                ("mlp.2", "mlp.fc2"),
            ):
                tensors[f"{ours}{name}.{kind}"] = state[f"{theirs}{stocked}.{kind}"]
    return {f"visual.{name}": tensor for name, tensor in tensors.items()}


class _Watched(dict[str, Tensor]):
    """A file whose reads are counted."""

    def __init__(self, tensors: dict[str, Tensor]) -> None:
        super().__init__(tensors)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Tensor:
        self.read.add(name)
        return super().__getitem__(name)


def test_equals_the_last_but_one_layer(
    stock: CLIPVisionModel, published: dict[str, Tensor]
) -> None:
    pictures = torch.rand(2, 3, 48, 80) * 2 - 1
    encoder = load_image_encoder(published, heads=HEADS)
    with torch.no_grad():
        expected = stock(
            pixel_values=preprocess(pictures, 64), output_hidden_states=True
        ).hidden_states[-2]
    found = encoder(pictures)
    assert found.shape == (2, 17, DIM)
    assert encoder.config.tokens == 17
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)


def test_text_tower_and_last_layer_are_never_read(published: dict[str, Tensor]) -> None:
    extra = {"textual.token_embedding.weight": torch.zeros(2), "log_scale": torch.zeros(())}
    tensors = _Watched({**published, **extra})
    load_image_encoder(tensors, heads=HEADS)
    assert not any(name.startswith(("textual", "log_scale")) for name in tensors.read)
    assert not any(name.startswith(f"visual.transformer.{LAYERS - 1}.") for name in tensors.read)


def test_names_without_prefix_do_as_well(published: dict[str, Tensor]) -> None:
    picture = torch.rand(1, 3, 64, 64)
    bare = {name.removeprefix("visual."): tensor for name, tensor in published.items()}
    found = load_image_encoder(bare, heads=HEADS)(picture)
    assert torch.equal(found, load_image_encoder(published, heads=HEADS)(picture))


def test_half_precision(published: dict[str, Tensor]) -> None:
    picture = torch.rand(1, 3, 64, 64)
    plain = load_image_encoder(published, heads=HEADS)(picture)
    half = load_image_encoder(published, heads=HEADS, dtype=torch.bfloat16)(picture)
    assert half.dtype == torch.bfloat16
    assert (half.float() - plain).norm() / plain.norm() < 0.03


def test_sizes_are_read_off_the_published_shapes() -> None:
    shapes = {
        "cls_embedding": (1, 1, 1280),
        "pos_embedding": (1, 257, 1280),
        "patch_embedding.weight": (1280, 3, 14, 14),
        "transformer.0.mlp.0.weight": (5120, 1280),
        "transformer.31.norm1.weight": (1280,),
    }
    state = DictState({n: torch.empty(s, device="meta") for n, s in shapes.items()})
    assert ImageEncoderConfig.from_state(state) == ImageEncoderConfig(
        dim=1280, heads=16, ffn_dim=5120, layers=31, image_size=224, patch_size=14
    )


def test_what_is_not_an_image_encoder(published: dict[str, Tensor]) -> None:
    with pytest.raises(EngineError) as raised:
        load_image_encoder({"visual.head": torch.zeros(2, 2)})
    assert raised.value.report.code == "weights.not_image_encoder"
    with pytest.raises(ValueError, match="heads must be given"):
        load_image_encoder(published)


def test_preprocessing_is_neither_clamped_nor_antialiased() -> None:
    picture = torch.full((1, 3, 32, 32), -1.0)
    picture[..., 16:] = 1.0  # bicubic overshoots at the edge
    found = preprocess(picture, 224)
    flat = preprocess(torch.ones(1, 3, 32, 32), 224)
    assert found.amax() > flat.amax()
    small = preprocess(torch.rand(1, 3, 512, 512), 16)
    assert small.std() > 0.2  # averaging 32 x 32 pixels would leave 0.02

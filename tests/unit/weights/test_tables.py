"""The generated tables equal the published ones, and sizes come back from shapes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infinitetalk.weights import tables
from tests import published_tree as published
from tests import tiny_weights as tiny


def test_transformer_tables_equal_the_published_ones() -> None:
    sizes = tables.TransformerSizes()
    assert tables.base_table(sizes) == published.base_shapes()
    assert tables.overlay_table(sizes) == published.overlay_shapes()
    assert len(published.base_shapes()) == 1303
    assert len(published.overlay_shapes()) == 330


def test_encoder_and_vae_tables_equal_the_published_ones() -> None:
    assert tables.text_table(tables.TextSizes()) == published.shapes("t5_keys.tsv")
    assert tables.image_table(tables.ImageSizes()) == published.shapes("clip_visual_keys.tsv")
    assert tables.vae_table(tables.VaeSizes()) == published.shapes("vae_keys.tsv")


def test_audio_table_has_the_names_of_the_published_file() -> None:
    conv = "encoder.pos_conv_embed.conv."
    renamed = {
        f"{conv}weight_g": f"{conv}parametrizations.weight.original0",
        f"{conv}weight_v": f"{conv}parametrizations.weight.original1",
    }
    found = {renamed.get(name, name): shape for name, shape in published.audio_shapes().items()}
    del found["masked_spec_embed"]
    assert tables.audio_table(tables.AudioSizes()) == found


sizes = st.builds(
    tables.TransformerSizes,
    dim=st.integers(2, 64).map(lambda n: 2 * n),
    ffn_dim=st.integers(1, 200),
    num_layers=st.integers(1, 5),
    text_dim=st.integers(1, 50),
    freq_dim=st.integers(1, 50),
    clip_dim=st.integers(1, 50),
    audio_features=st.integers(1, 50),
    intermediate_dim=st.integers(1, 50),
    output_dim=st.integers(1, 50),
    context_tokens=st.integers(1, 9),
)


@given(sizes)
def test_transformer_sizes_come_back_from_their_shapes(wanted: tables.TransformerSizes) -> None:
    table = tables.base_table(wanted) | tables.overlay_table(wanted)
    assert tables.transformer_sizes(table) == wanted


@pytest.mark.parametrize(
    ("wanted", "table", "read"),
    [
        (tiny.TEXT, tables.text_table, tables.text_sizes),
        (tiny.IMAGE, tables.image_table, tables.image_sizes),
        (tiny.VAE, tables.vae_table, tables.vae_sizes),
        (tiny.AUDIO, tables.audio_table, tables.audio_sizes),
    ],
)
def test_other_sizes_come_back_from_their_shapes(wanted, table, read) -> None:
    assert read(table(wanted)) == wanted


def test_one_wrong_tensor_does_not_change_what_the_others_are_held_to() -> None:
    table = tables.base_table(tiny.SIZES)
    table["blocks.0.norm3.weight"] = (31,)
    table["blocks.1.ffn.0.weight"] = (47, 32)
    assert tables.transformer_sizes(table).dim == 32
    assert tables.transformer_sizes(table).ffn_dim == 48

"""Names of published wav2vec2 files -> names of transformers' `Wav2Vec2Model`.

Source: encoders_and_vae.md 4.2. A pre-training checkpoint adds the prefix `wav2vec2.` and heads
that nothing here uses; older files spell the weight norm of the positional convolution otherwise.
"""

PREFIX = "wav2vec2."

_POSITIONAL = "encoder.pos_conv_embed.conv."
_SPELLINGS = {
    _POSITIONAL + "weight_g": _POSITIONAL + "parametrizations.weight.original0",
    _POSITIONAL + "weight_v": _POSITIONAL + "parametrizations.weight.original1",
}


def to_transformers(name: str) -> str:
    """The name in `Wav2Vec2Model` of a tensor stored as `name`."""
    name = name.removeprefix(PREFIX)
    return _SPELLINGS.get(name, name)

"""The umt5 encoder: token ids to the vectors that the transformer attends to."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import UMT5Config, UMT5EncoderModel

from infinitetalk.errors import engine_error
from infinitetalk.models.text_encoder.config import TextEncoderConfig
from infinitetalk.models.text_encoder.key_map import EMBEDDING, to_transformers
from infinitetalk.quant.linear import replace_linears
from infinitetalk.quant.schemes import Scheme
from infinitetalk.weights.load import load_into
from infinitetalk.weights.tensors import DictState, RenamedState, State


class TextEncoder(nn.Module):
    """transformers' `UMT5EncoderModel`, run on true tokens only, several texts block by block.

    The embedding table (2.1 GB of the published file) is a plain attribute, not a parameter: it
    stays where it was mapped, and a text reads its few rows from there.
    """

    def __init__(self, config: TextEncoderConfig) -> None:
        super().__init__()
        self.config = config
        self.model = UMT5EncoderModel(_transformers_config(config))
        for block in self.blocks:
            cast(Any, block).layer[-1].DenseReluDense = GatedFeedForward(config.dim, config.ffn_dim)
        self.model.shared = nn.Identity()
        self.model.encoder.embed_tokens = nn.Identity()  # only rows of `table` come in
        self.table = torch.empty(0, config.dim)

    @property
    def blocks(self) -> nn.ModuleList:
        """The equal blocks, in order of use: what streaming brings in one by one."""
        return cast(nn.ModuleList, self.model.encoder.block)

    @torch.no_grad()
    def forward(self, texts: Sequence[Tensor]) -> list[Tensor]:
        """Token ids, one int64 [L] per text -> one [L, D] per text, on the blocks' device.

        Padding never enters: pad keys are masked out in the reference and pad rows are cut off
        (spec: encoders_and_vae.md 2.3), so the true tokens alone give the same. Texts go through
        together block by block, each by itself: a streamed block is brought in once, and what a
        text gives doesn't depend on the texts beside it.
        """
        states = [self._embed(ids) for ids in texts]
        for block in self.blocks:
            states = [_hidden(block(state)) for state in states]
        return [self.model.encoder.final_layer_norm(state)[0] for state in states]

    def _embed(self, ids: Tensor) -> Tensor:
        """[L] -> [1, L, D]."""
        rows = len(self.table)
        if ids.numel() == 0 or int(ids.min()) < 0 or int(ids.max()) >= rows:
            raise engine_error(
                "weights.tokenizer_mismatch",
                "Tokenizer and text encoder don't belong together",
                f"A text has token ids up to {int(ids.max()) if ids.numel() else 'none'}; "
                f"the text encoder knows {rows}.",
                "Use the tokenizer folder that came with this model.",
            )
        norm = self.model.encoder.final_layer_norm.weight
        return self.table[ids.to(self.table.device)].to(norm.device, norm.dtype)[None]


class GatedFeedForward(nn.Module):
    """`wo(wi_1(x) * gelu(wi_0(x)))`, in the place of transformers' own.

    That one looks at `wo.weight`, which a quantized linear doesn't have.
    """

    def __init__(self, dim: int, ffn_dim: int) -> None:
        super().__init__()
        self.wi_0 = nn.Linear(dim, ffn_dim, bias=False)
        self.wi_1 = nn.Linear(dim, ffn_dim, bias=False)
        self.wo = nn.Linear(ffn_dim, dim, bias=False)

    def forward(self, state: Tensor) -> Tensor:
        """[B, L, D] -> [B, L, D]."""
        return self.wo(self.wi_1(state) * F.gelu(self.wi_0(state), approximate="tanh"))


def load_text_encoder(
    tensors: Mapping[str, Tensor],
    *,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
    scheme: Scheme | str | None = None,
) -> TextEncoder:
    """A text encoder over tensors under their published names; sizes are read off their shapes.

    `dtype` None keeps the file's, and with `device` None everything stays mapped. With a `scheme`
    of `quant` the seven linears of each block are held in 8 bits: as stored, where the file has
    that very scheme, else quantized one by one while loading.
    """
    state = tensors if isinstance(tensors, State) else DictState(tensors)
    with torch.device("meta"):
        encoder = TextEncoder(TextEncoderConfig.from_state(state))
    if scheme is not None:
        replace_linears(encoder.blocks, scheme, lambda _: True)
    names = {ours: name for name in state if (ours := to_transformers(name)) is not None}
    load_into(
        encoder.model, RenamedState(state, names), dtype=dtype, device=device, what="Text encoder"
    )
    encoder.table = state.read(EMBEDDING).detach()
    return encoder.eval()


def _hidden(output: Tensor | tuple[Tensor, ...]) -> Tensor:
    """Transformers 4 returns a tuple from a block, 5 the tensor."""
    return output if isinstance(output, Tensor) else output[0]


def _transformers_config(config: TextEncoderConfig) -> UMT5Config:
    made = UMT5Config(
        vocab_size=config.vocabulary,
        d_model=config.dim,
        d_kv=config.head_dim,
        d_ff=config.ffn_dim,
        num_layers=config.layers,
        num_heads=config.heads,
        relative_attention_num_buckets=config.buckets,
        relative_attention_max_distance=config.max_distance,
        layer_norm_epsilon=config.epsilon,
        feed_forward_proj="gated-gelu",
        dropout_rate=0.0,
        use_cache=False,
    )
    # The plain path, as the reference has it: texts are short, and the position bias is dense.
    made._attn_implementation = "eager"
    return made

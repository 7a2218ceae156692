"""The umt5 encoder: token ids to the vectors that the transformer attends to."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call
from transformers import UMT5Config, UMT5EncoderModel

from infinitetalk.errors import engine_error
from infinitetalk.models.text_encoder.config import TextEncoderConfig
from infinitetalk.models.text_encoder.key_map import EMBEDDING, to_transformers
from infinitetalk.quant.linear import QuantLinear, replace_linears
from infinitetalk.quant.schemes import Scheme, scheme_of
from infinitetalk.weights.load import load_into
from infinitetalk.weights.tensors import DictState, RenamedState, State


class TextEncoder(nn.Module):
    """transformers' `UMT5EncoderModel`, run on true tokens only, several texts block by block.

    Weights may stay where they are (mapped, in another precision, off the GPU): a block then visits
    `work_device` in `work_dtype` while all texts go through it, which takes the room of one block
    (0.4 GB in bfloat16) instead of 11 GB. The embedding table (2.1 GB) is a plain attribute, not a
    parameter: a text reads its few rows from where it was mapped.
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
        self.work_device: torch.device | None = None  # None: where the weights are
        self.work_dtype: torch.dtype | None = None  # None: what the weights are

    @property
    def blocks(self) -> nn.ModuleList:
        """The equal blocks, in order of use: what streaming brings in one by one."""
        return cast(nn.ModuleList, self.model.encoder.block)

    @torch.no_grad()
    def forward(
        self, texts: Sequence[Tensor], blocks: Iterable[tuple[int, nn.Module]] | None = None
    ) -> list[Tensor]:
        """Token ids, one int64 [L] per text -> one [L, D] per text, where the work is done.

        `blocks`: this encoder's, with their numbers, in order, where the work is done; each is used
        before the next is asked for. Without them each block's weights visit.

        Padding never enters: pad keys are masked out in the reference and pad rows are cut off
        (spec: encoders_and_vae.md 2.3), so the true tokens alone give the same. Texts go through
        together block by block, each by itself: a block visits once, and what a text gives doesn't
        depend on the texts beside it.
        """
        states = [self._embed(ids) for ids in texts]
        if blocks is None:
            for block in self.blocks:
                visiting = self._visiting(block)
                states = [_hidden(functional_call(block, visiting, (state,))) for state in states]
        else:
            for _, block in blocks:
                states = [_hidden(block(state)) for state in states]
        norm = self.model.encoder.final_layer_norm
        visiting = self._visiting(norm)
        return [functional_call(norm, visiting, (state,))[0] for state in states]

    def _visiting(self, part: nn.Module) -> dict[str, Tensor]:
        """The parameters of a block as the work wants them; those that are so already, themselves."""
        eight_bit = tuple(n for n, m in part.named_modules() if isinstance(m, QuantLinear))
        return {
            name: parameter.to(
                device=self.work_device,
                dtype=None if name.rpartition(".")[0] in eight_bit else self.work_dtype,
            )
            for name, parameter in part.named_parameters()
        }

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
        device, dtype = self.work_device or norm.device, self.work_dtype or norm.dtype
        return self.table[ids.to(self.table.device)].to(device, dtype)[None]


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
    resident: bool = False,
) -> TextEncoder:
    """A text encoder over tensors under their published names; sizes are read off their shapes.

    `dtype` and `device` are those of the work. Weights stay as they are stored, mapped where they
    come from files, and visit block by block; with `resident` they are converted and moved now.

    The seven linears of each block are held in 8 bits where the file has them so, and with a
    `scheme` of `quant` in any case: quantized one by one while loading.
    """
    state = tensors if isinstance(tensors, State) else DictState(tensors)
    with torch.device("meta"):
        encoder = TextEncoder(TextEncoderConfig.from_state(state))
    chosen = scheme or _stored_scheme(state)
    if chosen is not None:
        replace_linears(encoder.blocks, chosen, lambda _: True)
    names = {ours: name for name in state if (ours := to_transformers(name)) is not None}
    load_into(
        encoder.model,
        RenamedState(state, names),
        dtype=dtype if resident else None,
        device=device if resident else None,
        what="Text encoder",
    )
    encoder.table = state.read(EMBEDDING).detach()
    encoder.work_dtype = dtype
    encoder.work_device = None if device is None else torch.device(device)
    return encoder.eval()


def _stored_scheme(state: State) -> Scheme | None:
    stored = state.quantized("blocks.0.attn.q.weight")
    return None if stored is None else scheme_of(stored.data.dtype)


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

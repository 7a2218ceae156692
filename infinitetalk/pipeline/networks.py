"""The networks of a model folder, loaded when they are first needed and lent to the stages.

On the CPU everything stays mapped once it is there. On a GPU only the transformer's resident part
stays; encoders and VAE come for their work and leave again.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from infinitetalk.models.audio_encoder.config import AudioEncoderConfig
from infinitetalk.models.audio_encoder.wav2vec2 import AudioEncoder, load_audio_encoder
from infinitetalk.models.image_encoder.clip import ImageEncoder, load_image_encoder
from infinitetalk.models.text_encoder.tokenizer import Tokenizer
from infinitetalk.models.text_encoder.umt5 import TextEncoder, load_text_encoder
from infinitetalk.models.vae.config import VaeConfig
from infinitetalk.models.vae.tiles import TiledVae
from infinitetalk.models.vae.vae import WanVae
from infinitetalk.models.wan.config import WanConfig
from infinitetalk.models.wan.transformer import WanTransformer
from infinitetalk.pipeline.chunk import LatentCodec
from infinitetalk.pipeline.render import TransformerUse
from infinitetalk.pipeline.text import EncodeTexts, text_encoding
from infinitetalk.pipeline.transformer import DTYPES, load_transformer
from infinitetalk.plan import Plan
from infinitetalk.request import Lora
from infinitetalk.streaming.guest import Guest
from infinitetalk.streaming.ladder import MemorySettings
from infinitetalk.streaming.stream import BlockStream
from infinitetalk.weights.folder import ModelFiles
from infinitetalk.weights.load import load_into
from infinitetalk.weights.recognize import Kind
from infinitetalk.weights.tensors import LazyState


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where and in what the networks compute, out of the plan."""

    device: torch.device
    dtype: torch.dtype  # of the transformer's activations
    vae_dtype: torch.dtype

    @classmethod
    def of(cls, plan: Plan) -> "Placement":
        return cls(
            device=torch.device(plan.device),
            dtype=DTYPES[plan.dtype],
            vae_dtype=DTYPES[plan.vae_dtype],
        )

    @property
    def on_card(self) -> bool:
        return self.device.type != "cpu"


class ModelNetworks:
    """The networks of one job. Not for several threads."""

    def __init__(
        self, files: ModelFiles, plan: Plan, *, speakers: int, loras: Sequence[Lora] = ()
    ) -> None:
        self.files = files
        self.plan = plan
        self.placement = Placement.of(plan)
        self._speakers = speakers
        self._lora_choices = tuple(loras)
        self._vae: WanVae | None = None
        self._image: ImageEncoder | None = None
        self._transformer: WanTransformer | None = None
        self._blocks: BlockStream | None = None
        self._guest = Guest()
        self._tile = plan.vae_tile
        self.lora_identities: tuple[str, ...] = ()
        self.lora_notices: tuple[str, ...] = ()

    # -- encoders that work once per job ----------------------------------------------------------

    def text_encoding(self) -> EncodeTexts:
        """Loads the text encoder: texts -> vectors on the CPU. It goes when the caller drops it."""
        tokenizer = Tokenizer(self.files.tokenizer_folder(), max_tokens=self.text_length)
        return text_encoding(self._load_text(), tokenizer)

    @property
    def text_identity(self) -> str:
        """What a stored text depends on besides the text."""
        parts = (
            self.plan.weights_identity,
            str(self.placement.dtype if self.placement.on_card else torch.float32),
            str(self.text_length),
        )
        return " ".join(parts)

    @property
    def text_length(self) -> int:
        return int(self.files.config.get("text_len", WanConfig().text_len))

    @contextmanager
    def audio_encoder(self) -> Iterator[AudioEncoder]:
        encoder = self._load_audio()
        yield encoder
        del encoder
        self._let_go()

    # -- networks of a chunk ----------------------------------------------------------------------

    @contextmanager
    def vae(self) -> Iterator[LatentCodec]:
        if self._vae is None:
            self._vae = self._load_vae()
        self._come(self._vae)
        yield TiledVae(self._vae, tile=self._tile, result_device="cpu")
        self._leave()

    @contextmanager
    def image_encoder(self) -> Iterator[Callable[[Tensor], Tensor]]:
        if self._image is None:
            self._image = self._load_image()
        self._come(self._image)
        yield self._image
        self._leave()

    @contextmanager
    def transformer(self) -> Iterator[TransformerUse]:
        network, blocks = self.loaded_transformer()
        yield TransformerUse(transformer=network, blocks=blocks)

    def loaded_transformer(self) -> tuple[WanTransformer, BlockStream | None]:
        """The transformer with its LoRAs, loaded at the first call."""
        if self._transformer is None:
            made = load_transformer(
                self.files, self.plan, speakers=self._speakers, loras=self._lora_choices
            )
            self._transformer, self._blocks = made.network, made.blocks
            self.lora_identities = made.lora_identities
            self.lora_notices = made.lora_notices
        return self._transformer, self._blocks

    def use_memory(self, settings: MemorySettings) -> None:
        """What the memory ladder decided, from the next chunk on."""
        self._tile = settings.vae_tile
        network, blocks = self.loaded_transformer()
        network.token_chunk = settings.token_chunk or None
        if blocks is not None and blocks.resident != settings.resident_blocks:
            blocks.set_resident(min(settings.resident_blocks, len(blocks)))

    def make_room(self) -> None:
        """Takes everything off the card after it ran out of memory in the middle of something."""
        self._leave()
        if self._blocks is not None:
            self._blocks.suspend()
        gc.collect()  # the error that told of it may have left cycles
        self._let_go()

    def close(self) -> None:
        """Gives back all memory."""
        if self._blocks is not None:
            self._blocks.close()
        self._vae = self._image = self._transformer = self._blocks = None
        self._let_go()

    # -- parts ------------------------------------------------------------------------------------

    def state(self, kind: Kind) -> LazyState:
        layout = self.files.part(kind).layout
        if layout is None:
            raise self.files.missing(kind)
        return LazyState([layout])

    def _load_text(self) -> TextEncoder:
        dtype = self.placement.dtype if self.placement.on_card else torch.float32
        return load_text_encoder(
            self.state("text_encoder"), dtype=dtype, device=self._where("text")
        )

    def _load_audio(self) -> AudioEncoder:
        config = AudioEncoderConfig.from_json(self.files.audio_config)
        return load_audio_encoder(self.state("audio_encoder"), config, device=self.placement.device)

    def _load_image(self) -> ImageEncoder:
        return load_image_encoder(
            self.state("image_encoder"),
            heads=self.files.description.image_heads,
            dtype=torch.float16 if self.placement.on_card else torch.float32,
        )

    def _load_vae(self) -> WanVae:
        state = self.state("vae")
        shapes = {name: state.shape(name) for name in state}
        said = self.files.description
        config = VaeConfig.from_shapes(shapes)
        if said.latent_mean is not None and said.latent_std is not None:
            config = replace(config, mean=said.latent_mean, std=said.latent_std)
        with torch.device("meta"):
            network = WanVae(config)
        load_into(network, state, dtype=self.placement.vae_dtype, what="VAE")
        if self.placement.on_card:
            network.put_channels_last()
        return network.eval()

    def _where(self, stage: str) -> torch.device:
        """The text encoder may stay on the CPU: its texts are few and short."""
        if stage == "text" and self.plan.text_encoder == "cpu":
            return torch.device("cpu")
        return self.placement.device

    def _come(self, network: nn.Module) -> None:
        if self.placement.on_card:
            if self._blocks is not None:
                self._blocks.suspend(keep_resident=True)  # room for this network; its slots return
                self._let_go()
            self._guest.come(network, self.placement.device)

    def _leave(self) -> None:
        if self.placement.on_card:
            self._guest.leave()
            self._let_go()

    def _let_go(self) -> None:
        """Memory of a card is given back only by asking; in RAM what nobody holds is free at once.

        Networks have no cycles: to look for some would take 0.3 s each time.
        """
        if self.placement.on_card:
            torch.cuda.empty_cache()

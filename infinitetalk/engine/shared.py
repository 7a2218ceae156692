"""What the chunks of a job share: encoded texts, embeddings of the speech, the loaded transformer."""

from collections.abc import Callable, Iterator
from pathlib import Path

from torch import Tensor

from infinitetalk import paths
from infinitetalk.engine.advancing import advancing
from infinitetalk.engine.prepare import PreparedJob
from infinitetalk.engine.skipped import remember_skipped_steps
from infinitetalk.errors import EngineError, ErrorReport
from infinitetalk.event import Event, Notice, StageAdvanced, StageStarted, StepsSkipped
from infinitetalk.media.speech_store import SpeechStore
from infinitetalk.models.audio_encoder.wav2vec2 import AudioEncoder
from infinitetalk.pipeline.embedding_store import EmbeddingStore
from infinitetalk.pipeline.networks import ModelNetworks
from infinitetalk.pipeline.speech import encode_speech
from infinitetalk.pipeline.text import encode_texts
from infinitetalk.project.keys import digest_bytes
from infinitetalk.sampling import timesteps
from infinitetalk.sampling.teacache import decide


class SharedStages:
    """The stages before the first chunk. Each yields events and leaves its result here."""

    def __init__(
        self, prepared: PreparedJob, networks: ModelNetworks, check: Callable[[], None]
    ) -> None:
        self._prepared = prepared
        self._networks = networks
        self._check = check
        self._texts: dict[str, Tensor] = {}
        self._job_id = prepared.job.job_id
        self.speech: tuple[EmbeddingStore, ...] = ()
        self.skipped_steps: frozenset[int] = frozenset()

    def events(self) -> Iterator[Event]:
        yield from self._encode_request()
        yield from self._encode_speech()
        yield from self._load()

    # -- text -------------------------------------------------------------------------------------

    def _encode_request(self) -> Iterator[Event]:
        yield StageStarted(job_id=self._job_id, stage="text")
        request = self._prepared.job.request
        texts = [request.prompt, request.negative_prompt]
        for _, settings in request.chunks:
            texts += [t for t in (settings.prompt, settings.negative_prompt) if t is not None]
        self._encode(texts)

    def text(self, text: str) -> Tensor:
        """Vectors [L, D] of a text; one that an edit brought is encoded now."""
        self._encode([text])
        return self._texts[text]

    def _encode(self, texts: list[str]) -> None:
        missing = [text for text in dict.fromkeys(texts) if text not in self._texts]
        if not missing:
            return
        found = encode_texts(
            missing,
            self._networks.text_encoding,
            identity=self._networks.text_identity,
            folder=paths.cache_folder() / "text",
        )
        self._texts.update(zip(missing, found, strict=True))

    # -- speech -----------------------------------------------------------------------------------

    def _encode_speech(self) -> Iterator[Event]:
        yield StageStarted(job_id=self._job_id, stage="speech")
        speech = self._prepared.speech
        piece = self._prepared.job.request.mends.speech_piece
        identity = digest_bytes(self._prepared.plan.weights_identity.encode())[:8]
        stores: list[EmbeddingStore] = []
        for number, track in enumerate(speech.stores, 1):
            path = speech.folder / f"embeddings-{number}-{piece:g}-{identity}.npy"
            store = _stored(path)
            if store is None:
                with self._networks.audio_encoder() as encoder:

                    def encode(
                        tick: Callable[[float], None],
                        encoder: AudioEncoder = encoder,
                        track: SpeechStore = track,
                        path: Path = path,
                    ) -> EmbeddingStore:
                        # The store itself, not its mapping: mapped pages would count as ours.
                        return encode_speech(encoder, track, path, piece=piece, tick=tick)

                    work = advancing(encode, self._check)
                    store = yield from self._advanced(work)
            stores.append(store)
        self.speech = tuple(stores)

    def _advanced(self, work):
        """Passes the fractions of `work` on as events; its result is the result."""
        while True:
            try:
                fraction = next(work)
            except StopIteration as done:
                return done.value
            yield StageAdvanced(job_id=self._job_id, stage="speech", fraction=fraction)

    # -- transformer ------------------------------------------------------------------------------

    def _load(self) -> Iterator[Event]:
        yield StageStarted(job_id=self._job_id, stage="load")
        network, _ = self._networks.loaded_transformer()
        for line in self._networks.lora_notices:
            report = ErrorReport(
                code="lora.partly",
                title="A LoRA does not fit everywhere",
                detail=line,
                facts={"name": line.partition(":")[0]},
            )
            yield Notice(job_id=self._job_id, report=report, level="warning")
        request, plan = self._prepared.job.request, self._prepared.plan
        if request.teacache_threshold is None:
            return
        decisions = decide(
            network.time_signals(timesteps(plan.steps, plan.shift)[:-1], projected=True),
            threshold=request.teacache_threshold,
            resolution=request.size_class,
        )
        skipped = tuple(i for i, decision in enumerate(decisions) if not decision.compute)
        self.skipped_steps = frozenset(skipped)
        remember_skipped_steps(plan.weights_identity, plan, request, skipped)
        yield StepsSkipped(job_id=self._job_id, steps=plan.steps, skipped=skipped)


def _stored(path: Path) -> EmbeddingStore | None:
    """Embeddings from an earlier run; None where there are none or the file is damaged."""
    if not path.exists():
        return None
    try:
        return EmbeddingStore.open(path)
    except EngineError:
        return None

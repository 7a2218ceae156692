"""How well a model makes faces talk: figures with controls, rendered afresh through the engine.

Every figure is measured on the bundled held-out set. Controls that a broken judge or a broken metric
would fail run beside them; one that fails voids the result.
"""

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from infinitetalk import paths
from infinitetalk.demo.captions import MOTION
from infinitetalk.demo.drawing import draw
from infinitetalk.demo.faces import STYLES
from infinitetalk.demo.held_out import (
    HeldOut,
    evaluation_folder,
    load_held_out,
    long_speech,
    moving_pixels,
    portrait,
)
from infinitetalk.demo.judge import FILE as JUDGE_FILE
from infinitetalk.demo.judge import PIXELS_PER_PLACE, Judge, load_judge
from infinitetalk.demo.metrics import (
    SKIPPED_FRAMES,
    best_lag,
    envelope,
    likeness,
    lip_sync,
    pooled_correlation,
    psnr,
    seam_ratio,
    upper_face,
)
from infinitetalk.demo.motion import pose_at
from infinitetalk.demo.rendering import Rendered, Settings, render
from infinitetalk.demo.shapes import make_grid
from infinitetalk.demo.vae_stage import mouth_box
from infinitetalk.request import FPS, Box

SHIFT_FRAMES = 5
COUPLE_FRAMES = 57  # of a clip with two people: two chunks
LATENT_STEP = 4  # video frames of a latent frame
MOUTH_PRESENT = 0.08  # openings vary at least by this in a clip that talks

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Extent:
    """How much is measured: everything, or a sample for a quick check."""

    clips: int = 24
    control_clips: int = 6
    long_seconds: float = 30.0
    long_clips: int = 2
    couples: int = 4
    motion_people: int = 8


QUICK = Extent(clips=4, control_clips=2, long_seconds=6.0, long_clips=1, couples=1, motion_people=2)


@dataclass
class Evaluation:
    """One model under one set of settings; parts are methods, so that each can be asked for alone."""

    settings: Settings
    extent: Extent = field(default_factory=Extent)
    say: Say = print
    held: HeldOut = field(default_factory=load_held_out)
    judge: Judge = field(default_factory=lambda: load_judge(evaluation_folder() / JUDGE_FILE))

    # -- parts ------------------------------------------------------------------------------------

    def lip_sync(self, settings: Settings | None = None) -> dict[str, Any]:
        """On all held-out clips; beside the shares of time, how visible the seams are."""
        seen, seams, latent_seams, seconds = [], [], [], 0.0
        for clip in range(self.extent.clips):
            made = self._clip(clip, settings or self.settings)
            seen.append(self._opening(made))
            cuts = list(made.chunk_starts[1:])
            seams.append(seam_ratio(made.frames, cuts))
            latent_seams.append(seam_ratio(made.frames, cuts, every=LATENT_STEP))
            seconds += made.seconds
            self.say(f"clip {clip + 1} of {self.extent.clips}")
        true = self.held.openings[: len(seen)]
        figures: dict[str, Any] = lip_sync(np.stack(seen), true)
        figures["seam_ratio"] = float(np.mean(seams))
        figures["seam_ratio_between_latents"] = float(np.mean(latent_seams))
        figures["seconds_per_clip"] = seconds / len(seen)
        figures["by_voice"] = {
            voice: pooled_correlation(
                np.stack([s for s, v in zip(seen, self.held.voices, strict=False) if v == voice]),
                np.stack([t for t, v in zip(true, self.held.voices, strict=False) if v == voice]),
            )
            for voice in sorted(set(self.held.voices[: len(seen)]))
        }
        return figures

    def vae(self) -> dict[str, float]:
        """Drawn clips through the VAE and back; decibels of the whole and of the mouth's box."""
        from infinitetalk.engine.model import MINIATURE, ModelChoice
        from infinitetalk.models.vae import VaeConfig, WanVae
        from infinitetalk.weights.load import load_into
        from infinitetalk.weights.tensors import LazyState

        name = str(self.settings.model) if self.settings.model else MINIATURE
        files = ModelChoice(name=name).find()
        layout = files.part("vae").layout
        assert layout is not None
        state = LazyState([layout])
        network = WanVae(VaeConfig.from_shapes({n: state.shape(n) for n in state}))
        load_into(network, state, dtype=torch.float32, what="VAE")
        whole, mouth = [], []
        for person in range(len(self.held.faces)):
            pictures, places = self._drawn(person, files.description.chunk_frames)
            back = network.decode(network.encode(pictures.transpose(0, 1))).transpose(0, 1)
            box = mouth_box(places, 128)[:, None].expand_as(pictures)
            whole.append(psnr(back.numpy(), pictures.numpy()))
            mouth.append(psnr(back.numpy(), pictures.numpy(), box.numpy()))
        return {"psnr": float(np.mean(whole)), "psnr_mouth": float(np.mean(mouth))}

    def controls(self) -> dict[str, Any]:
        """What must come out if judge and metrics are sound; `passed` voids the rest where false."""
        count = self.extent.control_clips
        true = self.held.openings[:count]
        silent = np.stack(
            [self._opening(self._clip(c, self.settings, silent=True)) for c in range(count)]
        )
        late = np.stack(
            [
                self._opening(self._clip(c, self.settings, start=SHIFT_FRAMES / FPS))
                for c in range(count)
            ]
        )
        self.say("controls with silence and with late speech")
        with tempfile.TemporaryDirectory() as scratch:
            ruined = Path(scratch) / "model"
            scramble(self.settings.model or paths.miniature_folder(), ruined)
            noise = Settings(preset=self.settings.preset, model=ruined, fields=self.settings.fields)
            ruin = np.stack([self._opening(self._clip(c, noise)) for c in range(count)])
        self.say("control with scrambled weights")
        read, drawn = self._judge_on_truth()
        skip = SKIPPED_FRAMES
        found = {
            "no_audio_r": pooled_correlation(silent[:, skip:], true[:, skip:]),
            "shifted_best_lag": best_lag(late[:, skip:], true[:, skip:]),
            "random_weights_r": pooled_correlation(ruin[:, skip:], true[:, skip:]),
            "judge_on_truth_r": pooled_correlation(read, drawn),
        }
        passed = {
            "no_audio_r": found["no_audio_r"] < 0.2,
            "shifted_best_lag": found["shifted_best_lag"] == SHIFT_FRAMES,
            "random_weights_r": found["random_weights_r"] < 0.1,
            "judge_on_truth_r": found["judge_on_truth_r"] > 0.95,
        }
        return {**found, "passed": all(passed.values()), "each": passed}

    def long(self) -> dict[str, Any]:
        """Many chunks in a row, with color correction as set, in full, and without."""
        return {
            "corrected": self._long(self.settings),
            "corrected_in_full": self._long(self.settings.over(color_correction=1.0)),
            "uncorrected": self._long(self.settings.over(color_correction=0.0)),
        }

    def motion(self) -> dict[str, float]:
        """How far the mouth travels (standard deviation, pixels) by caption, text guidance on."""
        travel = {}
        for style in STYLES:
            prompt = f"a person talks, {MOTION[style][0]}"
            settings = self.settings.over(prompt=prompt, text_guidance_scale=3.0)
            found = []
            for clip in range(self.extent.motion_people):
                made = self._clip(clip, settings, seconds=1.32)
                places = self.judge.watch(made.video())[:, 5:7] * PIXELS_PER_PLACE
                found.append(float(places.std(0).sum()))
            travel[style] = float(np.mean(found))
            self.say(f"motion: {style}")
        return travel

    def human(self) -> dict[str, float]:
        """The bundled recording of a person: does the mouth open where it is loud?"""
        import wave

        with wave.open(str(paths.resources_folder() / "samples" / "speech.wav")) as stream:
            data = np.frombuffer(stream.readframes(stream.getnframes()), "<i2")
        samples = data.astype(np.float32) / np.float32(32768)
        values = []
        for clip in range(min(2, self.extent.control_clips)):
            made = render(portrait(self.held.person(clip)), [samples], self.settings)
            seen = self._opening(made)
            loud = envelope(samples, len(seen))
            values.append(pooled_correlation(seen[None], loud[None]))
        return {"r_with_envelope": float(np.mean(values))}

    def speakers(self) -> dict[str, Any]:
        """Two people, one of whom talks: straight, and with the areas swapped."""
        figures: dict[str, Any] = {}
        for name in ("straight", "swapped"):
            follows, true, quiet, loud = [], [], [], []
            for couple in range(self.extent.couples):
                for talking in range(2):
                    seen = self._couple(couple, talking, swapped=name == "swapped")
                    place = 1 - talking if name == "swapped" else talking
                    follows.append(seen[place])
                    true.append(self.held.openings[couple, SKIPPED_FRAMES:COUPLE_FRAMES])
                    loud.append(float(seen[place].std()))
                    quiet.append(float(seen[1 - place].std()))
            figures[name] = {
                "r": pooled_correlation(np.stack(follows), np.stack(true)),
                "silent_share": float(np.mean(quiet) / max(float(np.mean(loud)), 1e-6)),
            }
            self.say(f"two speakers, {name}")
        return figures

    # -- their means ------------------------------------------------------------------------------

    def _clip(
        self,
        clip: int,
        settings: Settings,
        *,
        silent: bool = False,
        start: float = 0.0,
        seconds: float | None = None,
    ) -> Rendered:
        samples = self.held.speech[clip]
        if seconds is not None:
            samples = samples[: round(seconds * 16000)]
        if silent:
            samples = np.zeros_like(samples)
        picture = portrait(self.held.person(clip))
        made = render(picture, [samples], settings.over(seed=1000 + clip), start=start)
        wanted = round(len(samples) / 640)
        return Rendered(
            frames=made.frames[:wanted],
            chunk_starts=tuple(s for s in made.chunk_starts if s < wanted),
            seconds=made.seconds,
        )

    def _opening(self, made: Rendered, person: int = 0) -> NDArray[np.float32]:
        video = made.video()
        side = video.shape[2]
        part = video[..., side * person : side * (person + 1)].contiguous()
        return self.judge.watch(part)[:, 0]

    def _likeness(self, made: Rendered, picture: torch.Tensor) -> NDArray[np.float64]:
        """[F]: how like the person of `picture` each frame's upper face is, see `likeness`."""
        shown = ((picture + 1) * 127.5).permute(1, 2, 0).numpy()
        known = upper_face(shown, (self.judge.watch(picture[None])[0, 5:7] + 1) * PIXELS_PER_PLACE)
        places = (self.judge.watch(made.video())[:, 5:7] + 1) * PIXELS_PER_PLACE
        return np.array(
            [
                likeness(upper_face(frame, place), known)
                for frame, place in zip(made.frames, places, strict=True)
            ]
        )

    def _couple(self, couple: int, talking: int, *, swapped: bool) -> list[NDArray[np.float32]]:
        """Openings of the left and the right person, first frames left out."""
        people = [self.held.person(2 * couple + k) for k in range(2)]
        speech = self.held.speech[couple][: COUPLE_FRAMES * 640]
        tracks = [speech if k == talking else None for k in range(2)]
        fields: dict[str, Any] = {"seed": 2000 + couple}
        if swapped:
            left, right = (
                Box(top=6, left=128.0 * k + 6, bottom=122, right=128.0 * k + 122) for k in range(2)
            )
            fields["boxes"] = (right, left)
        made = render(portrait(*people), tracks, self.settings.over(**fields))
        return [self._opening(made, k)[SKIPPED_FRAMES:COUPLE_FRAMES] for k in range(2)]

    def _drawn(self, person: int, frames: int):
        """A drawn clip [F, 3, H, W] and where its mouth is [F, 2]."""
        from infinitetalk.demo.drawing import mouth_center

        faces = self.held.faces.at([person])
        pose = pose_at(faces, (torch.arange(frames) / FPS)[None])
        mouth = torch.zeros(1, frames, 5)
        mouth[0, :, 0] = torch.from_numpy(self.held.openings[person, :frames])
        mouth[0, :, 3] = 0.4
        return draw(faces, pose, mouth, make_grid(128, 128))[0], mouth_center(faces, pose)[0]

    def _judge_on_truth(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        read, true = [], []
        for person in range(len(self.held.faces)):
            pictures, _ = self._drawn(person, self.held.frames)
            read.append(self.judge.watch(pictures)[:, 0])
            true.append(self.held.openings[person])
        return np.stack(read), np.stack(true)

    def _long(self, settings: Settings) -> dict[str, Any]:
        chunks: list[list[dict[str, float]]] = []
        ends: dict[str, list[tuple[NDArray, NDArray]]] = {"first": [], "last": []}
        seams, strangers = [], []
        for clip in range(self.extent.long_clips):
            person = self.held.person(clip)
            picture = portrait(person)
            samples, true = long_speech(self.held, clip, self.extent.long_seconds)
            made = render(picture, [samples], settings.over(seed=3000 + clip))
            seen = self._opening(made)
            still = ~moving_pixels(person)
            source = ((picture + 1) * 127.5).round().permute(1, 2, 0).numpy()
            edges = [*made.chunk_starts, len(made.frames)]
            alike = self._likeness(made, picture)
            chunks.append(
                [
                    _drift(made.frames[a:b].astype(np.float32), source, still)
                    | {"identity": float(alike[a:b].mean())}
                    for a, b in pairwise(edges)
                ]
            )
            other = portrait(self.held.person(clip + 1))
            strangers.append(float(self._likeness(made, other).mean()))
            part = min(5, len(edges) - 1)
            ends["first"].append((seen[: edges[part]], true[: edges[part]]))
            cut = edges[-1 - part]
            ends["last"].append((seen[cut : len(true)], true[cut : len(seen)]))
            seams.append(seam_ratio(made.frames, list(made.chunk_starts[1:])))
            self.say(f"long clip {clip + 1} of {self.extent.long_clips}")
        worst = [c for one in chunks for c in one]
        return {
            "chunks": len(chunks[0]),
            "background_psnr": [
                float(np.mean([c[k]["psnr"] for c in chunks])) for k in range(len(chunks[0]))
            ],
            "background_psnr_lowest": min(c["psnr"] for c in worst),
            "color_shift": [
                float(np.mean([c[k]["color"] for c in chunks])) for k in range(len(chunks[0]))
            ],
            "color_shift_largest": max(c["color"] for c in worst),
            "identity": [
                float(np.mean([c[k]["identity"] for c in chunks])) for k in range(len(chunks[0]))
            ],
            "identity_lowest": min(c["identity"] for c in worst),
            "identity_of_another": float(np.mean(strangers)),
            "first_r": _joined_r(ends["first"]),
            "last_r": _joined_r(ends["last"]),
            "seam_ratio": float(np.mean(seams)),
        }


def _joined_r(pairs: list[tuple[NDArray, NDArray]]) -> float:
    seen, true = (np.concatenate([p[k] for p in pairs])[None] for k in range(2))
    return pooled_correlation(seen, true)


def _drift(
    frames: NDArray[np.float32], source: NDArray, still: NDArray[np.bool_]
) -> dict[str, float]:
    """Background quality in decibels and the largest channel's shift in 1/255, of one chunk."""
    background = frames[:, still]
    error = float(np.square(background - source[still]).mean())
    shift = np.abs(background.mean((0, 1)) - source[still].mean(0)).max()
    return {"psnr": float(10 * np.log10(255**2 / max(error, 1e-9))), "color": float(shift)}


def scramble(model: Path, target: Path) -> None:
    """A copy of a model folder whose transformer weights are shuffled: same statistics, no sense."""
    from safetensors.torch import load_file, save_file

    shutil.copytree(model, target)
    generator = torch.Generator().manual_seed(0)
    for file in [
        *target.rglob("diffusion_pytorch_model*.safetensors"),
        *target.rglob("infinitetalk.safetensors"),
    ]:
        tensors = load_file(file)
        for name, tensor in tensors.items():
            if tensor.dim() >= 2:
                flat = tensor.flatten()
                order = torch.randperm(len(flat), generator=generator)
                tensors[name] = flat[order].reshape(tensor.shape).contiguous()
        save_file(tensors, file)


PARTS = ("lip_sync", "fast", "vae", "human", "motion", "speakers", "long", "controls")


def evaluate(
    settings: Settings,
    *,
    extent: Extent | None = None,
    parts: tuple[str, ...] = PARTS,
    say: Say = print,
) -> dict[str, Any]:
    """All figures as plain data; `void` names the controls that failed, empty if all is well."""
    began = time.monotonic()
    run = Evaluation(settings=settings, extent=extent or Extent(), say=say)
    report: dict[str, Any] = {}
    for part in parts:
        if part == "fast":
            report[part] = run.lip_sync(Settings(preset="fast", model=settings.model, fields={}))
        else:
            report[part] = getattr(run, part)()
        say(f"{part}: {json.dumps(_rounded(report[part]))}")
    failed = [k for k, ok in report.get("controls", {}).get("each", {}).items() if not ok]
    report["void"] = failed
    report["minutes"] = (time.monotonic() - began) / 60
    return _rounded(report)


def _rounded(value: Any) -> Any:
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, float | np.floating):
        return round(float(value), 4)
    if isinstance(value, Mapping):
        return {k: _rounded(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(v) for v in value]
    return value

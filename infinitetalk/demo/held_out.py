"""The bundled held-out set: clips nobody trained on, with the true mouth tracks.

Its file holds speech (8-bit mu-law, 16 kHz), tracks (25 per second) and the people as numbers; the
pictures are drawn from those.
"""

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from infinitetalk import paths
from infinitetalk.demo.corpus import (
    HELD_OUT_VOICES,
    SAMPLES_PER_VALUE,
    VALUES_PER_FRAME,
    SpokenLine,
    from_mu_law,
    speak,
    to_mu_law,
)
from infinitetalk.demo.corpus_text import make_line
from infinitetalk.demo.drawing import draw_together
from infinitetalk.demo.faces import Faces, sample_faces
from infinitetalk.demo.motion import Pose, pose_at
from infinitetalk.demo.shapes import make_grid
from infinitetalk.demo.speech_synthesis import Espeak
from infinitetalk.request import FPS

FILE = "held_out.npz"
CLIPS, PEOPLE, SECONDS = 24, 8, 4.0
LINES_PER_CLIP = 3  # of which a clip is cut anywhere: or all would begin with the same silence
MOMENT = 1.3  # of the people's motion, at which portraits are taken
STILL = 0
SAMPLES_PER_FRAME = SAMPLES_PER_VALUE * VALUES_PER_FRAME


def evaluation_folder() -> Path:
    """Judge and held-out set."""
    return paths.resources_folder() / "evaluation"


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """Clip i shows person i mod 8 and is spoken by voice i mod 3."""

    speech: NDArray[np.float32]  # [clips, samples], mono, 16 kHz
    openings: NDArray[np.float32]  # [clips, frames], how far the mouth opens, about 0..1
    voices: tuple[str, ...]
    faces: Faces  # PEOPLE of them, mouths shut, awake

    @property
    def frames(self) -> int:
        return self.openings.shape[1]

    def person(self, clip: int) -> Faces:
        return self.faces.at([clip % len(self.faces)])


def make_held_out(seed: int = 77) -> HeldOut:
    """Needs espeak-ng and flite."""
    chance, espeak = random.Random(seed), Espeak()
    frames = round(SECONDS * FPS)
    speech, openings, voices = [], [], []
    for clip in range(CLIPS):
        voice = HELD_OUT_VOICES[clip % len(HELD_OUT_VOICES)]
        lines = [speak(voice, make_line(chance), chance, espeak) for _ in range(LINES_PER_CLIP)]
        samples, track = _joined(lines)
        room = len(track) // VALUES_PER_FRAME - frames
        first = chance.randint(10, room)
        speech.append(samples[first * SAMPLES_PER_FRAME :][: frames * SAMPLES_PER_FRAME])
        middles = (first + np.arange(frames)) * VALUES_PER_FRAME + VALUES_PER_FRAME // 2
        openings.append(track[middles, 0])
        voices.append(voice)
    awake = sample_faces(400, torch.Generator().manual_seed(seed))
    return HeldOut(
        speech=np.stack(speech),
        openings=np.stack(openings),
        voices=tuple(voices),
        faces=awake.at(_awake(awake)[:PEOPLE]),
    )


def _awake(faces: Faces) -> list[int]:
    """People whose eyes are open at the portrait's moment."""
    pose = pose_at(faces, torch.full((len(faces), 1), MOMENT))
    return [i for i, blink in enumerate(pose.blink[:, 0].tolist()) if blink == 0]


def _joined(lines: list[SpokenLine]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return (
        np.concatenate([line.samples for line in lines]),
        np.concatenate([line.mouth for line in lines]),
    )


def save_held_out(held: HeldOut, file: Path) -> None:
    np.savez_compressed(
        file,
        speech=to_mu_law(held.speech),
        openings=held.openings.astype(np.float16),
        voices=np.array(held.voices),
        geometry=held.faces.geometry.numpy(),
        colors=held.faces.colors.numpy(),
        hair_style=held.faces.hair_style.numpy(),
        style=held.faces.style.numpy(),
        waves=held.faces.waves.numpy(),
    )


def load_held_out(file: Path | None = None) -> HeldOut:
    stored = np.load(file or evaluation_folder() / FILE)
    names = ("geometry", "colors", "hair_style", "style", "waves")
    return HeldOut(
        speech=from_mu_law(stored["speech"]),
        openings=stored["openings"].astype(np.float32),
        voices=tuple(str(v) for v in stored["voices"]),
        faces=Faces(**{name: torch.from_numpy(stored[name]) for name in names}),
    )


def portrait_pose(faces: Faces) -> Pose:
    """[B, 1]: the head as at the portrait's moment, moving little whatever the style."""
    return pose_at(faces.with_style(STILL), torch.full((len(faces), 1), MOMENT))


def portrait(*people: Faces, side: int = 128) -> Tensor:
    """One person, or two side by side, mouths shut: [3, side, side * people] in -1..1."""
    poses = [portrait_pose(faces) for faces in people]
    shut = [torch.zeros(1, 1, 5)] * len(people)
    return draw_together(people, poses, shut, make_grid(side, side * len(people)))[0, 0]


def moving_pixels(faces: Faces, side: int = 128) -> NDArray[np.bool_]:
    """[side, side]: where a talking, lively person ever differs from a still one; else background."""
    lively = faces.with_style(2)
    seconds = torch.arange(0, 40, 0.37)[None]
    pose = pose_at(lively, seconds)
    mouths = torch.zeros(1, seconds.shape[1], 5)
    mouths[:, ::2, 0] = 1.0
    frames = draw_together([lively], [pose], [mouths], make_grid(side, side))[0]
    return (frames.amax(0) - frames.amin(0)).amax(0).numpy() > 0.02


def long_speech(held: HeldOut, first: int, seconds: float) -> tuple[NDArray, NDArray]:
    """Samples and openings of clips of one voice in a row, from clip `first` on."""
    count = int(np.ceil(seconds / SECONDS))
    same = [i for i, voice in enumerate(held.voices) if voice == held.voices[first]]
    chosen = [same[k % len(same)] for k in range(count)]
    frames = round(seconds * FPS)
    speech = np.concatenate([held.speech[i] for i in chosen])[: frames * SAMPLES_PER_FRAME]
    return speech, np.concatenate([held.openings[i] for i in chosen])[:frames]

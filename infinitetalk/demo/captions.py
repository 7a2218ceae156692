"""What the clips are captioned with: who is seen, and how the head moves.

Many wordings of few facts, so that a user's own words have something to hold on to.
"""

import random

from infinitetalk.demo.faces import HAIR_STYLES, STYLES, Faces
from infinitetalk.request import NEGATIVE_PROMPT

HAIR = {
    "bald": ("a bald person", "a person without hair", "somebody with a bald head"),
    "short": ("a person with short hair", "somebody with short hair"),
    "bob": ("a person with a bob", "somebody with chin-length hair"),
    "long": ("a person with long hair", "somebody with long straight hair"),
    "bun": ("a person with a bun", "somebody with hair tied up"),
}
ACTS = (
    "talks",
    "is talking",
    "speaks",
    "is speaking to the camera",
    "talks to the camera",
    "says something",
)
MOTION = {
    "still": ("still head", "the head stays still", "hardly any head motion", "calm, still pose"),
    "gentle": ("gentle head motion", "gently moving head", "slight head motion", "nods gently"),
    "lively": (
        "lively head motion",
        "very lively, moves a lot",
        "animated, strong head motion",
        "the head moves a lot",
    ),
}
PLACES = ("in a room", "before a wall", "cartoon", "a drawn portrait", "a video call", "")
DEFAULT_PROMPT = "a person talks to the camera, gentle head motion"


def make_caption(hair: str, style: str, glasses: bool, chance: random.Random) -> str:
    """One caption; who is seen is at times left out, how the head moves never."""
    who = chance.choice(HAIR[hair]) if chance.random() < 0.7 else "a person"
    if glasses and chance.random() < 0.5:
        who += chance.choice((" and glasses", ", wearing glasses,"))
    parts = [f"{who} {chance.choice(ACTS)}", chance.choice(MOTION[style])]
    place = chance.choice(PLACES)
    if place and chance.random() < 0.4:
        parts.insert(chance.randint(0, 2), place)
    text = ", ".join(parts)
    return text.capitalize() + "." if chance.random() < 0.5 else text


def captions_of(faces: Faces, chance: random.Random) -> list[str]:
    """One caption for each of B people."""
    glasses = (faces.number("glasses") > 0).tolist()
    hair, style = faces.hair_style.tolist(), faces.style.tolist()
    return [
        make_caption(HAIR_STYLES[h], STYLES[s], g, chance)
        for h, s, g in zip(hair, style, glasses, strict=True)
    ]


def dropped_caption(chance: random.Random) -> str:
    """What stands where a caption is dropped: nothing, or the negative prompt or a part of it."""
    kind = chance.random()
    if kind < 0.4:
        return ""
    if kind < 0.8:
        return NEGATIVE_PROMPT
    phrases = NEGATIVE_PROMPT.split(", ")
    return ", ".join(chance.sample(phrases, chance.randint(3, len(phrases))))


def training_texts(count: int, seed: int = 0) -> list[str]:
    """Texts to train the tokenizer on."""
    chance = random.Random(seed)
    texts = [
        make_caption(
            chance.choice(HAIR_STYLES), chance.choice(STYLES), chance.random() < 0.3, chance
        )
        for _ in range(count)
    ]
    return [*texts, *[NEGATIVE_PROMPT] * max(count // 20, 1)]

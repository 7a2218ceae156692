"""Who says what in a text: `(s1) Hello. (s2) Hi!` (spec: pipeline.md 2, text-to-speech)."""

import re

from infinitetalk.errors import engine_error

_MARKER = re.compile(r"\(s(\d+)\)", re.IGNORECASE)


def split_script(text: str, speakers: int) -> list[tuple[int, str]]:
    """(speaker from 0 on, what is said), in order; empty parts are left out.

    With one speaker markers have no meaning and all of it is said. With two, words before the
    first marker are the first speaker's; the reference drops them, and drops unknown markers.
    Raises EngineError speech.no_text, or speech.unknown_speaker for a marker beyond the speakers.
    """
    parts = [(0, text)] if speakers == 1 else _marked(text, speakers)
    said = [(speaker, words.strip()) for speaker, words in parts if words.strip()]
    if not said:
        raise engine_error(
            "speech.no_text",
            "There is nothing to say",
            "The text for the voices is empty.",
            "Write what is to be said"
            + (", and mark who says it: (s1) Hello. (s2) Hi!" if speakers > 1 else "."),
        )
    return said


def _marked(text: str, speakers: int) -> list[tuple[int, str]]:
    first, *rest = _MARKER.split(text)
    parts = [(0, first)]
    for number, words in zip(rest[::2], rest[1::2], strict=True):
        if not 1 <= int(number) <= speakers:
            raise engine_error(
                "speech.unknown_speaker",
                "The text names a speaker who isn't there",
                f"(s{number}) is marked, but there are {speakers} speakers.",
                "Use the markers " + " and ".join(f"(s{n + 1})" for n in range(speakers)) + ".",
                speaker=int(number),
            )
        parts.append((int(number) - 1, words))
    return parts

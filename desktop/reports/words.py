"""Words for stages and for what changes when memory runs out."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale


def _tr(text: str, *values: object) -> str:
    return QCoreApplication.translate("report", text).format(*values)


def stage_text(stage: str) -> str:
    """What was being done: "while …"."""
    return {
        "text": _tr("reading the prompt"),
        "source": _tr("preparing the picture"),
        "speech": _tr("listening to the speech"),
        "load": _tr("loading the model"),
        "denoise": _tr("denoising"),
        "decode": _tr("decoding the picture"),
        "store": _tr("storing"),
        "export": _tr("exporting"),
    }.get(stage, stage)


def step_down_text(changed: Mapping[str, Sequence[Any]]) -> str:
    """What of the memory settings is lower now, from `MemoryStepDown.changed`."""
    number = QLocale().toString
    parts = []
    for name, (before, after) in changed.items():
        if name == "resident_blocks":
            parts.append(
                _tr("{0} blocks stay on the card instead of {1}", number(after), number(before))
            )
        elif name == "vae_tile":
            parts.append(_tr("the picture is decoded in tiles of {0} pixels", number(after)))
        elif name == "token_chunk":
            parts.append(_tr("{0} tokens at a time", number(after)))
        elif name == "keep_key_values":
            parts.append(_tr("keys and values are computed in every step"))
        elif name == "branches_together":
            parts.append(_tr("the passes of a step follow each other"))
    return "; ".join(parts) or _tr("nothing else stays in memory")

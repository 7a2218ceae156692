"""What programs that this one starts (ffmpeg, voices, nvidia-smi) learn from its environment."""

import os

SECRETS = ("INFINITETALK_HUB_TOKEN",)  # given by the user for downloads, and no child's business


def child_environment(**more: str) -> dict[str, str]:
    """This program's environment without secrets, with `more` added."""
    kept = {name: value for name, value in os.environ.items() if name.upper() not in SECRETS}
    return {**kept, **more}

"""What a block store is called, told without torch: the model page asks whether one is there."""

SPEAKERS = {1: "single", 2: "multi"}
STORE_SUFFIX = ".blocks.safetensors"


def store_name(precision: str, speakers: int, loras: int = 0) -> str:
    """The file's name: who can speak, how it is stored, whether LoRAs are in it."""
    merged = f"-{loras}lora" if loras else ""
    return f"infinitetalk-{SPEAKERS[speakers]}-{precision}{merged}{STORE_SUFFIX}"

"""The machine: cards, memory, disks, folders, the screen; and what is said of one that is not perfect.

Nothing here imports torch.
"""

from infinitetalk.probe.machine import (
    machine,
    machine_from_json,
    machine_to_json,
    read_machine,
    torch_build,
)

__all__ = ["machine", "machine_from_json", "machine_to_json", "read_machine", "torch_build"]

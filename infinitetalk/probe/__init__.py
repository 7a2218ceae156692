"""The machine: cards, memory, disks. `machine()` needs no torch; `torch_facts()` imports it."""

from infinitetalk.probe.machine import machine, machine_from_json, machine_to_json, read_machine

__all__ = ["machine", "machine_from_json", "machine_to_json", "read_machine"]

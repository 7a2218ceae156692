"""`probe` and `bench`: this machine, for people and for `plan --machine`."""

import argparse
import json

from infinitetalk.cli import exits
from infinitetalk.errors import GIB
from infinitetalk.probe import machine, machine_to_json, torch_build
from infinitetalk.probe.look import look_around
from infinitetalk.probe.sentences import program_sentence, screen_sentence


def probe(args: argparse.Namespace) -> int:
    look = look_around(*torch_build())
    found = machine(look=look)
    if args.json:
        print(json.dumps(machine_to_json(found), indent=1))
        return exits.OK
    build = f"CUDA {found.torch_cuda}" if found.torch_cuda else "CPU only"
    lines = [
        f"Graphics card  {found.gpu or 'none usable'}",
        f"VRAM           {found.vram_free / GIB:.1f} of {found.vram_total / GIB:.1f} GiB free",
        f"RAM            {found.ram_free / GIB:.1f} of {found.ram_total / GIB:.1f} GiB free",
        f"Disk           {found.disk_free / GIB:.1f} GiB free for jobs",
        f"Processor      {found.cpu}, {found.cores} cores",
        f"torch          {found.torch_version or 'not installed'} ({build})",
        f"Screen         {screen_sentence(look)}",
        f"Program        {program_sentence(look)}",
    ]
    if not found.gpu:
        lines.pop(1)
    lines += [f"Note: {notice}" for notice in found.notices]
    print("\n".join(lines))
    return exits.OK


def bench(args: argparse.Namespace) -> int:
    """Measurements that users can repeat and send us; see `bench/README.md`."""
    from infinitetalk.bench.command import main as measure

    return measure(args.passed_on)

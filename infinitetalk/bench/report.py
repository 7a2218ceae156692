"""What was measured, as a table to read and as JSON to keep."""

import json
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import torch

from infinitetalk import __version__
from infinitetalk.bench.settings import Settings
from infinitetalk.errors import GIB

TERA, GIGA = 1e12, 1e9


def environment(settings: Settings) -> dict[str, Any]:
    """Where this was measured."""
    facts: dict[str, Any] = {
        "program": __version__,
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "python": platform.python_version(),
        "system": platform.platform(),
        "threads": torch.get_num_threads(),
        "device": settings.device.type,
    }
    if settings.cuda:
        card = torch.cuda.get_device_properties(settings.device)
        facts |= {
            "gpu": card.name,
            "gpu_memory": card.total_memory,
            "compute_capability": [card.major, card.minor],
            "multiprocessors": card.multi_processor_count,
        }
    facts["model"] = "full" if settings.full else "tiny"
    facts["layers"] = settings.wan.num_layers
    facts["token_chunk"] = settings.token_chunk
    facts["slots"] = settings.slots
    return facts


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns as wide as they need to be."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    text = ["  ".join(c.rjust(w) for c, w in zip(line, widths, strict=True)) for line in lines]
    return "\n".join([title, *("  " + line for line in text)])


def gib(count: float) -> str:
    return f"{count / GIB:.2f}" if count else "-"


def seconds(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.4f}" if value < 0.1 else f"{value:.3f}"


def ratio(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def tables(found: dict[str, Any]) -> str:
    """Every section that was measured."""
    parts = [_environment(found["environment"])]
    for name, write in (
        ("floors", _floors),
        ("passes", _passes),
        ("kernels", _kernels),
        ("pieces", _pieces),
        ("drafts", _drafts),
        ("vae", _vae),
        ("chunk", _chunks),
        ("import", _imports),
        ("shards", _imports),
        ("disk", _disk),
        ("quality", _quality),
    ):
        if found.get(name):
            parts.append(write(found[name]))
    failed = [part for part in found["parts"] if part["error"]]
    if failed:
        rows = [(p["section"], p["part"], p["error"][:100]) for p in failed]
        parts.append(table("What failed", ("section", "part", "error"), rows))
    return "\n\n".join(parts)


def _environment(facts: dict[str, Any]) -> str:
    where = facts.get("gpu") or f"CPU, {facts['threads']} threads"
    return (
        f"{where}; torch {facts['torch']}, CUDA {facts['cuda'] or 'none'}; "
        f"{facts['model']} model, {facts['layers']} blocks, {facts['slots']} slots, "
        f"{facts['token_chunk'] or 'all'} tokens at a time"
    )


def _floors(found: dict[str, Any]) -> str:
    rows = [(f"product {p}", f"{r / TERA:.2f} TFLOP/s") for p, r in found["products"].items()]
    name = found["attention_name"]
    rows += [
        (f"attention ({name}) {s}", f"{r / TERA:.2f} TFLOP/s")
        for s, r in found["attention"].items()
    ]
    rows += [
        (f"attention {n}, 8192 x 8 heads", f"{1000 * s:.3f} ms")
        for n, s in found["attention_seconds"].items()
    ]
    rows += [
        (f"attention (8bit) {s}", f"{r / TERA:.2f} TFLOP/s")
        for s, r in found["attention_8bit"].items()
    ]
    rows += [
        (f"product {p}, for a second", f"{r / TERA:.2f} TFLOP/s")
        for p, r in found["products_sustained"].items()
    ]
    rows += [
        (f"attention {s}, for a second", f"{r / TERA:.2f} TFLOP/s")
        for s, r in found["attention_sustained"].items()
    ]
    rows += [(f"copy {k}", f"{r / GIGA:.1f} GB/s") for k, r in found["copies"].items()]
    return table("What this machine can do", ("kind", "rate"), rows)


def _passes(found: list[dict[str, Any]]) -> str:
    head = ("precision", "size", "from", "resident s", "streamed s", "ratio", "floor s", "of floor")
    head = (*head, "peak GiB", "reserved", "predicted")
    return table(
        "One pass over all blocks, nothing resident against all resident",
        head,
        [
            (
                row["precision"],
                row["size"],
                row.get("source", "pinned"),
                seconds(row["resident"]["seconds"] if "resident" in row else None),
                seconds(row["streamed"]["seconds"]),
                ratio(row.get("streamed_over_resident")),
                seconds(row.get("floor_seconds")),
                ratio(row.get("streamed_over_floor")),
                gib(row["streamed"]["peak_allocated"]),
                gib(row["streamed"]["peak_reserved"]),
                gib(row.get("predicted_peak", 0)),
            )
            for row in found
        ],
    )


def _kernels(found: list[dict[str, Any]]) -> str:
    return table(
        "Where the time of a pass goes",
        ("precision", "size", "kind", "seconds", "share", "longest"),
        [
            (
                row["precision"],
                row["size"],
                kind,
                seconds(one["seconds"]),
                ratio(one["seconds"] / row["busy"]),
                one["longest"][:60],
            )
            for row in found
            for kind, one in row["kinds"].items()
        ],
    )


def _pieces(found: list[dict[str, Any]]) -> str:
    return table(
        "A streamed pass by tokens at a time",
        ("precision", "size", "tokens", "seconds", "peak GiB", "reserved"),
        [
            (
                row["precision"],
                row["size"],
                str(row["token_chunk"] or "all"),
                seconds(row["streamed"]["seconds"]),
                gib(row["streamed"]["peak_allocated"]),
                gib(row["streamed"]["peak_reserved"]),
            )
            for row in found
        ],
    )


def _drafts(found: list[dict[str, Any]]) -> str:
    return table(
        "Three guidance branches of a draft, streamed",
        ("precision", "size", "loaded once s", "loaded thrice s", "3 resident s", "ratio", "peak"),
        [
            (
                row["precision"],
                row["size"],
                seconds(row["once_loaded"]["seconds"]),
                seconds(row["each_loaded"]["seconds"]),
                seconds(row.get("resident_three_passes", {}).get("seconds")),
                ratio(row.get("once_loaded_over_resident")),
                gib(row["once_loaded"]["peak_allocated"]),
            )
            for row in found
        ],
    )


def _vae(found: list[dict[str, Any]]) -> str:
    def cells(row: dict[str, Any], name: str) -> tuple[str, str, str]:
        one = row[name]
        if one is None:
            return ("no room", "-", gib(row[f"predicted_{name}"]))
        return (
            seconds(one["seconds"]),
            gib(one["peak_allocated"]),
            gib(row[f"predicted_{name}"]),
        )

    return table(
        "VAE of a whole chunk",
        (
            "size",
            "dtype",
            "kernels",
            "tile",
            "decode s",
            "peak GiB",
            "predicted",
            "encode s",
            "peak GiB",
            "predicted",
            "a picture's s",
            "peak GiB",
            "predicted",
        ),
        [
            (
                row["size"],
                row["dtype"],
                "plain" if row["plain"] else "usual",
                str(row["tile"] or "whole"),
                *cells(row, "decode"),
                *cells(row, "encode"),
                *cells(row, "source"),
            )
            for row in found
        ],
    )


def _chunks(found: list[dict[str, Any]]) -> str:
    stages = list(found[0]["stages"])
    head = ("precision", "size", "steps x branches", "cap GiB", *stages, "chunk s", "reserved GiB")
    return (
        table(
            "A whole chunk, seconds by stage (text and speech once per job)",
            (*head, "rungs", "finite"),
            [
                (
                    row["precision"],
                    row["size"],
                    f"{row['steps']} x {row['branches']}",
                    gib(row["cap"] or 0),
                    *(seconds(row["stages"][name]["seconds"]) for name in stages),
                    seconds(row["seconds"]),
                    gib(row["peak_reserved"]),
                    str(len(row["rungs"])),
                    "yes" if row["finite"] else "NO",
                )
                for row in found
            ],
        )
        + "\n"
        + table(
            "Predicted and real peaks of those chunks, GiB",
            ("precision", "size", "branches", "stage", "predicted", "real", "ratio"),
            [
                (
                    row["precision"],
                    row["size"],
                    str(row["branches"]),
                    stage,
                    gib(predicted),
                    gib(row["stages"][stage].get("peak_allocated", 0)),
                    ratio(predicted / (row["stages"][stage].get("peak_allocated", 0) or 1))
                    if row["stages"][stage].get("peak_allocated")
                    else "-",
                )
                for row in found
                for stage, predicted in row["predicted"].items()
            ],
        )
    )


def _imports(found: list[dict[str, Any]]) -> str:
    return table(
        "Import to a block store, written, flushed and read back",
        ("from", "to", "GiB", "seconds", "GB/s", "own memory GiB", "in blocks"),
        [
            (
                row["from"],
                row["to"],
                gib(row["bytes"]),
                f"{row['seconds']:.1f}",
                f"{row['rate'] / GIGA:.2f}",
                gib(row["own_memory"]),
                ratio(row["own_memory_in_blocks"]),
            )
            for row in found
        ],
    )


def _disk(found: list[dict[str, Any]]) -> str:
    return table(
        f"A pass from disk; host memory limited by {found[0]['limited_by']}",
        (
            "precision",
            "size",
            "disk s",
            "pinned s",
            "ratio",
            "disk GB/s",
            "read s",
            "O_DIRECT",
            "own memory GiB",
            "on 3.5 GB/s s",
        ),
        [
            (
                row["precision"],
                row["size"],
                seconds(row["disk"]["seconds"]),
                seconds(row["pinned"]["seconds"]),
                ratio(row["disk_over_pinned"]),
                f"{row['disk_rate'] / GIGA:.2f}",
                seconds(row["read_seconds"]),
                "yes" if row["unbuffered"] else "no",
                gib(row["own_memory"]),
                seconds(row["predicted_on_nvme"]),
            )
            for row in found
        ],
    )


def _quality(found: list[dict[str, Any]]) -> str:
    return table(
        f"Quality on the miniature, {found[0]['clips']} held-out clips",
        ("variant", "PSNR to bf16, dB", "lip sync (r)", "95 % interval"),
        [
            (
                row["variant"],
                "-" if row["psnr"] is None else f"{row['psnr']:.1f}",
                ratio(row["lip_sync"]),
                " to ".join(ratio(value) for value in row["lip_sync_interval"]),
            )
            for row in found
        ],
    )


def save(found: dict[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=1), "utf-8")

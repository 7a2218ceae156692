"""Texts about memory, disks, cards and the engine itself."""

from desktop.reports.texts import say

TEXTS = (
    say(
        "vram.not_enough",
        "Not enough graphics memory",
        "{size:size} needs {needed:memory} at the smallest setting, {free:memory} are free; "
        "{user} uses {user_bytes:memory}.",
        "Close other programs that use the card, or choose a smaller size.",
    ),
    say(
        "vram.not_enough",
        "Not enough graphics memory",
        "{size:size} needs {needed:memory} at the smallest setting, {free:memory} are free.",
        "Close other programs that use the card, or choose a smaller size.",
    ),
    say(
        "vram.not_enough",
        "Not enough graphics memory",
        "{size:size} does not fit even with the smallest settings; {free:memory} of "
        "{total:memory} are free.",
        "Close other programs that use the card, or choose a smaller size.",
    ),
    say(
        "vram.not_enough",
        "Not enough graphics memory",
        "{needed:memory} are needed at the smallest setting, {free:memory} are free.",
        "Close other programs that use the card, or choose a smaller size.",
    ),
    say(
        "vram.not_enough",
        "Not enough graphics memory",
        "This size does not fit even with the smallest settings.",
        "Close other programs that use the card, or choose a smaller size.",
    ),
    say(
        "vram.retried",
        "Rendered again with less memory",
        "Chunk {chunk:chunk}: graphics memory ran out while {stage}; {change}. Nothing was lost.",
    ),
    say(
        "vram.retried",
        "Rendered again with less memory",
        "Graphics memory ran out; smaller pieces are used from here on. Nothing was lost.",
    ),
    say(
        "ram.not_enough",
        "Not enough memory (RAM)",
        "{needed:memory} planned, {free:memory} free: weights are read from disk in every step "
        "(+{extra_seconds:time} a chunk).",
        "Close other programs, or choose 8-bit weights.",
    ),
    say(
        "ram.not_enough",
        "Not enough memory (RAM)",
        "{needed:memory} planned, {free:memory} free.",
        "Close other programs, or choose a smaller size or precision.",
    ),
    say(
        "ram.not_enough",
        "Not enough memory (RAM)",
        "This size does not fit even with the smallest settings.",
        "Close other programs, or choose a smaller size or precision.",
    ),
    say(
        "ram.from_disk",
        "Part of the weights stays on disk",
        "{free:memory} of RAM are free, too little for {blocks:count} streamed blocks; the rest is "
        "read in every step, in time.",
    ),
    say(
        "ram.from_disk",
        "Part of the weights stays on disk",
        "Too little RAM is free for all blocks; the rest is read in every step, in time.",
    ),
    say(
        "disk.full",
        "Not enough disk space",
        "The job needs {job:memory} and {spare:memory} to spare; {free:memory} are free.",
        "Free some space, keep the job on another disk, or choose a smaller size.",
    ),
    say(
        "disk.full",
        "The disk is full",
        "{place} has {free:memory} free, {needed:memory} are needed.",
        "Free some space, or move the job to another disk; then go on.",
    ),
    say(
        "disk.full",
        "The disk is full",
        "{place} has {free:memory} free.",
        "Free some space, or choose a folder on another disk.",
    ),
    say(
        "disk.full",
        "The disk is full",
        "{name} could not be written to {place}.",
        "Free some space, or choose a folder on another disk.",
    ),
    say(
        "disk.full",
        "The disk is full",
        "{needed:memory} are needed, {free:memory} are free.",
        "Free some space, or choose a folder on another disk.",
    ),
    say(
        "disk.not_enough",
        "Not enough disk space",
        "{needed:memory} are needed, {free:memory} are free.",
        "Free some space, choose a folder on another disk, or a smaller precision.",
    ),
    say(
        "disk.read_only",
        "The folder can't be written",
        "{path}: it may only be read, or its drive is read-only.",
        "Choose another folder.",
    ),
    say(
        "disk.read_only",
        "The folder can't be written",
        "{folder}: it may only be read, or its drive is read-only.",
        "Choose another folder.",
    ),
    say(
        "disk.gone",
        "The folder is gone",
        "{place} was moved or removed while it was in use.",
        "Put it back, or open the job where it is now.",
    ),
    say(
        "disk.failed",
        "The disk reported an error",
        "{path} (number {errno}).",
        "Check the disk and its cable, or move the job to another disk.",
    ),
    say(
        "disk.slow",
        "Weights arrive too slowly",
        "{read:rate} read, {needed:rate} needed: a chunk takes {chunk_seconds:time} instead of "
        "{usual_seconds:time}.",
        "Move the models to a faster disk, or free some RAM.",
    ),
    say(
        "disk.slow",
        "Weights arrive too slowly",
        "{read:rate} read, {needed:rate} needed.",
        "Move the models to a faster disk, or free some RAM.",
    ),
    say(
        "place.fat32",
        "This drive can't hold large files",
        "{folder}: on FAT32 a file ends at 4 GB; models have up to 20.",
        "Choose a folder on another drive (NTFS, exFAT or a Linux file system).",
    ),
    say(
        "place.network",
        "This is a network drive",
        "{folder}: weights may arrive more slowly than the card computes.",
        "A folder on a disk of this computer is faster.",
    ),
    say(
        "place.system",
        "Little space on the system drive",
        "{folder}: {free:file} are free; under 60 GB it may run full with models on it.",
        "Choose a folder on another disk, if there is one.",
    ),
    say(
        "gpu.none",
        "No usable graphics card",
        "Found: {found}. The big model needs an NVIDIA card of the RTX 20 series or newer.",
        "The miniature model works on the CPU.",
    ),
    say(
        "gpu.none",
        "No usable graphics card",
        "None was found. The big model needs an NVIDIA card of the RTX 20 series or newer.",
        "The miniature model works on the CPU.",
    ),
    say(
        "gpu.cpu_only_torch",
        "The graphics card is not used",
        "{gpu} is there, but this program was installed for the CPU only.",
        "Install the version for graphics cards.",
    ),
    say(
        "gpu.cpu_only_torch",
        "The graphics card is not used",
        "This program was installed for the CPU only.",
        "Install the version for graphics cards.",
    ),
    say(
        "gpu.driver_old",
        "The graphics driver is too old",
        "{driver} is installed; {wanted} or newer is needed.",
        "Install the current driver, then start again.",
    ),
    say(
        "gpu.driver_old",
        "The graphics driver is too old",
        "580 or newer is needed.",
        "Install the current driver, then start again.",
    ),
    say(
        "gpu.no_driver",
        "The graphics card has no driver of its maker",
        "An NVIDIA card is built in, but its driver does not answer.",
        "Install NVIDIA's driver, then start again. Until then the miniature model works on the CPU.",
    ),
    say(
        "gpu.too_old",
        "The graphics card is too old",
        "{gpu} has compute capability {capability}; the RTX 20 and GTX 16 series (7.5) are the "
        "oldest that the engine computes on.",
        "The miniature model works on the CPU.",
    ),
    say(
        "gpu.too_old",
        "The graphics card is too old",
        "The RTX 20 and GTX 16 series are the oldest that the engine computes on.",
        "The miniature model works on the CPU.",
    ),
    say(
        "ram.little",
        "Little memory (RAM)",
        "{total:memory} are built in. What does not fit is read from the disk in every step, which "
        "wants a fast SSD; 16 GiB or more are better.",
        "Choose an 8-bit model, and close other programs while rendering.",
    ),
    say(
        "ram.little",
        "Little memory (RAM)",
        "What does not fit is read from the disk in every step.",
        "Choose an 8-bit model, and close other programs while rendering.",
    ),
    say(
        "gpu.lost",
        "The graphics card stopped answering",
        "Its driver was reset at chunk {chunk:chunk}, step {step:chunk}. It is not the first time: "
        "power supply, heat and overclocking are the usual causes.",
        "Try again; without overclocking, if it was set.",
        only={"repeated": True},
    ),
    say(
        "gpu.lost",
        "The graphics card stopped answering",
        "Its driver was reset at chunk {chunk:chunk}, step {step:chunk}.",
        "Try again.",
    ),
    say(
        "gpu.lost",
        "The graphics card stopped answering",
        "Its driver was reset.",
        "Try again.",
    ),
    say(
        "gpu.busy",
        "Another program uses the card",
        "{user}, {user_bytes:memory}.",
        "Close it, wait for it, or render anyway, slower.",
    ),
    say(
        "gpu.busy",
        "Another program uses the card",
        "{used:memory} of {total:memory} are in use.",
        "Close it, wait for it, or render anyway, slower.",
    ),
    say(
        "gpu.busy",
        "Another program uses the card",
        "{used:memory} are in use.",
        "Close it, wait for it, or render anyway, slower.",
    ),
    say(
        "precision.no_products",
        "This card can't multiply in fp8",
        "{gpu} unpacks fp8 weights to compute: they save memory, not time.",
        "int8 is faster on this card.",
    ),
    say(
        "precision.no_products",
        "This card can't multiply in fp8",
        "It unpacks fp8 weights to compute: they save memory, not time.",
        "int8 is faster on this card.",
    ),
    say(
        "time.over_night",
        "This takes longer than a night",
        "About {seconds:time}, {chunk_seconds:time} a chunk.",
        "Choose a faster preset, fewer steps or a smaller size, or render a part first.",
    ),
    say(
        "time.over_night",
        "This takes longer than a night",
        "About {seconds:time}.",
        "Choose a faster preset, fewer steps or a smaller size, or render a part first.",
    ),
    say(
        "engine.ended",
        "The engine ended unexpectedly",
        "Code {exit_code}, probably ended by the system for lack of RAM; chunk {chunk:chunk} is "
        "rendered again.",
        "It goes on by itself.",
        only={"exit_code": -9, "goes_on": True},
    ),
    say(
        "engine.ended",
        "The engine ended unexpectedly",
        "Code {exit_code}; chunk {chunk:chunk} is rendered again.",
        "It goes on by itself.",
        only={"goes_on": True},
    ),
    say(
        "engine.ended",
        "The engine ended unexpectedly",
        "Code {exit_code}, probably ended by the system for lack of RAM; chunk {chunk:chunk} is lost.",
        "Try again, or save diagnostics.",
        only={"exit_code": -9},
    ),
    say(
        "engine.ended",
        "The engine ended unexpectedly",
        "Code {exit_code}; chunk {chunk:chunk} is lost.",
        "Try again, or save diagnostics.",
    ),
    say(
        "engine.ended",
        "The engine ended unexpectedly",
        "Code {exit_code}.",
        "Try again, or save diagnostics.",
    ),
    say(
        "engine.fault",
        "The engine made a mistake",
        "{kind} in {where}.",
        "Try again; if it stays, save diagnostics.",
    ),
    say(
        "engine.fault",
        "The engine made a mistake",
        "The log has the details.",
        "Try again; if it stays, save diagnostics.",
    ),
    say(
        "engine.log",
        "The log of the job can't be written",
        "{path}",
        "Free some space, or check the rights of the folder.",
    ),
    say(
        "wire.version",
        "The message was not understood",
        "Window and engine are of different versions.",
        "Install the program again.",
    ),
    say(
        "wire.unknown",
        "The message was not understood",
        "Window and engine are of different versions.",
        "Install the program again.",
    ),
    say(
        "wire.wrong_field",
        "The message was not understood",
        "Window and engine are of different versions.",
        "Install the program again.",
    ),
    say(
        "wire.unreadable",
        "The message was not understood",
        "Window and engine are of different versions.",
        "Install the program again.",
    ),
)

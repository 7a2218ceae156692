"""Exit codes of the command line, the same for every command."""

OK = 0
UNEXPECTED = 1  # a fault of the program; the log has the details
USAGE = 2  # the command line itself (argparse)
INPUT = 3  # media, request, project or job JSON
WEIGHTS = 4  # model files, LoRAs, downloads
RESOURCES = 5  # memory, disk, graphics card
JOB = 6  # the job folder: locked, of another request, newer, damaged
CANCELLED = 130  # Ctrl-C; finished chunks are kept
NOBODY_READS = 141  # the reader of the output has gone (| head): what shells expect

_BY_PREFIX = {
    "weights": WEIGHTS,
    "lora": WEIGHTS,
    "download": WEIGHTS,
    "vram": RESOURCES,
    "ram": RESOURCES,
    "disk": RESOURCES,
    "gpu": RESOURCES,
    "job": JOB,
    "project": JOB,
    "engine": UNEXPECTED,
}


def exit_code(report_code: str) -> int:
    """The exit code for an `ErrorReport.code` such as "media.no_audio"."""
    return _BY_PREFIX.get(report_code.partition(".")[0], INPUT)


HELP = """exit codes:
  0  done                          4  model files, LoRA, download
  1  fault of the program          5  memory, disk or graphics card
  2  wrong command line            6  job folder (locked, other request, newer)
  3  media, request or job JSON    130  stopped by Ctrl-C; what is finished is kept
                                   141  the reader of the output has gone
"""

"""The small pre-commit hooks that need no package of their own."""

import sys
from pathlib import Path

LARGEST = 5 * 1024**2


def large_files(paths: list[Path]) -> list[str]:
    return [
        f"{p}: {p.stat().st_size} bytes, at most {LARGEST}"
        for p in paths
        if p.stat().st_size > LARGEST
    ]


def end_of_file(paths: list[Path]) -> list[str]:
    """Mends files that end without a newline or with several; returns what it mended."""
    mended = []
    for path in paths:
        text = path.read_bytes()
        right = text.rstrip(b"\r\n") + b"\n" if text.strip() else b""
        if text != right:
            path.write_bytes(right)
            mended.append(f"{path}: mended")
    return mended


def main() -> int:
    hook, *names = sys.argv[1:]
    found = {"large-files": large_files, "end-of-file": end_of_file}[hook]([Path(n) for n in names])
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

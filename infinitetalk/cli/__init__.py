"""The command `infinitetalk`."""

from infinitetalk.cli.main import main

__all__ = ["main"]

"""`infinitetalk serve`: the engine as a process that outlives jobs (protocol: wire/README.md)."""

import argparse
import os
import sys

from infinitetalk.serve.session import Session


def serve(args: argparse.Namespace) -> int:  # noqa: ARG001  the form of all commands
    """Answers messages from stdin until it ends or `shut_down` comes. stdout is for the protocol
    alone: whatever a library prints goes to stderr.
    """
    protocol = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr
    Session(sys.stdin.buffer, protocol).run()
    return 0

"""The program `infinitetalk` of the bundle: command line, and the window's engine (`serve`)."""

import multiprocessing
import sys

from infinitetalk.cli.main import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())

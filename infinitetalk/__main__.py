"""`python -m infinitetalk`: the command line."""

import sys

from infinitetalk.cli.main import main

if __name__ == "__main__":
    sys.exit(main())

"""`python -m infinitetalk.bench`."""

import sys

from infinitetalk.bench.command import main

if __name__ == "__main__":
    sys.exit(main())

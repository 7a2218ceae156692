"""The program `infinitetalk-desktop` of the bundle."""

import sys

from desktop.app import main

if __name__ == "__main__":
    sys.exit(main())

"""Starts the command line of a checkout, which can also look at the demo."""

import sys

from . import demo
from .program import Demo, main

if __name__ == "__main__":
    sys.exit(main(demo=Demo(demo.FOLDER, demo.account_of_demo)))

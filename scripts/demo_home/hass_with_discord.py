"""Home Assistant, with the library that speaks to Discord pointed elsewhere.

The first argument is the address that stands for Discord's; the others are Home
Assistant's own. The integration itself has no option for this.
"""

import sys

from homeassistant.__main__ import main
from nextcord.http import Route

if __name__ == "__main__":
    Route.BASE = sys.argv.pop(1)
    sys.exit(main())

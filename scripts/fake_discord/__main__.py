"""Run the fake Discord on its own, until Ctrl-C."""

import argparse
import asyncio
from contextlib import suppress

from .demo import DemoDiscord


async def _run(port: int) -> None:
    async with DemoDiscord(port) as discord:
        print(discord.guide(), flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Read the arguments, and run."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.fake_discord",
        description="A Discord on this machine, to look at and to talk to.",
    )
    parser.add_argument("--port", type=int, default=8070)
    with suppress(KeyboardInterrupt):
        asyncio.run(_run(parser.parse_args().port))


if __name__ == "__main__":
    main()

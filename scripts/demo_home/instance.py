"""The process of the real Home Assistant."""

import asyncio
from asyncio.subprocess import Process
import os
from pathlib import Path
import signal
import sys

from aiohttp import ClientError, ClientSession, ClientTimeout

from scripts.fake_discord import BASE

from .errors import DemoError
from .settings import LOOPBACK, Settings

_LONGEST_START = 180.0
"""s; a slow machine with cold caches included."""
_LONGEST_STOP = 60.0


class Instance:
    """Starts Home Assistant, and ends it."""

    def __init__(self, settings: Settings) -> None:
        """Do not start yet."""
        self._settings = settings
        self._process: Process | None = None

    async def start(self, session: ClientSession) -> None:
        """Start, and return once one can log in.

        Raises:
            DemoError: it ended or did not answer.

        """
        console = self._settings.config / "console.log"
        # A session of its own: Ctrl-C in the terminal reaches the demo only, which then
        # ends its parts in order.
        with console.open("wb") as output:
            self._process = await asyncio.create_subprocess_exec(
                *self._program(),
                "--config",
                self._settings.config,
                "--log-file",
                self._settings.log,
                "--log-no-color",
                "--skip-pip",
                env=os.environ | {"PYTHONPATH": str(self._settings.stand_ins)},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            async with asyncio.timeout(_LONGEST_START):
                while not await self._answers(session):
                    if self._process.returncode is not None:
                        raise DemoError(f"Home Assistant ended: see {console}")
                    await asyncio.sleep(0.25)
        except TimeoutError:
            raise DemoError(f"Home Assistant does not answer: see {console}") from None

    def _program(self) -> list[str | Path]:
        """Return what starts Home Assistant."""
        settings = self._settings
        discord = publisher = ""
        if settings.discord_port is not None:
            discord = f"http://{LOOPBACK}:{settings.discord_port}{BASE}"
        if settings.publisher_port is not None:
            publisher = f"http://{LOOPBACK}:{settings.publisher_port}"
        if not discord and not publisher and settings.speed == 1:
            return [Path(sys.executable).with_name("hass")]
        # -P: modules beside the script must not stand for those of the same names.
        script = Path(__file__).with_name("hass_in_demo.py")
        return [sys.executable, "-P", script, discord, publisher, str(settings.speed)]

    def hasten(self) -> None:
        """Let timers and polls go as fast as the miners, now that all is set up.

        Before, what waits for real work would run out of time.
        """
        if self._settings.speed != 1 and self._process is not None:
            self._process.send_signal(signal.SIGUSR1)

    async def _answers(self, session: ClientSession) -> bool:
        """Return whether one can create the owner, or log in as such."""
        # The first is served before there is an owner, the second from then on.
        for path in ("/api/onboarding", "/auth/providers"):
            try:
                async with session.get(
                    self._settings.url + path, timeout=ClientTimeout(total=5)
                ) as response:
                    if response.ok:
                        return True
            except ClientError, TimeoutError:
                pass
        return False

    async def wait(self) -> None:
        """Wait for its end, which nobody has asked for.

        Raises:
            DemoError: it ended.

        """
        assert self._process is not None
        code = await self._process.wait()
        raise DemoError(f"Home Assistant ended with {code}: see {self._settings.log}")

    async def stop(self) -> None:
        """Have it save its data and end."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(_LONGEST_STOP):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

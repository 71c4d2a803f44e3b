"""What the demo tells the person who started it."""

from scripts.fake_discord import Household

from .client import USERNAME
from .residents import RESIDENTS, Resident
from .settings import LOOPBACK, Settings


def address(settings: Settings, index: int) -> str:
    """Return `host:port` of a miner, by its place among the residents."""
    return f"{LOOPBACK}:{settings.miner_port + index}"


def guide(settings: Settings, password: str, discord: Household | None) -> str:
    """Say where to look and what to try."""
    control = f"http://{LOOPBACK}:{settings.control_port}"
    last = settings.miner_port + len(RESIDENTS) - 1
    miners = "\n".join(
        _line(settings, index, resident) for index, resident in enumerate(RESIDENTS)
    )
    household = "" if discord is None else discord.guide() + "\n"
    return f"""
Home Assistant   http://localhost:{settings.port}
User             {USERNAME}
Password         {password}
Its log          {settings.log}
{household}
Simulated miners (* is in Home Assistant from the start)
{miners}

Things to try
  Find the others    Settings > Devices & services > Add integration > Bitaxe >
                     Search the network, and there: {LOOPBACK}:{settings.miner_port}-{last}
  Change the clock   open a miner's device page, change Frequency or Core voltage
  Energy dashboard   shows what the miners consume, and did in the weeks before
  In the terminal    scripts/bitaxe-top --demo {settings.config}  (--lite: a line for each)
  Provoke faults     {control} speaks JSON:
    curl {control}/miners
    curl {control}/miners/bitaxe-office
    curl -X PATCH -d '{{"ambient_offset": 40}}' {control}/miners/bitaxe-office/faults
    curl -X PATCH -d '{{"offline": true}}' {control}/miners/bitaxe-attic/faults
    curl -X PATCH -d '{{"pool_down": true}}' {control}/miners/nerdqaxe-garage/faults
    curl -X POST {control}/miners/bitaxe-attic/find_block

Ctrl-C ends all of it. The next start continues here; --fresh begins anew.
"""


def _line(settings: Settings, index: int, resident: Resident) -> str:
    mark = "*" if resident.added else " "
    return (
        f"  {mark} http://{address(settings, index)}  "
        f"{resident.spec.name:<16} {resident.remark}"
    )

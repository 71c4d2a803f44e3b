"""What the demo prints for the person who started it."""

from scripts.fake_discord import DemoDiscord

from .client import USERNAME
from .miners import DEMO_MINERS, DemoMiner
from .onboarding import DASHBOARD
from .settings import LOOPBACK, Settings


def address(settings: Settings, index: int) -> str:
    """Return `host:port` of a miner, by its place in the list."""
    return f"{LOOPBACK}:{settings.miner_port + index}"


def guide(settings: Settings, password: str, discord: DemoDiscord | None) -> str:
    """Say where to look and what to try."""
    control = f"http://{LOOPBACK}:{settings.control_port}"
    last = settings.miner_port + len(DEMO_MINERS) - 1
    miners = "\n".join(
        _line(settings, index, miner) for index, miner in enumerate(DEMO_MINERS)
    )
    pool = f"http://{LOOPBACK}:{settings.pool_port}"
    household = "" if discord is None else discord.guide() + "\n"
    return f"""
Dashboard        http://localhost:{settings.port}/{DASHBOARD}
Home Assistant   http://localhost:{settings.port}
User             {USERNAME}
Password         {password}
Its log          {settings.log}
{household}Pool             {pool} (on this machine: nothing leaves it)

Simulated miners (* is in Home Assistant from the start)
{miners}

Things to try
  Look at the swarm  the dashboard, which opens first; a click on a miner shows more
  Find the others    Settings > Devices & services > Add integration > Bitaxe >
                     Search the network, and there: {LOOPBACK}:{settings.miner_port}-{last}
  Change the clock   in a miner's view: Frequency or Core voltage, then Apply
  Energy dashboard   shows what the miners consume, and did in the weeks before
  Newer firmware     Settings > Devices & services > Bitaxe > the swarm's cog > Firmware;
                     here it comes from this machine
  In the terminal    scripts/bitaxe top --demo {settings.config}
  Provoke faults     {control} speaks JSON:
    curl {control}/miners
    curl {control}/miners/bitaxe-office
    curl -X PATCH -d '{{"ambient_offset": 40}}' {control}/miners/bitaxe-office/faults
    curl -X PATCH -d '{{"offline": true}}' {control}/miners/bitaxe-attic/faults
    curl -X PATCH -d '{{"pool_down": true}}' {control}/miners/nerdqaxe-garage/faults
    curl -X POST {control}/miners/bitaxe-attic/find_block

Ctrl-C ends all of it. The next start continues here; --fresh begins anew.
"""


def _line(settings: Settings, index: int, miner: DemoMiner) -> str:
    mark = "*" if miner.added else " "
    return (
        f"  {mark} http://{address(settings, index)}  "
        f"{miner.spec.name:<16} {miner.remark}"
    )

"""Miners of which some operating points were measured, and what they are set to."""

from dataclasses import replace

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.targets import async_device_id
from custom_components.bitaxe.tuning.profiles import Profile, Profiles
from custom_components.bitaxe.tuning.session import tuner_of
from scripts.simulator import PRESETS, MinerServer

from ..conftest import AddMiner, Simulate

type House = list[tuple[MinerServer, MockConfigEntry]]


def setting(server: MinerServer) -> OperatingPoint:
    """Return what a simulated miner is set to."""
    stored = server.miner.stored
    return OperatingPoint(
        frequency=float(stored["frequency"]), core_voltage=float(stored["coreVoltage"])
    )


def draws(*servers: MinerServer) -> float:
    """Return the W that simulated miners draw, without the noise of sensors."""
    return sum(server.miner.electrics.power_w for server in servers)


async def measure(
    hass: HomeAssistant, entry: MockConfigEntry, server: MinerServer
) -> None:
    """Keep profiles with what the miner really does there, as the tuner would."""
    tuner = tuner_of(hass, entry.entry_id)
    assert tuner is not None
    miner, board = server.miner, entry.runtime_data.client.board
    cores = board.small_core_count * board.asic_count
    found: list[Profile] = []
    for name, frequency, voltage in (
        ("low", 400, 1060),
        ("eco", 490, 1100),
        ("balanced", 525, 1150),
        ("max", 575, 1200),
    ):
        steady = miner.physics.steady(miner.now, frequency, voltage, 60)
        core_v = miner.physics.core_v(frequency, voltage)
        share = miner.physics.silicon.hashing_share(frequency, core_v, steady.chip)
        found.append(
            Profile(
                name=name,
                point=OperatingPoint(
                    frequency=float(frequency), core_voltage=float(voltage)
                ),
                hashrate=share * frequency * cores / 1000,
                power=steady.power_w,
            )
        )

    def keep(profiles: Profiles) -> None:
        for profile in found:
            profiles.save(profile)

    await tuner.async_change_profiles(keep)


async def make_house(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, count: int
) -> House:
    """Return so many miners of which some points were measured."""
    house: House = []
    for seed in range(1, count + 1):
        server = await simulate(
            replace(PRESETS["gamma-2.15"], name=f"gamma-{seed}", seed=seed, mac=None)
        )
        entry = await add_miner(server)
        await measure(hass, entry, server)
        house.append((server, entry))
    return house


def device_of(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the id of the device of a miner or of the swarm."""
    if hasattr(entry.runtime_data, "swarm"):
        registry = dr.async_get(hass)
        found = [
            device.id
            for device in dr.async_entries_for_config_entry(registry, entry.entry_id)
            if (DOMAIN, "swarm") in device.identifiers
        ]
        return found[0]
    device_id = async_device_id(hass, entry.runtime_data)
    assert device_id is not None
    return device_id

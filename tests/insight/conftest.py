"""A simulated miner with twelve hours at two settings in a real recorder."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from homeassistant import loader
from homeassistant.components.recorder import Recorder
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.bitaxe.analysis.metrics import Metric
from custom_components.bitaxe.analysis.miner import Miner
from custom_components.bitaxe.const import CONF_KIND, DOMAIN, KIND_SWARM
from custom_components.bitaxe.coordinator import MinerCoordinator
from scripts.simulator import MinerServer

from ..analysis.history.recording import SHORT, START, Recording
from ..conftest import POLL_SECONDS, AddMiner, PassTime, Simulate
from .live import Screen, Subscribe, Watch

HOURS = 6
WINDOWS = HOURS * 3600 // SHORT
"""Windows of each setting."""

type AddRecordedMiner = Callable[..., Awaitable[RecordedMiner]]


@pytest.fixture
def enable_custom_integrations(recorder_mock: Recorder, hass: HomeAssistant) -> None:
    """Start the recorder before anything else, and load this integration."""
    hass.data.pop(loader.DATA_CUSTOM_COMPONENTS)


@dataclass(frozen=True, slots=True)
class RecordedMiner:
    """A miner, and what its history says."""

    server: MinerServer
    entry: MockConfigEntry
    device_id: str

    @property
    def coordinator(self) -> MinerCoordinator:
        """The miner as Home Assistant knows it."""
        coordinator: MinerCoordinator = self.entry.runtime_data
        return coordinator


@pytest.fixture
def add_recorded_miner(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> AddRecordedMiner:
    """Set up a miner that ran for hours at 490 MHz, and then at its present setting.

    490 MHz / 1100 mV gave 900 GH/s with 13.5 W, which is 15 J/TH; the present setting
    gives 1000 GH/s with 18 W, which is 18 J/TH.
    """

    async def add(
        preset: str = "gamma-2.12", *, leave_out: set[Metric] | None = None
    ) -> RecordedMiner:
        server = await simulate(preset)
        entry = await add_miner(server)
        coordinator: MinerCoordinator = entry.runtime_data
        present = coordinator.snapshot.operating_point
        assert present is not None
        recording = Recording(
            hass, Miner(identifier=coordinator.identifier, name=entry.title)
        )
        recording.now = START - 2 * HOURS * 3600
        recording.pass_windows(
            WINDOWS, frequency=490, core_voltage=1100, hashrate=900, power=13.5
        )
        recording.pass_windows(
            WINDOWS,
            frequency=present.frequency,
            core_voltage=present.core_voltage,
            hashrate=1000,
            power=18,
        )
        await recording.async_write(leave_out=leave_out)
        return RecordedMiner(server, entry, device_id(hass, entry))

    return add


def swarm_entry(hass: HomeAssistant) -> ConfigEntry:
    """Return the entry of the swarm, which came with the first miner."""
    (entry,) = (
        entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.data[CONF_KIND] == KIND_SWARM
    )
    return entry


def device_id(hass: HomeAssistant, entry: ConfigEntry) -> str:
    """Return the id of the device of an entry."""
    (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return device.id


@pytest.fixture
def subscribe(hass_ws_client: WebSocketGenerator) -> Subscribe:
    """Subscribe to live data, as an administrator or as anyone who has a token."""

    async def start(token: str | None = None, **data: Any) -> Screen:
        connection = await (
            hass_ws_client(access_token=token) if token else hass_ws_client()
        )
        await connection.send_json_auto_id({"type": f"{DOMAIN}/subscribe", **data})
        reply = await connection.receive_json()
        assert reply["success"]
        assert reply["result"] is None
        screen = Screen(connection, reply["id"])
        assert [event["type"] for event in await screen.catch_up()] == ["full"]
        return screen

    return start


@pytest.fixture
def watch(pass_time: PassTime) -> Watch:
    """Let time pass before screens; return the events of the first.

    Looks often, because a connection on which nobody answers is closed.
    """

    async def wait(seconds: float, *screens: Screen) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = []
        for _ in range(round(seconds / POLL_SECONDS)):
            await pass_time(POLL_SECONDS - 2)
            # What a poll brings is summed up a second later, and sent soon after.
            await pass_time(2, 0.5)
            for screen in screens:
                found = await screen.catch_up()
                events += found if screen is screens[0] else ()
        return events

    return wait

"""Actions on simulated miners."""

from dataclasses import replace
import json
from typing import Any

from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    label_registry as lr,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.texts import async_get_texts
from scripts.simulator import PRESETS, MinerServer

from .conftest import AddMiner, PassTime, Simulate

pytestmark = pytest.mark.usefixtures("swarm_entry")


def device_id(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the device of an entry."""
    (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return device.id


async def act(
    hass: HomeAssistant, action: str, *entries: MockConfigEntry, **data: Any
) -> None:
    """Run an action on the devices of some entries."""
    await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": [device_id(hass, entry) for entry in entries], **data},
        blocking=True,
    )


def writes(server: MinerServer) -> list[dict[str, Any]]:
    """Return the bodies of everything written to a miner."""
    return [
        json.loads(request.body)
        for request in server.miner.requests
        if request.method in ("PATCH", "PUT")
    ]


def restarts(server: MinerServer) -> int:
    """Return how often a miner was asked to restart."""
    return sum(
        request.path == "/api/system/restart" for request in server.miner.requests
    )


async def miner_with_user(simulate: Simulate, name: str, user: str) -> MinerServer:
    """Start a miner whose primary pool has a certain user."""
    server = await simulate(name)
    server.miner.primary_pool["stratumUser"] = user
    return server


async def test_apply_configuration(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Frequency and core voltage travel in one write, and are confirmed."""
    server = await simulate("ultra-2.4")
    entry = await add_miner(server)
    await act(hass, "apply_configuration", entry, frequency=450, core_voltage=1150)
    assert writes(server) == [{"frequency": 450, "coreVoltage": 1150}]
    point = entry.runtime_data.snapshot.operating_point
    assert (point.frequency, point.core_voltage) == (450, 1150)


@pytest.mark.parametrize(
    ("data", "key", "value"),
    [
        ({"frequency": 450}, "frequency", 450),
        ({"core_voltage": 1150}, "coreVoltage", 1150),
    ],
)
async def test_apply_one_of_both(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    data: dict[str, int],
    key: str,
    value: int,
) -> None:
    """The other one is left alone."""
    server = await simulate("ultra-2.4")
    await act(hass, "apply_configuration", await add_miner(server), **data)
    assert writes(server) == [{key: value}]


async def test_apply_nothing(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """An action that changes nothing is a mistake."""
    entry = await add_miner(await simulate())
    with pytest.raises(vol.Invalid):
        await act(hass, "apply_configuration", entry)


async def test_apply_to_the_swarm(
    hass: HomeAssistant,
    swarm_entry: MockConfigEntry,
    simulate: Simulate,
    add_miner: AddMiner,
) -> None:
    """The swarm's device stands for every miner, and nobody is asked twice."""
    servers = [await simulate("ultra-2.4"), await simulate("ultra-2.7")]
    entries = [await add_miner(server) for server in servers]
    await act(
        hass, "apply_configuration", entries[0], swarm_entry, entries[0], frequency=450
    )
    for server in servers:
        assert writes(server) == [{"frequency": 450}]


async def test_out_of_range(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """What the board cannot stand is refused with its limits, and not sent."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "apply_configuration", entry, core_voltage=1600)
    assert caught.value.translation_key == "out_of_range"
    assert "1600" in str(caught.value)
    assert not writes(server)


async def test_no_number(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """NaN is a float, but no frequency."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    with pytest.raises(ServiceValidationError):
        await act(hass, "apply_configuration", entry, frequency="nan")
    assert not writes(server)


async def test_one_of_several_fails(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """The others are changed, and the error names who was not, and why."""
    good, bad = await simulate("ultra-2.4"), await simulate("ultra-2.7")
    entries = [await add_miner(bad), await add_miner(good)]
    bad.miner.faults.offline = True
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "apply_configuration", *entries, frequency=450)
    assert not isinstance(caught.value, ServiceValidationError)
    text = str(caught.value)
    assert "1 of 2" in text
    assert "ultra-2.7: The miner could not be reached" in text
    assert "ultra-2.4" not in text
    assert writes(good) == [{"frequency": 450}]


async def test_several_refuse_the_value(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """When every failure is the caller's, the error says so."""
    entries = [
        await add_miner(await simulate("ultra-2.4")),
        await add_miner(await simulate("gamma-2.12")),
    ]
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "apply_configuration", *entries, frequency=5000)
    assert caught.value.translation_key == "miners_failed"
    assert "ultra-2.4" in str(caught.value)
    assert "gamma-2.12" in str(caught.value)


async def test_one_time_password(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """The remedy is in the message."""
    entry = await add_miner(await simulate("nerdqaxepp-otp"))
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "set_fan", entry, mode="manual", speed=70)
    assert caught.value.translation_key == "otp_required"
    assert "one-time password" in str(caught.value)


async def test_unknown_device(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """A device that was deleted meanwhile."""
    await add_miner(await simulate())
    with pytest.raises(ServiceValidationError) as caught:
        await hass.services.async_call(
            DOMAIN,
            "apply_configuration",
            {"device_id": "gone", "frequency": 450},
            blocking=True,
        )
    assert caught.value.translation_key == "service_device_not_found"


async def test_miner_that_is_not_set_up(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Nothing is done to anybody if one of the miners is not set up."""
    server = await simulate("ultra-2.4")
    entries = [await add_miner(server), await add_miner(await simulate("ultra-2.7"))]
    await hass.config_entries.async_unload(entries[1].entry_id)
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "apply_configuration", *entries, frequency=450)
    assert caught.value.translation_key == "service_config_entry_not_loaded"
    assert not writes(server)


async def test_manual_fan(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Mode and speed are one write."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await act(hass, "set_fan", entry, mode="manual", speed=70)
    (write,) = writes(server)
    assert write == {"autofanspeed": 0, "manualFanSpeed": 70}
    cooling = entry.runtime_data.snapshot.cooling
    assert cooling.auto_fan is False
    assert cooling.fan_speed_setting == 70


async def test_automatic_fan(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """With what it aims for and what it never goes below."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await act(hass, "set_fan", entry, mode="manual", speed=70)
    await act(
        hass, "set_fan", entry, mode="auto", target_temperature=55, minimum_speed=30
    )
    cooling = entry.runtime_data.snapshot.cooling
    assert cooling.auto_fan is True
    assert cooling.target_temperature == 55
    assert cooling.minimum_fan_speed == 30


async def test_speed_of_an_automatic_fan(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """The two exclude each other."""
    server = await simulate()
    entry = await add_miner(server)
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "set_fan", entry, mode="auto", speed=70)
    assert caught.value.translation_key == "speed_of_automatic_fan"
    assert not writes(server)


async def test_unsupported_setting(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Old firmware has no minimum fan speed."""
    entry = await add_miner(await simulate("ultra-2.4"))
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "set_fan", entry, mode="auto", minimum_speed=30)
    assert caught.value.translation_key == "unsupported_setting"
    # In the language of Home Assistant, with the key for readers of another.
    placeholders = caught.value.translation_placeholders
    assert placeholders is not None
    name = async_get_texts(hass)(f"miner_setting.{placeholders['setting_key']}")
    assert placeholders["setting"] == name == "minimum fan speed"


async def test_pool_keeps_worker_names(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """One action moves the swarm to another pool and wallet."""
    servers = [
        await miner_with_user(simulate, "gamma-2.12", "bc1qold.attic"),
        await miner_with_user(simulate, "gamma-2.14", "bc1qold.cellar.left"),
        await miner_with_user(simulate, "nerdqaxepp-1.0.36", "bc1qold"),
    ]
    entries = [await add_miner(server) for server in servers]
    await act(
        hass,
        "set_pool",
        *entries,
        url="stratum+tcp://solo.example",
        port=4334,
        user="bc1qnew.{worker}",
    )
    users = []
    for entry in entries:
        pool = entry.runtime_data.snapshot.pools.primary
        assert (pool.url, pool.port) == ("solo.example", 4334)
        users.append(pool.user)
    # Without a worker name the host name has to do.
    assert users == [
        "bc1qnew.attic",
        "bc1qnew.cellar.left",
        "bc1qnew.nerdqaxepp-1.0.36",
    ]
    # NerdOS changes over by itself; AxeOS has to restart.
    assert [restarts(server) for server in servers] == [1, 1, 0]


async def test_pool_in_a_slot(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """AxeOS v2.15 has a list of pools; the same action writes its slot."""
    server = await miner_with_user(simulate, "gamma-2.15", "bc1qold.attic")
    entry = await add_miner(server)
    await act(
        hass, "set_pool", entry, url="solo.example", port=4334, user="bc1qnew.{worker}"
    )
    pool = entry.runtime_data.snapshot.pools.primary
    assert (pool.url, pool.port, pool.user) == (
        "solo.example",
        4334,
        "bc1qnew.attic",
    )


async def test_fallback_pool(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Without a user the pool keeps the one it has."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    before = entry.runtime_data.snapshot.pools
    await act(
        hass,
        "set_pool",
        entry,
        pool="fallback",
        url="spare.example",
        port=3333,
        password="secret",
        restart=False,
    )
    now = entry.runtime_data.snapshot.pools
    assert now.primary == before.primary
    assert now.fallback.url == "spare.example"
    assert now.fallback.user == before.fallback.user
    (write,) = writes(server)
    assert write["fallbackStratumPassword"] == "secret"
    assert restarts(server) == 0


async def test_first_fallback_pool(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """A pool that was not set up yet takes after the other one."""
    server = await simulate(replace(PRESETS["gamma-2.12"], fallback_pool=False))
    server.miner.primary_pool["stratumUser"] = "bc1qold.attic"
    server.miner.fallback_pool["stratumUser"] = ""
    entry = await add_miner(server)
    await act(hass, "set_pool", entry, pool="fallback", url="spare.example", port=3333)
    assert entry.runtime_data.snapshot.pools.fallback.user == "bc1qold.attic"


async def test_pool_that_is_set_already(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """No miner restarts for nothing."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    pool = entry.runtime_data.snapshot.pools.primary
    await act(hass, "set_pool", entry, url=pool.url, port=pool.port, user=pool.user)
    assert not writes(server)
    assert restarts(server) == 0


@pytest.mark.parametrize(
    "url",
    [
        "",
        "stratum+http://solo.example",
        "http://solo.example",
        "solo.example:3333",
        "solo example",
        "user@solo.example",
    ],
)
async def test_invalid_pool_address(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, url: str
) -> None:
    """A wrong address would leave every miner without work."""
    server = await simulate()
    entry = await add_miner(server)
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "set_pool", entry, url=url, port=3333)
    assert caught.value.translation_key == "invalid_pool_address"
    assert not writes(server)


async def test_who_did_it(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The change is reported with the user who called the action."""
    user = MockUser().add_to_hass(hass)
    user.groups = [await hass.auth.async_get_group(GROUP_ID_USER)]
    entry = await add_miner(await simulate("ultra-2.4"))
    heard = []
    entry.runtime_data.async_add_occurrence_listener(heard.append)
    await hass.services.async_call(
        DOMAIN,
        "apply_configuration",
        {"device_id": device_id(hass, entry), "frequency": 450},
        blocking=True,
        context=Context(user_id=user.id),
    )
    (occurrence,) = heard
    assert occurrence.data["by"] == "home_assistant"
    assert occurrence.data["user_id"] == user.id


async def test_by_area_and_label(
    hass: HomeAssistant,
    swarm_entry: MockConfigEntry,
    simulate: Simulate,
    add_miner: AddMiner,
) -> None:
    """What Home Assistant groups devices by names miners; each is changed once."""
    servers = [await simulate("ultra-2.4"), await simulate("ultra-2.7")]
    entries = [await add_miner(server) for server in servers]
    cellar = ar.async_get(hass).async_create("Cellar").id
    attic = ar.async_get(hass).async_create("Attic").id
    label = lr.async_get(hass).async_create("Old").label_id
    devices = dr.async_get(hass)
    devices.async_update_device(device_id(hass, entries[0]), area_id=cellar)
    devices.async_update_device(device_id(hass, entries[1]), labels={label})
    # Anyone who names a room does not mean all miners because the swarm is there.
    devices.async_update_device(device_id(hass, swarm_entry), area_id=cellar)

    async def set_frequency(frequency: float, **data: Any) -> None:
        await hass.services.async_call(
            DOMAIN,
            "apply_configuration",
            {"frequency": frequency, **data},
            blocking=True,
        )

    await set_frequency(450, area_id=cellar)
    assert [len(writes(server)) for server in servers] == [1, 0]
    await set_frequency(460, label_id=[label])
    assert [len(writes(server)) for server in servers] == [1, 1]
    # A label on an area counts for what is in it.
    ar.async_get(hass).async_update(cellar, labels={label})
    await set_frequency(470, label_id=label, device_id=device_id(hass, entries[0]))
    assert [len(writes(server)) for server in servers] == [2, 2]
    with pytest.raises(ServiceValidationError) as caught:
        await set_frequency(480, area_id=attic)
    assert caught.value.translation_key == "no_miner_in_group"
    with pytest.raises(vol.Invalid):
        await set_frequency(480)

"""What may be changed, what is sent for it, and when it counts as done."""

from dataclasses import replace

import pytest

from custom_components.bitaxe.axeos import (
    Command,
    Limits,
    OutOfRangeError,
    PoolSettings,
    Settings,
    Snapshot,
    UnsupportedSettingError,
)
from custom_components.bitaxe.axeos.dialects import Request, detect_dialect
from custom_components.bitaxe.axeos.fields import Fields

from .payloads import GAMMA, GAMMA_2_15, NERD
from .snapshots import snapshot_of

LIMITS = Limits(frequency=(400, 625), core_voltage=(1000, 1250))
POOL = PoolSettings(url="new.example", port=5555, user="wallet.new")


def requests(payload: dict[str, object], settings: Settings) -> list[Request]:
    """Return what would be sent to a miner with this payload."""
    snapshot = snapshot_of(payload)
    settings = settings.rounded_for(snapshot)
    settings.check(snapshot, LIMITS)
    changes = settings.changes_against(snapshot)
    return detect_dialect(Fields(payload)).requests(changes, snapshot)


def patch(payload: dict[str, object], settings: Settings) -> dict[str, object]:
    """Return the body of the only request, a PATCH."""
    (request,) = requests(payload, settings)
    assert (request.method, request.path) == ("PATCH", "/api/system")
    assert request.json is not None
    return request.json


@pytest.mark.parametrize(
    "settings",
    [
        Settings(frequency=399),
        Settings(frequency=626),
        Settings(frequency=float("nan")),
        Settings(frequency=float("inf")),
        Settings(core_voltage=999),
        Settings(core_voltage=1251),
        Settings(fan_speed=101),
        Settings(fan_speed=-1),
        Settings(minimum_fan_speed=100),
        Settings(target_temperature=34),
        Settings(target_temperature=67),
        Settings(display_timeout=-2),
        Settings(display_rotation=45),
        Settings(primary_pool=replace(POOL, port=0)),
        Settings(fallback_pool=replace(POOL, port=65536)),
        Settings(primary_pool=replace(POOL, url="")),
        Settings(primary_pool=replace(POOL, url="x" * 256)),
    ],
)
def test_nothing_outside_the_limits_is_sent(settings: Settings) -> None:
    """The firmware accepts any frequency and voltage: we are the only guard."""
    with pytest.raises(OutOfRangeError) as refused:
        requests(GAMMA, settings)
    assert refused.value.what in str(refused.value)


def test_overheat_limit_of_nerdos() -> None:
    """NerdOS takes 50 to 90 °C."""
    with pytest.raises(OutOfRangeError):
        requests(NERD, Settings(overheat_temperature=91))
    assert patch(NERD, Settings(overheat_temperature=80)) == {"overheat_temp": 80}


def test_without_known_limits_neither_frequency_nor_voltage() -> None:
    """Everything else may still be set."""
    snapshot = snapshot_of(GAMMA)
    for settings in (Settings(frequency=500), Settings(core_voltage=1100)):
        with pytest.raises(UnsupportedSettingError):
            settings.check(snapshot, None)
    Settings(fan_speed=50).check(snapshot, None)


@pytest.mark.parametrize(
    "settings",
    [
        Settings(minimum_fan_speed=30),
        Settings(target_temperature=60),
        Settings(display_timeout=5),
        Settings(display_rotation=90),
        Settings(display_flipped=True),
        Settings(overheat_temperature=70),
    ],
)
def test_what_the_firmware_has_not_is_refused(settings: Settings) -> None:
    """An unknown key is ignored with a 200: better not to send it."""
    old = ("minFanSpeed", "temptarget", "displayTimeout", "rotation")
    snapshot = snapshot_of(GAMMA, without=old)
    with pytest.raises(UnsupportedSettingError):
        settings.check(snapshot, LIMITS)


def test_frequency_and_voltage_travel_together() -> None:
    """One request, so that no point in between is ever run."""
    assert patch(GAMMA, Settings(frequency=490, core_voltage=1100)) == {
        "frequency": 490,
        "coreVoltage": 1100,
    }


def test_only_what_differs_is_written() -> None:
    """Flash memory wears with every write."""
    same = Settings(frequency=525, core_voltage=1150, auto_fan=True, fan_speed=80)
    assert requests(GAMMA, same) == []
    assert patch(GAMMA, replace(same, core_voltage=1100)) == {"coreVoltage": 1100}


def test_fractions_of_a_megahertz() -> None:
    """AxeOS keeps them from v2.10 on; older firmware and NerdOS cannot."""
    assert patch(GAMMA, Settings(frequency=525.5)) == {"frequency": 525.5}
    payload = patch(GAMMA, Settings(frequency=500.0))
    assert isinstance(payload["frequency"], int)
    old = {key: value for key, value in GAMMA.items() if key != "minFanSpeed"}
    assert requests(old, Settings(frequency=525.25)) == []
    assert patch(old, Settings(frequency=530.625)) == {"frequency": 531}
    assert patch(NERD, Settings(frequency=530.625)) == {"frequency": 531}
    assert requests(GAMMA, Settings(core_voltage=1150.4)) == []


def test_the_manual_fan_speed_has_two_names() -> None:
    """v2.11 renamed it, and ignores the old one silently."""
    assert patch(GAMMA, Settings(auto_fan=False, fan_speed=60)) == {
        "autofanspeed": 0,
        "manualFanSpeed": 60,
    }
    old = {key: value for key, value in GAMMA.items() if key != "manualFanSpeed"}
    assert patch(old, Settings(auto_fan=False, fan_speed=60)) == {
        "autofanspeed": 0,
        "fanspeed": 60,
    }


def test_every_other_setting_of_axeos() -> None:
    """AxeOS takes numbers, also for flags."""
    overheated = GAMMA | {"overheat_mode": 1}
    body = patch(
        overheated,
        Settings(
            minimum_fan_speed=30,
            target_temperature=55,
            display_timeout=10,
            display_rotation=180,
            display_inverted=True,
            clear_overheat=True,
        ),
    )
    assert body == {
        "minFanSpeed": 30,
        "temptarget": 55,
        "displayTimeout": 10,
        "rotation": 180,
        "invertscreen": 1,
        "overheat_mode": 0,
    }
    assert all(type(value) is int for value in body.values())


def test_nothing_to_clear() -> None:
    """Not to clear is no change, and neither is clearing what is not latched."""
    assert Settings(clear_overheat=False).names == frozenset()
    assert requests(GAMMA, Settings(clear_overheat=True)) == []


def test_nerdos_wants_exact_types() -> None:
    """It ignores a value of another type and still answers 200."""
    body = patch(
        NERD,
        Settings(
            frequency=575.0,
            core_voltage=1140.0,
            auto_fan=False,
            fan_speed=60,
            target_temperature=55,
            display_flipped=True,
            display_inverted=True,
        ),
    )
    assert body == {
        "frequency": 575,
        "coreVoltage": 1140,
        "autofanspeed": 0,
        "manualFanSpeed": 60,
        "pidTargetTemp": 55,
        "flipscreen": True,
        "invertscreen": True,
    }
    assert {key for key, value in body.items() if type(value) is bool} == {
        "flipscreen",
        "invertscreen",
    }
    assert {type(value) for value in body.values()} == {int, bool}


def test_the_automatic_fan_of_nerdos_is_mode_2() -> None:
    """Mode 1 is gone and means 100 %; before there were modes it was a boolean."""
    manual = NERD | {"autofanspeed": 0}
    assert patch(manual, Settings(auto_fan=True)) == {"autofanspeed": 2}
    before = {key: value for key, value in manual.items() if key != "pidTargetTemp"}
    assert patch(before, Settings(auto_fan=True)) == {"autofanspeed": True}


def test_flat_pools() -> None:
    """The stored password stays unless another is given."""
    body = patch(GAMMA, Settings(primary_pool=POOL))
    assert body == {
        "stratumURL": "new.example",
        "stratumPort": 5555,
        "stratumUser": "wallet.new",
    }
    secret = replace(POOL, password="y")
    body = patch(NERD, Settings(fallback_pool=secret))
    assert body == {
        "fallbackStratumURL": "new.example",
        "fallbackStratumPort": 5555,
        "fallbackStratumUser": "wallet.new",
        "fallbackStratumPassword": "y",
    }


def test_both_pools_of_nerdos() -> None:
    """They go out together."""
    body = patch(NERD, Settings(primary_pool=POOL, fallback_pool=POOL))
    assert body.keys() == {
        f"{prefix}{key}"
        for prefix in ("stratum", "fallbackStratum")
        for key in ("URL", "Port", "User")
    }


def test_a_password_alone_is_a_change() -> None:
    """No firmware reports it, so a given one is always written."""
    same = PoolSettings(url="pool.example", port=3333, user="wallet.garage")
    assert requests(GAMMA, Settings(primary_pool=same)) == []
    body = patch(GAMMA, Settings(primary_pool=replace(same, password="z")))
    assert body["stratumPassword"] == "z"


def test_a_pool_without_user() -> None:
    """A miner that reports an empty user has none, as wanted."""
    anonymous = PoolSettings(url="pool.example", port=3333, user="")
    payload = GAMMA | {"stratumUser": ""}
    assert requests(payload, Settings(primary_pool=anonymous)) == []


def test_pool_slots_keep_their_other_settings() -> None:
    """A slot can only be replaced as a whole (v2.15)."""
    (put,) = requests(GAMMA_2_15, Settings(fallback_pool=POOL))
    assert (put.method, put.path) == ("PUT", "/api/system/pools/5")
    assert put.json == {
        "stratumProtocol": "SV1",
        "stratumURL": "new.example",
        "stratumPort": 5555,
        "stratumUser": "wallet.new",
        "stratumPassword": "*****",
        "stratumSuggestedDifficulty": 5000,
        "stratumExtranonceSubscribe": True,
        "stratumTLS": 1,
        "stratumCert": "",
        "stratumDecodeCoinbase": True,
        "stratumV2ChannelType": "extended",
        "stratumV2AuthorityPubkey": "",
        "stratumV2RequireAuth": False,
    }
    (put,) = requests(
        GAMMA_2_15, Settings(primary_pool=replace(POOL, password="secret"))
    )
    assert put.json is not None
    assert put.json["stratumPassword"] == "secret"


def test_a_missing_fallback_gets_a_slot_of_its_own() -> None:
    """First the slot is filled, then it is chosen."""
    lonely = GAMMA_2_15 | {
        "secondaryPoolIndex": 2,
        "fallbackStratumURL": "",
    }
    settings = Settings(fallback_pool=POOL, target_temperature=55)
    put, patched = requests(lonely, settings)
    assert (put.method, put.path) == ("PUT", "/api/system/pools/0")
    assert put.json == {
        "stratumURL": "new.example",
        "stratumPort": 5555,
        "stratumUser": "wallet.new",
    }
    assert patched.json == {"secondaryPoolIndex": 0, "temptarget": 55}


def test_no_slot_left() -> None:
    """Nobody's pool is overwritten for another."""
    pools = GAMMA_2_15["pools"]
    assert isinstance(pools, list)
    full = GAMMA_2_15 | {
        "secondaryPoolIndex": 2,
        "pools": [pools[0] | {"id": slot} for slot in range(8)],
    }
    with pytest.raises(UnsupportedSettingError):
        requests(full, Settings(fallback_pool=POOL))


def confirmed(settings: Settings, snapshot: Snapshot) -> bool:
    """Whether a reading confirms a change."""
    return not settings.unconfirmed(snapshot)


def test_when_a_change_counts_as_confirmed() -> None:
    """Exactly as wanted, or in whole numbers where the firmware rounds."""
    at = snapshot_of(GAMMA, {"frequency": 525.5})
    assert confirmed(Settings(frequency=525.5), at)
    assert not confirmed(Settings(frequency=526), at)
    wanted = Settings(frequency=525.5, core_voltage=1100)
    assert wanted.unconfirmed(snapshot_of(GAMMA)) == {
        "core_voltage": (1100, 1150),
        "frequency": (525.5, 525),
    }
    assert wanted.unconfirmed(snapshot_of(GAMMA), rounding=True) == {
        "core_voltage": (1100, 1150)
    }
    before = snapshot_of(GAMMA, {"coreVoltage": 1000})
    near, far = Settings(core_voltage=1126), Settings(core_voltage=1125)
    now = snapshot_of(GAMMA)
    assert near.unconfirmed(now, before=before) == {}
    assert near.as_taken(now) == Settings(core_voltage=1150)
    assert far.unconfirmed(now, before=before) == {"core_voltage": (1125, 1150)}
    assert near.unconfirmed(now, before=now) == {"core_voltage": (1126, 1150)}
    assert not confirmed(Settings(auto_fan=False), snapshot_of(GAMMA))
    unknown = snapshot_of(GAMMA, {"frequency": None})
    assert not confirmed(Settings(frequency=525), unknown)
    assert unknown.operating_point is None


def test_a_hidden_fan_speed_cannot_be_confirmed() -> None:
    """Up to v2.10 it shows only while the fan is not automatic."""
    settings = Settings(fan_speed=60)
    automatic = snapshot_of(GAMMA, without=("manualFanSpeed",))
    assert settings.changes_against(automatic) == settings
    assert confirmed(settings, automatic)
    manual = snapshot_of(GAMMA, {"autofanspeed": 0}, without=("manualFanSpeed",))
    assert not confirmed(settings, manual)


def test_commands_of_each_firmware() -> None:
    """A command the firmware lacks has no request: nothing is tried out."""

    def paths(payload: dict[str, object]) -> dict[Command, str]:
        dialect, snapshot = detect_dialect(Fields(payload)), snapshot_of(payload)
        found = {command: dialect.command(command, snapshot) for command in Command}
        assert all(request.method == "POST" for request in found.values() if request)
        return {
            command: request.path.removeprefix("/api/system/")
            for command, request in found.items()
            if request
        }

    assert paths(GAMMA) == {Command.RESTART: "restart", Command.IDENTIFY: "identify"}
    assert paths(GAMMA_2_15) == {
        Command.RESTART: "restart",
        Command.IDENTIFY: "identify",
        Command.PAUSE: "pause",
        Command.RESUME: "resume",
        Command.DISMISS_BLOCK: "blockFound/dismiss",
    }
    assert paths(NERD) == {
        Command.RESTART: "restart",
        Command.PAUSE: "shutdown",
        Command.RESUME: "restart",
    }
    older = {key: value for key, value in NERD.items() if key != "currentA"}
    assert paths(older) == {Command.RESTART: "restart"}

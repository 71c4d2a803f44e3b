"""Forge-OS, the firmware of the BitForge Nano: AxeOS v2.6 with keys of its own.

Source: sweethashio/forge-os `main/http_server/http_server.c`.
"""

from typing import override

from .. import bounds
from ..boards import Board, complete_board, find_board
from ..fields import Fields
from ..snapshot import Family, Fan
from .axeos import AxeOS, temperature


class ForgeOS(AxeOS):
    """What Forge-OS says differently."""

    family = Family.FORGE_OS
    # Here `fanSpeed` is the duty cycle, which AxeOS once used for the rpm.
    _fan_speed_keys = ("fanSpeed", "fanspeed")

    @override
    def board(self, info: Fields, asic: Fields | None) -> Board:
        """Work out the board; its number 800 is that of a Bitaxe GammaTurbo."""
        nano = find_board(
            device_model="BITFORGE_NANO", board_version=None, asic_model=None
        )
        return complete_board(nano, info, asic)

    @override
    def _asic_temperatures(self, info: Fields) -> tuple[float | None, ...]:
        return (temperature(info, "chiptemp1"), temperature(info, "chiptemp2"))

    @override
    def _fans(self, info: Fields, board: Board, speed: float | None) -> tuple[Fan, ...]:
        return (Fan(speed=speed, rpm=info.integer("fanrpm", within=bounds.RPM)),)

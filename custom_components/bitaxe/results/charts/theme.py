"""Colours. Pure.

Hues are those people of any colour vision can distinguish, after Okabe and Ito,
lightened or darkened for contrast with the background.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from .description import Role

type ThemeName = Literal["dark", "light", "discord"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """The colours of a picture as #rrggbb."""

    background: str
    plot: str
    grid: str
    text: str
    muted: str
    roles: Mapping[Role, str]
    series: Sequence[str]
    """Of miners on one chart."""

    def colour(self, role: Role | int) -> str:
        """Return the colour of a role, or of a miner by its number."""
        if isinstance(role, Role):
            return self.roles[role]
        return self.series[role % len(self.series)]


_ON_DARK: Final = {
    Role.HASHRATE: "#56b4e9",
    Role.SAMPLES: "#5a93bd",
    Role.SHORT_AVERAGE: "#7cc7f2",
    Role.LONG_AVERAGE: "#f5a623",
    Role.MEAN: "#c9ccd1",
    Role.EXPECTED: "#ffffff",
    Role.ASIC_TEMPERATURE: "#ff7f50",
    Role.VR_TEMPERATURE: "#f0d94a",
    Role.POWER: "#e08bbd",
    Role.PLUG: "#f5a623",
    Role.EFFICIENCY: "#2fc79a",
    Role.CHANGE: "#ec8fc3",
    Role.CONFIGURATION: "#56b4e9",
    Role.PRESENT: "#f5a623",
    Role.BEST: "#2fc79a",
    Role.WALL: "#ff7f50",
    Role.FRONT: "#9aa0a8",
}
_ON_LIGHT: Final = {
    Role.HASHRATE: "#0072b2",
    Role.SAMPLES: "#8fbfe0",
    Role.SHORT_AVERAGE: "#0072b2",
    Role.LONG_AVERAGE: "#d55e00",
    Role.MEAN: "#4a4f57",
    Role.EXPECTED: "#16191d",
    Role.ASIC_TEMPERATURE: "#d55e00",
    Role.VR_TEMPERATURE: "#b58900",
    Role.POWER: "#a8497f",
    Role.PLUG: "#d98200",
    Role.EFFICIENCY: "#008a64",
    Role.CHANGE: "#c2478f",
    Role.CONFIGURATION: "#0072b2",
    Role.PRESENT: "#d98200",
    Role.BEST: "#008a64",
    Role.WALL: "#c0392b",
    Role.FRONT: "#7d848e",
}
_SERIES_ON_DARK: Final = (
    "#56b4e9",
    "#f5a623",
    "#2fc79a",
    "#e08bbd",
    "#f0e05a",
    "#ff7f50",
    "#b4a0f0",
    "#d8dbe0",
    "#4f86f7",
    "#a5d65c",
)
_SERIES_ON_LIGHT: Final = (
    "#0072b2",
    "#e08a00",
    "#008a64",
    "#c0589a",
    "#b09a00",
    "#c8440a",
    "#6a51b8",
    "#4a4f57",
    "#39a0de",
    "#6f9a1e",
)

THEMES: Final[Mapping[ThemeName, Theme]] = {
    "dark": Theme(
        background="#111418",
        plot="#181c21",
        grid="#2b3138",
        text="#f2f4f6",
        muted="#a7adb5",
        roles=_ON_DARK,
        series=_SERIES_ON_DARK,
    ),
    "discord": Theme(
        background="#2b2d31",
        plot="#313338",
        grid="#42454c",
        text="#f2f3f5",
        muted="#b5bac1",
        roles=_ON_DARK,
        series=_SERIES_ON_DARK,
    ),
    "light": Theme(
        background="#ffffff",
        plot="#f7f8fa",
        grid="#dfe3e8",
        text="#1b1f24",
        muted="#5f6670",
        roles=_ON_LIGHT,
        series=_SERIES_ON_LIGHT,
    ),
}
"""`discord` lies on Discord's dark chat without a visible edge."""

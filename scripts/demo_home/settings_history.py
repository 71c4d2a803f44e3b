"""The settings and events of the demo miners in the weeks before the demo starts.

Each has been tried at many operating points, some for hours and some for days, as
people do. Each history ends at the setting the miner starts the demo with.
"""

from dataclasses import dataclass

DAYS = 28
"""How far the settings histories reach back, in days."""


@dataclass(frozen=True)
class Event:
    """Something that happened so many hours before the present."""

    hours: float


@dataclass(frozen=True)
class Setting(Event):
    """The owner chose another operating point, in MHz and mV."""

    frequency: float
    core_voltage: int


@dataclass(frozen=True)
class Heat(Event):
    """It got hot until the firmware stepped in."""


@dataclass(frozen=True)
class Outage(Event):
    """The power was cut for a while, in h."""

    duration: float


@dataclass(frozen=True)
class Restart(Event):
    """The owner restarted it."""


@dataclass(frozen=True)
class Pause(Event):
    """The owner paused it."""


SETTINGS_HISTORIES: dict[str, tuple[Event, ...]] = {
    "bitaxe-office": (
        Setting(672, 525, 1150),
        Setting(504, 550, 1150),
        Setting(432, 575, 1175),
        Setting(404, 625, 1250),
        Setting(392, 600, 1200),
        Outage(330, 5.5),
        Setting(300, 500, 1100),
        Setting(246, 490, 1060),
        Setting(206, 525, 1100),
        Setting(150, 450, 1050),
        Setting(139, 600, 1150),
        Setting(132, 600, 1200),
    ),
    "bitaxe-attic": (
        Setting(672, 525, 1150),
        Setting(560, 575, 1200),
        Heat(519),
        Setting(512, 550, 1150),
        Setting(470, 500, 1100),
        Setting(390, 475, 1060),
        Setting(362, 525, 1125),
        Setting(270, 600, 1225),
        Setting(264, 500, 1150),
        Outage(158, 4),
        Setting(112, 525, 1150),
        Setting(40, 475, 1060),
        Setting(28, 525, 1150),
    ),
    "bitaxe-bedroom": (
        Setting(672, 525, 1150),
        Setting(530, 490, 1100),
        Setting(440, 550, 1200),
        Setting(400, 490, 1060),
        Setting(328, 525, 1040),
        Setting(320, 525, 1100),
        Setting(250, 600, 1200),
        Setting(238, 550, 1150),
        Outage(190, 12),
        Setting(90, 490, 1100),
        Setting(50, 525, 1150),
        Pause(21),
    ),
    "bitaxe-kitchen": (
        Setting(672, 525, 1150),
        Heat(588),
        Setting(575, 525, 1150),
        Setting(480, 550, 1150),
        Heat(444),
        Setting(414, 500, 1100),
        Setting(330, 525, 1120),
        Heat(260),
        Setting(252, 525, 1150),
        Outage(200, 3),
        Setting(150, 475, 1075),
        Setting(100, 550, 1200),
        Heat(62),
        Setting(48, 525, 1150),
    ),
    "nerdqaxe-garage": (
        Setting(672, 600, 1150),
        Setting(560, 550, 1120),
        Heat(500),
        Restart(491),
        Setting(470, 575, 1150),
        Setting(430, 590, 1180),
        Outage(380, 6),
        Setting(340, 525, 1120),
        Setting(282, 600, 1150),
        Setting(210, 500, 1120),
        Setting(160, 550, 1150),
        Setting(100, 575, 1130),
        Setting(64, 600, 1200),
        Setting(52, 600, 1150),
    ),
}
"""By the names of the miners, in the order of time."""

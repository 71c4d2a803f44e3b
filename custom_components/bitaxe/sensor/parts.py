"""What is common to the sensors of rooms and power supplies."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import override

from homeassistant.components.sensor import SensorEntity, SensorEntityDescription
from homeassistant.core import callback

from ..swarm.miners_part import MinersPart
from ..swarm.part_entity import PartEntity
from .reporting import Counter, Measurement


@dataclass(frozen=True, kw_only=True)
class PartSensorDescription[P: MinersPart](SensorEntityDescription):
    """Describes a sensor of a room or a power supply."""

    value_fn: Callable[[P], float | None]
    has_fn: Callable[[P], bool] = lambda _: True
    policy: Measurement | Counter


class PartSensor[P: MinersPart](PartEntity[P], SensorEntity):
    """A sensor of a room or a power supply, which reports as its policy says."""

    entity_description: PartSensorDescription[P]

    def __init__(self, part: P, description: PartSensorDescription[P]) -> None:
        """Attach the sensor to the part's device, and take its present value."""
        super().__init__(part, description.key)
        self.entity_description = description
        self._reporter = description.policy.reporter()
        self._take()

    @property
    @override
    def native_value(self) -> float | None:
        """What was last reported."""
        value = self._reporter.value
        return None if value is None else round(value, 3)

    @property
    @override
    def shown(self) -> object:
        """The state, and what explains it."""
        return (self.native_value, self.extra_state_attributes)

    def _take(self) -> None:
        value = self.entity_description.value_fn(self._part)
        self._reporter.take(value, monotonic(), at_once=False)

    @callback
    @override
    def _update(self) -> None:
        self._take()
        super()._update()

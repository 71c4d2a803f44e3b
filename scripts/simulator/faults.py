"""Everything that can go wrong with a miner, switched from outside."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
import math
from typing import Any, override


@dataclass
class Faults:
    """Switches for faults; a fresh one has none.

    Network and HTTP
      offline            connections are refused
      refuse_network     every API call is answered 401 (AxeOS from v2.5, NerdOS)
      answer_status      every API call is answered with this status and a page; 0 never
      reset_every        every n-th request is answered by a TCP reset; 0 never
      stall_seconds      real seconds before each reply
      truncate_body      replies break off in the middle of their body
      wrong_content_type JSON is labelled text/plain
      reject_writes      PATCH is answered 400 and changes nothing
      ignore_writes      PATCH is answered 200 and changes nothing
      refuse_update      an update is answered 500 and changes nothing
      boots_old_version  an update is accepted, but the old version boots again
      update_resets      an update forgets the settings of fan and clock
      write_delay        simulated seconds until a write shows; None as the firmware

    Hardware
      ambient_offset     °C on top of the room temperature
      vr_offset          °C on top of the regulator's temperature
      uneven_cooling     °C on top of the second ASIC sensor, of boards that have two
      fan_failure        fans stand still
      sagging_supply     volts missing at the input under nominal load; when a TPS546
                         cuts out for it, its fault stays until the next boot
      power_fault        the regulator reports a fault
      hardware_fault     text of a hardware fault (AxeOS from v2.14); empty none
      regulator_off      the regulator has latched off without a fault; a boot ends it
      silent_domain      index of a hash domain of the first chip that stopped
      error_burst        added share of wrong hashes, 0 to 1
      frozen             the chip stopped answering; the last hashrate stays shown

      wrong_power        W that are reported whatever is drawn; None the real ones

    Pool
      pool_down          the primary pool does not answer
      fallback_down      the fallback pool does not answer
      sticky_fallback    the firmware does not go back to the primary pool by itself
      reject_rate        added share of rejected shares, 0 to 1
      response_time      ms of pool response shown instead of the real one; None real
    """

    offline: bool = False
    refuse_network: bool = False
    answer_status: int = 0
    reset_every: int = 0
    stall_seconds: float = 0.0
    truncate_body: bool = False
    wrong_content_type: bool = False
    reject_writes: bool = False
    ignore_writes: bool = False
    refuse_update: bool = False
    boots_old_version: bool = False
    update_resets: bool = False
    write_delay: float | None = None
    ambient_offset: float = 0.0
    vr_offset: float = 0.0
    uneven_cooling: float = 0.0
    fan_failure: bool = False
    sagging_supply: float = 0.0
    power_fault: bool = False
    hardware_fault: str = ""
    regulator_off: bool = False
    silent_domain: int | None = None
    error_burst: float = 0.0
    frozen: bool = False
    wrong_power: float | None = None
    pool_down: bool = False
    fallback_down: bool = False
    sticky_fallback: bool = False
    reject_rate: float = 0.0
    response_time: float | None = None
    _before_change: Callable[[], None] | None = field(
        default=None, repr=False, compare=False
    )
    _after_change: Callable[[], None] | None = field(
        default=None, repr=False, compare=False
    )

    @override
    def __setattr__(self, name: str, value: object) -> None:
        """Set a switch at the present simulated time."""
        if name.startswith("_"):
            object.__setattr__(self, name, value)
            return
        before = self.__dict__.get("_before_change")
        if before is not None:
            before()
        object.__setattr__(self, name, value)
        after = self.__dict__.get("_after_change")
        if after is not None:
            after()

    def bind(self, before: Callable[[], None], after: Callable[[], None]) -> None:
        """Call the owner around every change."""
        self._before_change = before
        self._after_change = after

    @staticmethod
    def names() -> tuple[str, ...]:
        """Return the names of all switches."""
        return tuple(f.name for f in fields(Faults) if not f.name.startswith("_"))

    def as_dict(self) -> dict[str, Any]:
        """Return all switches."""
        return {name: getattr(self, name) for name in self.names()}

    def set(self, **values: Any) -> None:
        """Set several switches by name.

        Raises ValueError for an unknown name or a value of the wrong type; then
        nothing is changed.
        """
        checked = {name: self._checked(name, value) for name, value in values.items()}
        for name, value in checked.items():
            setattr(self, name, value)

    def clear(self) -> None:
        """Switch every fault off."""
        self.set(**Faults().as_dict())

    def _checked(self, name: str, value: Any) -> Any:
        if name not in self.names():
            raise ValueError(f"unknown fault: {name}")
        default = getattr(Faults(), name)
        optional = default is None
        if optional and value is None:
            return None
        wanted: type = float if optional else type(default)
        if name == "silent_domain":
            wanted = int
        if wanted is float and isinstance(value, int | float):
            if isinstance(value, bool) or not math.isfinite(value):
                raise ValueError(f"fault {name} wants a number, not {value!r}")
            return float(value)
        if wanted is bool and value in (0, 1):
            return bool(value)
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            raise ValueError(f"fault {name} wants {wanted.__name__}, not {value!r}")
        return value

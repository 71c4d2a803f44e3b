"""The fan and who decides on its speed."""

from .state import MinerState

IDLE_DUTY = 0.3
BLIND_DUTY = 0.7
NERD_FLOOR = 0.15


class FanController:
    """Keeps a temperature by the fan: proportional and integral, in duty 0 to 1."""

    def __init__(self) -> None:
        """Start at half speed."""
        self._duty = 0.5
        self._error = 0.0

    def duty(self, temp: float, target: float, floor: float, seconds: float) -> float:
        """Return the duty after a time at a temperature."""
        error = temp - target
        self._duty += 0.03 * (error - self._error) + 0.001 * error * seconds
        self._error = error
        self._duty = min(1.0, max(floor, self._duty))
        return self._duty

    def follow(self, duty: float, temp: float, target: float) -> None:
        """Take over a duty without a jump when control becomes automatic."""
        self._duty = duty
        self._error = temp - target


def run_fan(miner: MinerState, control: FanController, seconds: float) -> None:
    """Set the fan for the next span of time."""
    stored, temp = miner.stored, miner.physics.chip
    nerd = miner.spec.dialect == "nerdos"
    target = float(stored["pidTargetTemp" if nerd else "temptarget"])
    forced = _forced_duty(miner)
    if forced is None:
        floor = NERD_FLOOR if nerd else stored["minFanSpeed"] / 100
        miner.physics.fan = control.duty(temp, target, floor, seconds)
    else:
        miner.physics.fan = forced
        control.follow(forced, temp, target)


def _forced_duty(miner: MinerState) -> float | None:
    """Return the duty that overrides control by temperature."""
    stored, version = miner.stored, miner.version
    manual: float = stored["manualFanSpeed"] / 100
    if miner.overheated or miner.cooling:
        return 1.0
    if miner.spec.dialect == "nerdos":
        return {0: manual, 2: None}.get(stored["autofanspeed"], 1.0)
    if version < (2, 11, 0) and stored["overheat_mode"]:
        return 1.0
    if version >= (2, 14, 0) and not miner.wants_to_hash:
        return IDLE_DUTY
    if not stored["autofanspeed"]:
        return manual
    if not miner.asic_ready:
        return BLIND_DUTY
    if version < (2, 7, 0):
        return min(1.0, max(0.35, 0.35 + 0.65 * (miner.physics.chip - 45) / 30))
    return None

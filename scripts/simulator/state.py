"""What the parts of a simulated miner see of it."""

from typing import Protocol

from .faults import Faults
from .hardware import Board
from .mining import HashMeter, Shares
from .physics import Electrics, Physics
from .scheduler import Scheduler
from .spec import MinerSpec
from .storage import Stored
from .truth import Truth
from .version import Version


class MinerState(Protocol):
    """The state of a miner, and the few things that its parts have it do."""

    spec: MinerSpec
    board: Board
    version: Version
    faults: Faults
    stored: Stored
    physics: Physics
    meter: HashMeter
    shares: Shares
    truth: Truth
    scheduler: Scheduler
    active_point: tuple[float, float]
    total_hashes: float
    total_uptime: float

    @property
    def now(self) -> float:
        """Simulated time up to which the miner has been stepped."""

    @property
    def asic_ready(self) -> bool:
        """Whether the chips are initialised."""

    @property
    def wants_to_hash(self) -> bool:
        """Whether nothing keeps the chips from being switched on."""

    @property
    def overheated(self) -> bool:
        """Whether NerdOS switched the chips off until a restart."""

    @property
    def cooling(self) -> bool:
        """Whether AxeOS waits for the chips to cool down."""

    @property
    def electrics(self) -> Electrics:
        """Currents and voltages at the present moment, without sensor noise."""

    @property
    def fallback_pool(self) -> Stored:
        """Stored settings of the fallback pool."""

    def rates(self, frequency: float | None = None) -> tuple[float, float]:
        """Return good and wrong GH/s, at the running clock rate or another in MHz."""

    def domains_alive(self, frequency: float | None = None) -> list[list[float]]:
        """Return the share of its hashes that each domain of each chip makes."""

    def boot(self) -> None:
        """Go down and come up again."""

    def review(self, delay: float = ...) -> None:
        """Start or stop the chips as the state demands."""

    def take_over_point(self) -> None:
        """Run at the stored operating point, where the firmware does so live."""

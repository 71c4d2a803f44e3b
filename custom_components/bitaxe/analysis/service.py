"""The way in: what the history says, for whoever presents it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .configurations import MinerConfigurations, summarize
from .history import async_read_blocks
from .miner import Miner
from .span import Span

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from ..coordinator import MinerCoordinator


def as_miner(coordinator: MinerCoordinator) -> Miner:
    """Return what the analysis needs to know of a miner."""
    return Miner(
        identifier=coordinator.identifier,
        name=coordinator.config_entry.title,
        board=coordinator.client.board,
        present=coordinator.snapshot.operating_point,
        total_uptime=coordinator.data.figures.total_uptime,
    )


async def async_get_configurations(
    hass: HomeAssistant, coordinators: Sequence[MinerCoordinator], span: Span
) -> list[MinerConfigurations]:
    """Return how each miner did at each of its operating points.

    Raises:
        AnalysisError: the history of a miner is not kept.

    """
    miners = [as_miner(coordinator) for coordinator in coordinators]
    return await async_analyse_configurations(hass, miners, span)


async def async_analyse_configurations(
    hass: HomeAssistant, miners: Sequence[Miner], span: Span
) -> list[MinerConfigurations]:
    """Do the same for miners that need not be set up.

    Raises:
        AnalysisError: the history of a miner is not kept.

    """
    return [
        MinerConfigurations(
            miner=miner,
            span=span,
            configurations=summarize(blocks, miner),
            missing=tuple(str(error) for error in sources.missing.values()),
        )
        for miner, (blocks, sources) in zip(
            miners, await async_read_blocks(hass, miners, span), strict=True
        )
    ]

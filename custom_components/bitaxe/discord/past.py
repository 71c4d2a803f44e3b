"""Which miners have a history, so that one without does not silence the others."""

from collections.abc import Sequence

from homeassistant.core import HomeAssistant, callback

from ..analysis.errors import (
    AnalysisError,
    EntityDisabledError,
    EntityMissingError,
    EntityNotRecordedError,
)
from ..analysis.history import async_find_sources
from ..analysis.metrics import REQUIRED
from ..analysis.service import as_miner
from ..coordinator import MinerCoordinator
from .text import escape


@callback
def async_with_history(
    hass: HomeAssistant, miners: Sequence[MinerCoordinator]
) -> tuple[list[MinerCoordinator], list[str]]:
    """Return the miners that can be analysed, and for each other one why it cannot.

    Both are in the order of their names.

    Raises:
        AnalysisError: none can be.

    """
    known: list[MinerCoordinator] = []
    missing: list[str] = []
    last: AnalysisError | None = None
    for miner in sorted(miners, key=lambda miner: miner.display_name.casefold()):
        try:
            async_find_sources(hass, as_miner(miner), REQUIRED)
        except (EntityDisabledError, EntityMissingError, EntityNotRecordedError) as err:
            missing.append(f"**{escape(miner.display_name)}**: {escape(str(err))}")
            last = err
        else:
            known.append(miner)
    if last is not None and not known:
        raise last
    return known, missing

"""Which miners have a history, so that one without does not silence the others."""

from collections.abc import Sequence

from homeassistant.core import HomeAssistant, callback

from ..analysis.service import split_by_history
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
    known, missing = split_by_history(
        hass, sorted(miners, key=lambda miner: miner.display_name.casefold())
    )
    if missing and not known:
        raise missing[-1][1]
    return known, [
        f"**{escape(miner.display_name)}**: {escape(str(err))}"
        for miner, err in missing
    ]

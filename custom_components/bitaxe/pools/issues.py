"""The repair about a pool that does not answer as it should."""

from typing import Final

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from ..issues import async_create
from ..texts import async_get_texts
from .errors import PoolError

_KIND: Final = "pool_account_failing"


@callback
def async_update_account(
    hass: HomeAssistant, subentry: ConfigSubentry, problem: PoolError | None
) -> None:
    """Say why an account is not read, until it is."""
    if problem is None:
        ir.async_delete_issue(hass, DOMAIN, f"{_KIND}_{subentry.subentry_id}")
        return
    async_create(
        hass,
        _KIND,
        subentry.subentry_id,
        placeholders={
            "account": subentry.title,
            "reason": async_get_texts(hass).error(
                problem.key, {"reason": problem.reason}
            ),
        },
    )

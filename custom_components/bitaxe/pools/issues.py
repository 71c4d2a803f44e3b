"""The repair about a pool that does not answer as it should."""

from typing import Final

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from ..texts import async_get_texts
from .errors import PoolError

_KIND: Final = "pool_account_failing"


@callback
def async_update_account(
    hass: HomeAssistant, subentry: ConfigSubentry, problem: PoolError | None
) -> None:
    """Say why an account is not read, until it is."""
    issue_id = f"{_KIND}_{subentry.subentry_id}"
    if problem is None:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key=_KIND,
        translation_placeholders={
            "account": subentry.title,
            "reason": async_get_texts(hass).error(
                problem.key, {"reason": problem.reason}
            ),
        },
    )

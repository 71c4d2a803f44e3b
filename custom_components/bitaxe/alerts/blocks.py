"""Announces a found block until somebody dismisses it: most people ever see one."""

from functools import partial

from homeassistant.components import persistent_notification
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .. import issues
from ..formatting import as_text
from ..texts import async_get_texts
from .model import AlertKind
from .monitor import AlertMonitor, MinerAlert


@callback
def async_follow_blocks(hass: HomeAssistant, alerts: AlertMonitor) -> None:
    """Report each block until somebody dismisses it, as long as the swarm is set up."""
    alerts.config_entry.async_on_unload(
        alerts.async_add_listener(partial(_celebrate, hass))
    )


@callback
def _celebrate(hass: HomeAssistant, miner_alert: MinerAlert) -> None:
    """Notify in the sidebar, and in the settings beyond a restart of Home Assistant."""
    alert = miner_alert.alert
    if alert.kind is not AlertKind.BLOCK_FOUND:
        return
    height = alert.data.get("block_height")
    found = dt_util.utc_from_timestamp(alert.since)
    details = {
        "name": as_text(miner_alert.name),
        "time": f"{dt_util.as_local(found):%Y-%m-%d %H:%M}",
        "height": "?" if height is None else str(height),
        "count": str(alert.data.get("blocks_found")),
    }
    texts = async_get_texts(hass)
    persistent_notification.async_create(
        hass,
        texts("alert_message.block_text", **details),
        title=texts("alert_message.block_title"),
        notification_id=issues.block_issue_id(miner_alert.miner_id),
    )
    issues.async_report_block(hass, miner_alert.miner_id, details)

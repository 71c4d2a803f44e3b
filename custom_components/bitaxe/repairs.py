"""Fixes for repair issues that one click can fix."""

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .coordinator import MinerConfigEntry


class RestoreSettingsFlow(RepairsFlow):
    """Brings a miner that lowered its own settings back to those chosen for it."""

    def __init__(self, entry_id: str) -> None:
        """Remember which miner; it may be gone when the person confirms."""
        self._entry_id = entry_id

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Begin with asking."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask, and restore the settings."""
        entry: MinerConfigEntry | None = self.hass.config_entries.async_get_entry(
            self._entry_id
        )
        if entry is None:
            return self.async_abort(reason="miner_removed")
        if entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="miner_not_set_up")
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        placeholders = dict(issue.translation_placeholders or {}) if issue else {}
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                await entry.runtime_data.async_restore_intended()
            except HomeAssistantError as err:
                errors["base"] = "restore_failed"
                placeholders["reason"] = str(err)
            else:
                return self.async_create_entry(data={})
        return self.async_show_form(
            step_id="confirm", errors=errors, description_placeholders=placeholders
        )


async def async_create_fix_flow(
    hass: HomeAssistant,
    issue_id: str,
    data: dict[str, str | int | float | None] | None,
) -> RepairsFlow:
    """Return the flow for an issue; the only fixable kind is a de-tuned miner."""
    assert data is not None
    return RestoreSettingsFlow(str(data["entry_id"]))

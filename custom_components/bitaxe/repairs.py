"""Fixes for repair issues: what a person only has to agree to.

A question that was opened before the situation changed sends nothing, and says why.
"""

from abc import abstractmethod
from typing import ClassVar, Final, override

from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.http import current_request

from . import issues
from .axeos import Command, MiningState, Settings, Snapshot
from .const import DOMAIN
from .coordinator import MinerConfigEntry, MinerCoordinator
from .errors import describe_difference
from .frontend.dashboard import async_add_dashboard, async_answer
from .history.migration import UNKNOWN_ENTRY
from .miner.agreement import RestoreOffer
from .miner.backups import Backup
from .miner.errors import SituationChangedError
from .miner.write_log import Origin, OriginKind
from .storage import UNREADABLE
from .swarm.backup_services import restoring
from .texts import async_get_texts, describe_error
from .tuning.issues import SOAK_TEST_FAILED, hardware_of, points_of

_CHANGED: Final = "situation_changed"

type _Differences = dict[str, tuple[object, object]]


class MinerRepairFlow(RepairsFlow):
    """Asks about one miner, and does what a person agrees to."""

    _failed: ClassVar[str]
    """Key of the error where it fails."""

    def __init__(self, entry_id: str) -> None:
        """Note which miner; it may be gone when the person confirms."""
        self._entry_id = entry_id

    @property
    def _unavailable(self) -> str | None:
        """Why nothing can be asked or done, as the reason of an abort."""
        entry = self.hass.config_entries.async_get_entry(self._entry_id)
        if entry is None:
            return "miner_removed"
        if entry.state is not ConfigEntryState.LOADED:
            return "miner_not_set_up"
        return None

    @property
    def _miner(self) -> MinerCoordinator:
        entry: MinerConfigEntry | None = self.hass.config_entries.async_get_entry(
            self._entry_id
        )
        assert entry is not None
        return entry.runtime_data

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Begin with asking."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask, and do it."""
        if (reason := self._unavailable) is not None:
            return self.async_abort(reason=reason)
        errors: dict[str, str] = {}
        placeholders = self._shown
        if user_input is not None:
            if self._is_withdrawn:
                return self.async_abort(reason=_CHANGED)
            try:
                await self._async_act()
            except HomeAssistantError as err:
                if err.translation_key == _CHANGED:
                    return self.async_abort(reason=_CHANGED)
                errors["base"] = self._failed
                placeholders["reason"] = describe_error(self.hass, err)
            else:
                return self.async_create_entry(data={})
        return self.async_show_form(
            step_id="confirm", errors=errors, description_placeholders=placeholders
        )

    @property
    def _is_withdrawn(self) -> bool:
        """Whether this is not asked any more, or something else is by the same name."""
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        return issue is None or not issue.active or issue.data != self.data

    @abstractmethod
    async def _async_act(self) -> None:
        """Do what was agreed to.

        Raises:
            HomeAssistantError: it failed, or is no longer what was asked.

        """

    @property
    def _shown(self) -> dict[str, str]:
        """What is asked."""
        return self._placeholders

    @property
    def _placeholders(self) -> dict[str, str]:
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        return dict(issue.translation_placeholders or {}) if issue else {}


class RestoreSettingsFlow(MinerRepairFlow):
    """Brings a miner that lowered its own settings back to those chosen for it.

    Where overheating was not seen, somebody may have chosen the present ones: then
    to leave them as they are is an answer, too.
    """

    _failed = "restore_failed"
    _offer: RestoreOffer | None = None

    @override
    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Begin with asking, and note what is asked."""
        if (reason := self._unavailable) is not None:
            return self.async_abort(reason=reason)
        self._offer = self._miner.restore_offer
        if self._offer is None:
            return self.async_abort(reason=_CHANGED)
        if not self._offer.certain:
            return self.async_show_menu(
                step_id="init",
                menu_options=["confirm", "keep"],
                description_placeholders=self._shown,
            )
        return await self.async_step_confirm()

    @override
    async def _async_act(self) -> None:
        await self._miner.async_restore_intended(origin=_origin(), offer=self._offer)

    async def async_step_keep(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Take the present settings as chosen."""
        if (reason := self._unavailable) is not None:
            return self.async_abort(reason=reason)
        if self._miner.restore_offer != self._offer:
            return self.async_abort(reason=_CHANGED)
        self._miner.async_keep_present()
        return self.async_create_entry(data={})

    @property
    @override
    def _shown(self) -> dict[str, str]:
        """What is asked, also when the issue says something newer by now."""
        shown = self._placeholders
        if self._offer is not None:
            shown |= {
                "intended": str(self._offer.intended.operating_point),
                "present": str(self._offer.present),
            }
        return shown


class RestartFlow(MinerRepairFlow):
    """Restarts a miner whose regulator has latched off."""

    _failed = "restart_failed"

    @override
    async def _async_act(self) -> None:
        await self._miner.async_execute(
            Command.RESTART, origin=_origin(), check=_check_regulator
        )


class FallBackFlow(MinerRepairFlow):
    """Brings a miner back to the setting it had before a soak test."""

    _failed = "apply_failed"

    @override
    async def _async_act(self) -> None:
        """Fall back, if the miner is still on the profile."""
        assert self.data is not None
        failed, before = points_of(self.data)
        hardware = hardware_of(self.data)

        def fall_back(snapshot: Snapshot) -> Settings:
            present = snapshot.operating_point
            if present != failed or snapshot.identity.hardware.differs_from(hardware):
                raise SituationChangedError(str(failed), str(present))
            return Settings(
                frequency=before.frequency, core_voltage=before.core_voltage
            )

        await self._miner.async_apply(fall_back, origin=_origin())


class RestoreBackupFlow(MinerRepairFlow):
    """Gives a miner the settings back that an installation of firmware did not keep."""

    _failed = "restore_failed"
    _asked: _Differences | None = None
    """What is asked, once it is."""

    @property
    @override
    def _unavailable(self) -> str | None:
        """Why nothing can be asked or done, as the reason of an abort."""
        if (reason := super()._unavailable) is not None:
            return reason
        return "backup_gone" if self._backup is None else None

    @override
    async def _async_act(self) -> None:
        """Restore the backup from before."""
        backup = self._backup

        def restore(snapshot: Snapshot) -> Settings:
            if backup is None or _differences(backup, snapshot) != self._asked:
                point = str(snapshot.operating_point)
                raise SituationChangedError(point, point)
            return restoring(backup, snapshot)

        await self._miner.async_apply(restore, origin=_origin())

    @property
    def _backup(self) -> Backup | None:
        """The backup from before, while it is kept."""
        assert self.data is not None
        return self._miner.backups.find(str(self.data["backup_id"]))

    @property
    @override
    def _shown(self) -> dict[str, str]:
        """What is asked: each setting as it is now, and as it was."""
        backup = self._backup
        if self._asked is None and backup is not None:
            self._asked = _differences(backup, self._miner.snapshot)
        texts = async_get_texts(self.hass)
        lines = [
            f"- {describe_difference(name, wanted, reported, texts)}"
            for name, (wanted, reported) in (self._asked or {}).items()
        ]
        return self._placeholders | {"differences": "\n".join(lines) or "-"}


class RemoveEntryFlow(ConfirmRepairFlow):
    """Removes an entry that nothing can be made of."""

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask, and remove it."""
        assert self.data is not None
        entry_id = str(self.data["entry_id"])
        entry = self.hass.config_entries.async_get_entry(entry_id)
        if entry is None or entry.state is not ConfigEntryState.MIGRATION_ERROR:
            return self.async_abort(reason=_CHANGED)
        if user_input is not None:
            await self.hass.config_entries.async_remove(entry_id)
        return await super().async_step_confirm(user_input)


class DashboardFlow(RepairsFlow):
    """Adds the dashboard to the sidebar, or never asks again."""

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask."""
        return self.async_show_menu(step_id="init", menu_options=["add", "decline"])

    async def async_step_add(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Add it, with the rights of the user who asks for it."""
        request = current_request.get()
        user = None if request is None else request.get(KEY_HASS_USER)
        if user is None:
            return self.async_abort(
                reason="dashboard_failed", description_placeholders={"reason": "?"}
            )
        try:
            await async_add_dashboard(self.hass, user)
        except HomeAssistantError as err:
            return self.async_abort(
                reason="dashboard_failed",
                description_placeholders={"reason": str(err)},
            )
        async_answer(self.hass)
        return self.async_create_entry(data={})

    async def async_step_decline(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Take the no for an answer."""
        async_answer(self.hass)
        return self.async_create_entry(data={})


def _differences(backup: Backup, snapshot: Snapshot) -> _Differences:
    """Return (wanted, reported) of each setting that would be restored."""
    return restoring(backup, snapshot).unconfirmed(snapshot)


def _check_regulator(snapshot: Snapshot) -> None:
    """Refuse to restart a miner that hashes again."""
    if not snapshot.faults.regulator_off:
        state = snapshot.state.value
        raise SituationChangedError(MiningState.IDLE.value, state)


_FLOWS: Final[dict[str, type[MinerRepairFlow]]] = {
    issues.DETUNED: RestoreSettingsFlow,
    issues.MAYBE_DETUNED: RestoreSettingsFlow,
    issues.REGULATOR_OFF: RestartFlow,
    issues.FIRMWARE_SETTINGS: RestoreBackupFlow,
    SOAK_TEST_FAILED: FallBackFlow,
}


async def async_create_fix_flow(
    hass: HomeAssistant,
    issue_id: str,
    data: dict[str, str | int | float | None] | None,
) -> RepairsFlow:
    """Return the flow for an issue.

    A stored file that could not be read, and a block, only need to be taken note of.
    """
    assert data is not None
    if data.get("kind") in (UNREADABLE, issues.BLOCK_FOUND):
        return ConfirmRepairFlow()
    if data.get("kind") == UNKNOWN_ENTRY:
        return RemoveEntryFlow()
    if data.get("kind") == issues.DASHBOARD:
        return DashboardFlow()
    entry_id = str(data["entry_id"])
    return _FLOWS[issue_id.removesuffix(f"_{entry_id}")](entry_id)


def _origin() -> Origin:
    """Return who agrees: the user of the request that is being answered."""
    request = current_request.get()
    user = request.get(KEY_HASS_USER) if request is not None else None
    return Origin(
        kind=OriginKind.REPAIR, context=Context(user_id=user.id) if user else None
    )

"""Set-up of pool accounts: adding one, and changing it."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..following import loaded_miners
from ..targets.inputs import FiniteNumberSelector
from .client import PoolClient
from .errors import PoolError
from .model import JsonPaths, PoolKind
from .parsing import HASHRATE_UNITS, UNPAID_UNITS
from .settings import (
    CONF_INTERVAL,
    CONF_KIND,
    CONF_PATHS,
    CONF_URL,
    CONF_USER,
    DEFAULT_INTERVAL,
    MAX_INTERVAL,
    MIN_INTERVAL,
    PUBLIC_URLS,
    AccountSettings,
    check_url,
    check_user,
)
from .web_session import async_get_web_session

_LONGEST_WINDOW: Final = 24 * 60
_NOTHING: Final = "–"


class PoolAccountFlow(ConfigSubentryFlow):
    """Adds an account to the swarm, or changes one."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._kind = PoolKind.PUBLIC_POOL
        self._data: dict[str, Any] = {}

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Offer the kinds of pool."""
        return self.async_show_menu(step_id="user", menu_options=list(PoolKind))

    async def async_step_public_pool(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Take an account of public-pool.io, or of a public-pool at home."""
        return await self._async_choose(PoolKind.PUBLIC_POOL)

    async def async_step_ckpool(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Take an account of solo.ckpool.org, or of another ckpool."""
        return await self._async_choose(PoolKind.CKPOOL)

    async def async_step_ocean(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Take an account of OCEAN."""
        return await self._async_choose(PoolKind.OCEAN)

    async def async_step_json(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Take an account of any pool that answers with JSON."""
        return await self._async_choose(PoolKind.JSON)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change an account; its kind stays."""
        self._data = dict(self._get_reconfigure_subentry().data)
        return await self._async_choose(PoolKind(self._data[CONF_KIND]))

    async def async_step_account(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Take where and whom to ask, and see whether the pool answers."""
        errors: dict[str, str] = {}
        placeholders = {"user_placeholder": "{user}", "reason": _NOTHING}
        if user_input is not None:
            settings = self._settings(user_input, errors)
            if settings is not None and self._is_taken(settings):
                errors["base"] = "already_configured"
            elif settings is not None:
                try:
                    await PoolClient(
                        async_get_web_session(self.hass), settings
                    ).async_read(dt_util.utcnow().timestamp())
                except PoolError as err:
                    errors["base"] = err.key
                    placeholders["reason"] = err.reason or _NOTHING
                else:
                    return self._save(settings, user_input)
        return self.async_show_form(
            step_id="account",
            data_schema=self.add_suggested_values_to_schema(
                _schema(self._kind), user_input or self._suggested()
            ),
            errors=errors,
            description_placeholders=placeholders,
            last_step=True,
        )

    async def _async_choose(self, kind: PoolKind) -> SubentryFlowResult:
        self._kind = kind
        return await self.async_step_account()

    def _settings(
        self, user_input: Mapping[str, Any], errors: dict[str, str]
    ) -> AccountSettings | None:
        """Return what was entered, or the errors of the fields that are wrong."""
        try:
            url = check_url(user_input[CONF_URL])
        except ValueError:
            errors[CONF_URL] = "invalid_url"
            return None
        try:
            user = check_user(user_input[CONF_USER])
        except ValueError:
            errors[CONF_USER] = "invalid_user"
            return None
        return AccountSettings(
            kind=self._kind,
            url=url if self._kind is PoolKind.JSON else url.rstrip("/"),
            user=user,
            interval=int(user_input[CONF_INTERVAL]),
            paths=JsonPaths.from_dict(_paths(user_input)),
        )

    def _suggested(self) -> dict[str, Any]:
        """Return what is set up, or where the pool usually is and who mines there."""
        return {
            CONF_URL: PUBLIC_URLS[self._kind],
            CONF_USER: self._usual_account(),
            **self._data,
        }

    def _usual_account(self) -> str | None:
        """Return the address that the miners log in with."""
        for miner in loaded_miners(self.hass):
            pool = miner.snapshot.pools.in_use
            if pool is not None and pool.user:
                return pool.user.partition(".")[0]
        return None

    def _is_taken(self, settings: AccountSettings) -> bool:
        own = (
            self._reconfigure_subentry_id if self.source == SOURCE_RECONFIGURE else None
        )
        return any(
            subentry.unique_id == settings.unique_id and subentry.subentry_id != own
            for subentry in self._get_entry().subentries.values()
        )

    def _save(
        self, settings: AccountSettings, user_input: Mapping[str, Any]
    ) -> SubentryFlowResult:
        data: dict[str, Any] = {
            CONF_KIND: settings.kind.value,
            CONF_URL: settings.url,
            CONF_USER: settings.user,
            CONF_INTERVAL: settings.interval,
        }
        if CONF_PATHS in user_input:
            data[CONF_PATHS] = _paths(user_input)
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                self._get_entry(),
                self._get_reconfigure_subentry(),
                data=data,
                title=settings.title,
                unique_id=settings.unique_id,
            )
        return self.async_create_entry(
            title=settings.title, data=data, unique_id=settings.unique_id
        )


def _paths(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return the paths that were entered; what was left empty is kept as such."""
    if CONF_PATHS not in user_input:
        return {}
    return {"workers": "", "name": "", **user_input[CONF_PATHS]}


def _schema(kind: PoolKind) -> vol.Schema:
    fields: dict[vol.Marker, Any] = {
        vol.Required(CONF_URL): TextSelector(),
        vol.Required(CONF_USER): TextSelector(),
        vol.Required(CONF_INTERVAL, default=DEFAULT_INTERVAL): _minutes(
            MIN_INTERVAL, MAX_INTERVAL
        ),
    }
    if kind is PoolKind.JSON:
        usual = JsonPaths()
        paths: dict[vol.Marker, Any] = {
            # With a default, neither could be left empty.
            vol.Optional(
                "workers", description={"suggested_value": usual.workers}
            ): TextSelector(),
            vol.Optional(
                "name", description={"suggested_value": usual.name}
            ): TextSelector(),
            vol.Required("hashrate", default=usual.hashrate): TextSelector(),
            vol.Required("hashrate_unit", default=usual.hashrate_unit): _choice(
                HASHRATE_UNITS
            ),
            vol.Required("window_minutes", default=usual.window_minutes): _minutes(
                1, _LONGEST_WINDOW
            ),
            vol.Optional("last_share"): TextSelector(),
            vol.Optional("worker_best_difficulty"): TextSelector(),
            vol.Optional("best_difficulty"): TextSelector(),
            vol.Optional("unpaid"): TextSelector(),
            vol.Required("unpaid_unit", default=usual.unpaid_unit): _choice(
                UNPAID_UNITS
            ),
        }
        fields[vol.Required(CONF_PATHS)] = section(
            vol.Schema(paths), {"collapsed": False}
        )
    return vol.Schema(fields)


def _minutes(low: float, high: float) -> FiniteNumberSelector:
    return FiniteNumberSelector(
        NumberSelectorConfig(
            min=low,
            max=high,
            step=1,
            unit_of_measurement="min",
            mode=NumberSelectorMode.BOX,
        )
    )


def _choice(units: Mapping[str, float]) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(options=list(units), mode=SelectSelectorMode.DROPDOWN)
    )

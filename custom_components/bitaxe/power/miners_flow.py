"""The form of what several miners share: adding it to the swarm, changing it."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..following import miner_entries
from ..miner.names import distinct_names
from ..targets.inputs import is_text
from .heating_options import CONF_MINERS

_LONGEST_NAME: Final = 100


class MinersFlow(ConfigSubentryFlow):
    """Asks for a name and miners; a miner is in one subentry of the type at most."""

    subentry_type: ClassVar[str]
    placeholder: ClassVar[str]
    """Stands in the error for the one that has a miner already."""

    @abstractmethod
    def _schema(self, values: Mapping[str, Any]) -> vol.Schema:
        """Return the form, with what is chosen as `values`."""

    def _data(self, user_input: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is kept of what was entered."""
        return {key: value for key, value in user_input.items() if key != CONF_NAME}

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for all of it."""
        return self._ask("user", user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask what to change."""
        return self._ask("reconfigure", user_input)

    def _ask(
        self, step_id: str, user_input: dict[str, Any] | None
    ) -> SubentryFlowResult:
        errors: dict[str, str] = {}
        placeholders = {self.placeholder: ""}
        if user_input is not None:
            name = user_input[CONF_NAME].strip()
            taken = self._taken(user_input[CONF_MINERS])
            if not name or not is_text(name, _LONGEST_NAME):
                errors[CONF_NAME] = "no_name"
            elif not user_input[CONF_MINERS]:
                errors[CONF_MINERS] = "no_miner"
            elif taken is not None:
                errors[CONF_MINERS] = "miner_taken"
                placeholders[self.placeholder] = taken
            else:
                return self._save(name, self._data(user_input))
        present: Mapping[str, Any] = {}
        if self.source == SOURCE_RECONFIGURE:
            subentry = self._get_reconfigure_subentry()
            present = {**subentry.data, CONF_NAME: subentry.title}
        values = {**present, **(user_input or {})}
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                self._schema(values), values
            ),
            errors=errors,
            description_placeholders=placeholders,
        )

    def _save(self, name: str, data: dict[str, Any]) -> SubentryFlowResult:
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                self._get_entry(),
                self._get_reconfigure_subentry(),
                data=data,
                title=name,
            )
        return self.async_create_entry(title=name, data=data)

    def _taken(self, miners: list[str]) -> str | None:
        """Return the title of the one that has one of the miners already."""
        own = (
            self._reconfigure_subentry_id if self.source == SOURCE_RECONFIGURE else None
        )
        return next(
            (
                subentry.title
                for subentry in self._get_entry().get_subentries_of_type(
                    self.subentry_type
                )
                if subentry.subentry_id != own
                and set(miners) & set(subentry.data[CONF_MINERS])
            ),
            None,
        )


@callback
def miner_selector(hass: HomeAssistant, chosen: Iterable[str]) -> SelectSelector:
    """Return a choice of miners by unique id; those that are gone can be seen."""
    entries = miner_entries(hass)
    names = distinct_names(hass, entries)
    labels = {
        entry.unique_id or entry.entry_id: names[entry.entry_id] for entry in entries
    }
    labels.update({each: each for each in chosen if each not in labels})
    return SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=value, label=label)
                for value, label in sorted(labels.items(), key=lambda item: item[1])
            ],
            multiple=True,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )

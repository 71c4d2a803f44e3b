"""Actions on notes about miners."""

import math
from typing import Final

from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..const import DOMAIN
from ..coordinator import MinerCoordinator
from ..miner.notes import LONGEST_NOTE, Notes, notes_of
from ..targets import async_do_to_all, miners_schema
from ..targets.inputs import is_text

SERVICE_ADD_NOTE: Final = "add_note"
SERVICE_DELETE_NOTE: Final = "delete_note"

ATTR_TEXT: Final = "text"
ATTR_TIME: Final = "time"
ATTR_NOTE_ID: Final = "note_id"

_ADD_SCHEMA: Final = miners_schema(
    {
        vol.Required(ATTR_TEXT): vol.All(cv.string, vol.Strip),
        vol.Optional(ATTR_TIME): cv.datetime,
    }
)
_DELETE_SCHEMA: Final = miners_schema({vol.Required(ATTR_NOTE_ID): cv.string})


@callback
def async_setup_note_services(hass: HomeAssistant) -> None:
    """Register the actions, whether or not there is a miner yet."""
    for name, action, schema in (
        (SERVICE_ADD_NOTE, _async_add_note, _ADD_SCHEMA),
        (SERVICE_DELETE_NOTE, _async_delete_note, _DELETE_SCHEMA),
    ):
        hass.services.async_register(DOMAIN, name, action, schema)


async def _async_add_note(call: ServiceCall) -> None:
    """Keep a note about some miners, of now unless another time is given."""
    text: str = call.data[ATTR_TEXT]
    if not text or not is_text(text, LONGEST_NOTE):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="invalid_note",
            translation_placeholders={"longest": str(LONGEST_NOTE)},
        )
    now = dt_util.utcnow()
    try:
        time = dt_util.as_utc(call.data.get(ATTR_TIME, now)).timestamp()
    except OverflowError:
        # The first or last day there is, in one time zone or another.
        time = math.inf
    if not 0 <= time <= now.timestamp() + 60:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="note_of_the_future"
        )

    async def add(miner: MinerCoordinator) -> None:
        await _notes(call.hass, miner).async_add(text, time, call.context.user_id)

    await async_do_to_all(call, add)


async def _async_delete_note(call: ServiceCall) -> None:
    """Forget a note of a miner."""

    async def delete(miner: MinerCoordinator) -> None:
        if not await _notes(call.hass, miner).async_delete(call.data[ATTR_NOTE_ID]):
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="unknown_note"
            )

    await async_do_to_all(call, delete)


def _notes(hass: HomeAssistant, miner: MinerCoordinator) -> Notes:
    notes = notes_of(hass, miner.config_entry.entry_id)
    if notes is None:
        # Between the reading of a miner and the set-up of all that belongs to it.
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_miner_set_up"
        )
    return notes

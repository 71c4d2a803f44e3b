"""Names and defaults shared by the whole integration."""

from datetime import timedelta
from typing import Final

DOMAIN: Final = "bitaxe"

CONF_KIND: Final = "kind"
"""Which of the two kinds of config entry this is; in the entry's data."""
KIND_MINER: Final = "miner"
KIND_SWARM: Final = "swarm"
SWARM_UNIQUE_ID: Final = "swarm"

# Options of a miner
CONF_EXTENDED_RANGE: Final = "extended_range"
DEFAULT_SCAN_INTERVAL: Final = 10
"""s between two readings of a miner."""
MIN_SCAN_INTERVAL: Final = 5
MAX_SCAN_INTERVAL: Final = 300

# Options of the swarm
CONF_PRICE: Final = "price"
"""Electricity price per kWh in the currency of Home Assistant."""
CONF_PRICE_ENTITY: Final = "price_entity"
"""Entity whose state is the electricity price; goes before the fixed price."""
CONF_ALERTS: Final = "alerts"
"""What of the rules of alerts is not default, by kind; see `watch/rules.py`."""

EVENT_ALERT: Final = "bitaxe_alert"
"""Event on the bus for every alert; the logbook and the blueprints listen to it."""
EVENT_DISCORD_COMMAND: Final = "bitaxe_discord_command"
"""Event on the bus for everything that was done from Discord; the logbook shows it."""
COMMAND_DONE: Final = "done"
"""The `result` of such an event if all went well; else it says what went wrong."""
SIGNAL_ALERT: Final = "bitaxe_alert_{}"
"""Alerts for the event entity of one miner, by the id of its config entry."""

LONGEST_BACK_OFF: Final = timedelta(minutes=5)
"""A miner that fails or is slow is asked at least this often."""
MISSED_POLLS_UNTIL_UNAVAILABLE: Final = 3

"""Names and defaults shared by the whole integration."""

from datetime import timedelta
from typing import Final

DOMAIN: Final = "bitaxe"
ENTRY_VERSION: Final = 2
"""Of our config entries; those of other integrations of this domain are of version
1."""

CONF_BOT_ID: Final = "bot_id"
CONF_KIND: Final = "kind"
"""Which of the two kinds of config entry this is; in the entry's data."""
KIND_MINER: Final = "miner"
KIND_SWARM: Final = "swarm"
SWARM_UNIQUE_ID: Final = "swarm"

# Options of a miner
CONF_EXTENDED_RANGE: Final = "extended_range"
DEFAULT_SCAN_INTERVAL: Final = 10
"""Seconds between two readings of a miner."""
MIN_SCAN_INTERVAL: Final = 5
MAX_SCAN_INTERVAL: Final = 300

CONF_GUARD: Final = "guard"
CONF_TUNING: Final = "tuning"
"""What the guard may do, of a miner and of the swarm; see `guard/model.py`."""

CONF_POWER: Final = "power"
"""What was chosen about power targets, of a miner and of the swarm; see
`power/model.py`."""

# Options of the swarm
CONF_PRICE: Final = "price"
"""Electricity price per kWh in the currency of Home Assistant."""
CONF_PRICE_ENTITY: Final = "price_entity"
"""Entity whose state is the electricity price; goes before the fixed price."""
CONF_BITCOIN_PRICE: Final = "bitcoin_price"
"""Price of a bitcoin in the currency of Home Assistant."""
CONF_BITCOIN_PRICE_ENTITY: Final = "bitcoin_price_entity"
"""Entity whose state is that price; goes before the fixed one."""
CONF_BLOCK_FEES: Final = "block_fees"
"""Fees in a block, in BTC, on top of the subsidy."""
CONF_POOL_FEE: Final = "pool_fee"
"""% of the income that the pool keeps."""
CONF_ALERTS: Final = "alerts"
"""What of the rules of alerts is not default, by kind; see `alerts/rules.py`."""

CONF_FIRMWARE: Final = "firmware"
"""Whether new firmware is asked for, and may be installed; see
`firmware/manager.py`."""
CONF_NOTIFICATIONS: Final = "notifications"
"""Who is notified of which alerts; see `alerts/notifications.py`."""
CONF_CHART_THEME: Final = "chart_theme"
"""Colours of the images of charts: `dark`, `light` or `discord`."""
CONF_DASHBOARD_ANSWERED: Final = "dashboard_answered"
"""Whether somebody has a dashboard, or does not want one; in the swarm's data."""

EVENT_ALERT: Final = "bitaxe_alert"
"""Event on the bus for every alert; the logbook and the blueprints listen to it."""
EVENT_ACTIVITY: Final = "bitaxe_activity"
"""Event on the bus for everything else that happens to a miner; the timeline reads
it."""
EVENT_DISCORD_COMMAND: Final = "bitaxe_discord_command"
"""Event on the bus for everything that was done from Discord; the logbook shows it."""
COMMAND_DONE: Final = "done"
"""The `result` of such an event if all went well; else it says what went wrong."""
SIGNAL_ALERT: Final = "bitaxe_alert_{}"
"""Alerts for the event entity of one miner, by the id of its config entry."""
SIGNAL_OCCURRENCE: Final = "bitaxe_occurrences"
"""Sent with a miner's entry and each thing that happens to it, for triggers."""
SIGNAL_BOARD_CHANGED: Final = "bitaxe_board_changed"
"""Dispatched with the identifier of a miner that has another board than before."""
SIGNAL_RAISED: Final = "bitaxe_raised_alerts"
"""Sent with all raised alerts when they are others than before, of whichever miner."""

COUNTER_INTERVAL: Final = 60.0
"""Seconds between two states of a counter, as of energy; see `sensor/reporting.py`."""
LONGEST_BACK_OFF: Final = timedelta(minutes=5)
"""A miner that fails or is slow is asked at least this often."""
MISSED_POLLS_UNTIL_UNAVAILABLE: Final = 3

HASHES_PER_DIFFICULTY: Final = 2**32
"""On average, for a share of difficulty 1: Bitcoin's definition, to 1 in 65536."""
JOULES_PER_KWH: Final = 3_600_000

OPTION_NATIVE_UNIT: Final = "native_unit_of_measurement"
"""Option of a sensor in the entity registry: the unit that its statistics were begun
in, or that it was adopted with."""

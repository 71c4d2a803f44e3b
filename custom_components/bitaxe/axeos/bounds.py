"""What is physically possible: one range for every kind of number a miner reports.

A number outside its range is a firmware's sentinel, a broken sensor or a corrupted
reply, and reads as unknown. Every range is finite and ends below 2^63, so that whatever
was read can be added up, kept and sent as JSON.
"""

from typing import Final, NamedTuple


class Bounds(NamedTuple):
    """The lowest and the highest possible value, both included."""

    low: float
    high: float


SMALLEST: Final = 1e-9
"""What is nearer to zero reads as zero: no miner measures it in any unit, and what is
divided by it has no end."""

ANY: Final = Bounds(-(2.0**62), 2.0**62)
"""Numbers that only stand for a choice or a flag, and are compared with known ones."""

# --- Time
UPTIME: Final = Bounds(0, 20 * 365.25 * 86_400)
"""s. The controllers came to the market in 2016; no miner has run for longer than 20
years. 2^32 - 1, which 32-bit arithmetic leaves behind, is 136 years."""
# ESP-Miner issue 1198 shows 26 041 793 ms.
RESPONSE_TIME: Final = Bounds(1e-3, 60_000)
"""ms. 0 means that the pool has not answered yet; no connection waits for a minute."""
PROCESS_TIME: Final = Bounds(0, 60_000)
"""ms, likewise, but may round to 0."""
DISPLAY_TIMEOUT: Final = Bounds(-1, 65_535)
"""Minutes, a 16-bit value; -1 is always on."""

# --- Counters and work
COUNT: Final = Bounds(0, 1e12)
"""Shares, jobs, nonces: 1500 a second for 20 years."""
ERROR_COUNT: Final = Bounds(0, 2**32)
"""Failed hashes, a 32-bit counter of the ASIC."""
BLOCKS: Final = Bounds(0, 1_000_000)
"""Blocks found by one miner; more than Bitcoin has had in all."""
BLOCK_HEIGHT: Final = Bounds(1, 1e9)
"""Bitcoin has less than 10^6 blocks; the fastest other chain a year has 3 * 10^7."""
SATOSHIS: Final = Bounds(0, 21_000_000 * 100_000_000)
"""All there will ever be."""
DIFFICULTY: Final = Bounds(0, 4e18)
"""Of a share or the network. All hashes of 20 years at 10 TH/s are 1.5 * 10^12 in this
unit, and the network's difficulty is about 1.5 * 10^14: a share of 4 * 10^18 comes once
in millions of such lives. 2^63 - 1 and 2^64 - 1, seen in replies, are beyond."""
HASHRATE: Final = Bounds(0, 1e6)
"""GH/s, where the board does not say more: twice the largest machine there is."""
TOTAL_HASHES: Final = Bounds(0, 1e24)
"""Hashes over a life: 20 years at 10^6 GH/s are 6 * 10^23."""
ERROR_PERCENTAGE: Final = Bounds(0, 1000)
"""% of failed hashes in relation to good ones: more than 100 is real (ESP-Miner issue
1573)."""

# --- Electricity
FREQUENCY: Final = Bounds(1, 1500)
"""MHz of an ASIC; overclocked ones reach 1200, and none of this kind has ever been run
above."""
ACTUAL_FREQUENCY: Final = Bounds(0, FREQUENCY.high)
"""MHz measured; 0 while the ASICs are off."""
CORE_VOLTAGE: Final = Bounds(1, 5000)
"""mV set for an ASIC; 0 is no setting."""
ACTUAL_CORE_VOLTAGE: Final = Bounds(0, 5000)
"""mV measured; 0 while the regulator is off."""
INPUT_VOLTAGE: Final = Bounds(100, 100_000)
"""mV."""
NOMINAL_VOLTAGE: Final = Bounds(1, 60)
"""V."""
VOLTAGE_LIMIT: Final = Bounds(1, 100)
"""V."""
POWER: Final = Bounds(0, 10_000)
"""W, where the board does not say more: no single machine draws more."""
POWER_LIMIT: Final = Bounds(1, 10_000)
"""W a board is made for."""
CURRENT: Final = Bounds(0, 1_000_000)
"""mA, also of the core: 12 ASICs at 20 A."""
CURRENT_LIMIT: Final = Bounds(0.1, 1000)
"""A."""

# --- Cooling
TEMPERATURE: Final = Bounds(0.1, 125)
"""°C. -1 and 0 mean no sensor or no reading; the codes of an open or shorted diode
start at 127 (EMC2101.c)."""
TEMPERATURE_LIMIT: Final = Bounds(1, 150)
"""°C at which a firmware stops the ASICs."""
TARGET_TEMPERATURE: Final = Bounds(1, 120)
"""°C."""
PERCENT: Final = Bounds(0, 100)
RPM: Final = Bounds(0, 30_000)
"""Fans of this size turn at 3000 to 15 000."""
FANS: Final = Bounds(0, 16)

# --- Controller and network
SAMPLING: Final = Bounds(0, 65535)
"""s."""
ASICS: Final = Bounds(1, 512)
"""ASICs of one machine; the largest known has 324."""
SMALL_CORES: Final = Bounds(1, 65_534)
RSSI: Final = Bounds(-120, -1)
"""dBm; 0 means no Wi-Fi."""
HEAP: Final = Bounds(0, 64 * 2**20)
"""Bytes; the controller addresses at most 32 MiB of external memory."""
PORT: Final = Bounds(0, 65_535)
ROTATION: Final = Bounds(0, 270)
"""Degrees."""

LONGEST_TEXT: Final = 255
"""Characters: what Home Assistant takes for a state."""
LONGEST_POOL_USER: Final = 3999
"""Characters the firmware keeps (nvs_config.c). Sent back as it is where only the
pool's address is changed, so it must not be cut."""
MOST_ITEMS: Final = 64
"""Items of a list that are read."""

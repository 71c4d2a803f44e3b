"""Why a miner booted, as AxeOS words it from v2.12 on.

Source: ESP-Miner `main/http_server/http_server.c`.
"""

RESTARTED = "Software reset via esp_restart"
POWERED_ON = "Reset due to power-on event"
CRASHED = "Software reset due to exception/panic"
BROWNED_OUT = "Brownout reset (software or hardware)"

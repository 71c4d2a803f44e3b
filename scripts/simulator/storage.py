"""The settings a miner keeps in flash."""

from typing import Any

from .spec import MinerSpec

POOL_SLOTS = 8
POOL_DEFAULTS: dict[str, Any] = {
    "stratumProtocol": "SV1",
    "stratumURL": "",
    "stratumPort": 3333,
    "stratumUser": "",
    "stratumPassword": "x",
    "stratumSuggestedDifficulty": 1000,
    "stratumExtranonceSubscribe": False,
    "stratumTLS": 0,
    "stratumCert": "",
    "stratumDecodeCoinbase": True,
    "stratumV2ChannelType": "extended",
    "stratumV2AuthorityPubkey": "",
    "stratumV2RequireAuth": False,
}
WALLET = "bc1qsimulatedwalletwithoutanyrealcoinsinit"

type Stored = dict[str, Any]


def default_storage(spec: MinerSpec) -> Stored:
    """Return the settings of a miner as its owner left them.

    Keys are those of AxeOS; NerdOS has some of its own. `pools` is a list of slots, an
    empty URL marks a free one.
    """
    frequency, voltage = spec.start_point
    pools = [dict(POOL_DEFAULTS) for _ in range(POOL_SLOTS)]
    user = f"{WALLET}.{spec.name}"
    pools[0] |= {"stratumURL": "pool.example.com", "stratumUser": user}
    if spec.fallback_pool:
        pools[1] |= {"stratumURL": "solo.example.net", "stratumUser": user}
    stored: Stored = {
        "frequency": frequency,
        "coreVoltage": voltage,
        "autofanspeed": True,
        "manualFanSpeed": 100,
        "minFanSpeed": 25,
        "temptarget": 60,
        "overheat_mode": False,
        "overclockEnabled": False,
        "displayTimeout": -1,
        "display": "SSD1306 (128x32)",
        "displayOffset": 0,
        "rotation": 0,
        "flipscreen": True,
        "invertscreen": False,
        "invertfanpolarity": True,
        "statsFrequency": 0,
        "hostname": spec.host_name,
        "ssid": "simulated",
        "wifiPass": "",
        "useFallbackStratum": False,
        "useCustomWWW": False,
        "primaryPoolIndex": 0,
        "secondaryPoolIndex": 1,
        "pools": pools,
    }
    if spec.dialect == "nerdos":
        stored |= {
            "autofanspeed": 2,
            "pidTargetTemp": 60,
            "pidP": 6.0,
            "pidI": 0.1,
            "pidD": 10.0,
            "overheat_temp": 70,
            "jobInterval": 500 if spec.hardware.chips > 1 else 1200,
            "stratumDifficulty": 1000,
            "stratum_keep": False,
            "poolBalance": 50,
            "autoscreenoff": False,
            "flipscreen": False,
            "invertfanpolarity": False,
            "vrFrequency": 25011,
            "fan2Mode": 0,
            "fan2ManualSpeed": 40,
            "fan2OverheatTemp": 80,
            "fan2TargetTemp": 65,
        }
    return stored

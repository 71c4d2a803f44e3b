"""Ready-made miners of many models and firmware generations."""

from .spec import MinerSpec

_SPECS = (
    MinerSpec(name="gamma-2.12", board="602", firmware="v2.12.2", seed=11),
    MinerSpec(name="gamma-2.15", board="601", firmware="v2.15.0", seed=12),
    MinerSpec(name="gamma-2.14", board="601", firmware="v2.14.2", seed=13),
    MinerSpec(name="gamma-2.11", board="601", firmware="v2.11.0", seed=14),
    MinerSpec(name="gamma-2.10", board="601", firmware="v2.10.1", seed=15),
    MinerSpec(
        name="ultra-2.1", model="ultra", board="204", firmware="v2.1.10", seed=21
    ),
    MinerSpec(name="ultra-2.4", model="ultra", board="204", firmware="v2.4.5", seed=22),
    MinerSpec(name="ultra-2.7", model="ultra", board="205", firmware="v2.7.2", seed=23),
    MinerSpec(name="max-2.6", model="max", board="102", firmware="v2.6.5", seed=31),
    MinerSpec(name="supra-2.9", model="supra", board="401", firmware="v2.9.0", seed=41),
    MinerSpec(name="supra-2.8", model="supra", board="401", firmware="v2.8.1", seed=42),
    MinerSpec(name="hex-2.12", model="hex", board="303", firmware="v2.12.2", seed=51),
    MinerSpec(
        name="suprahex-2.14", model="suprahex", board="701", firmware="v2.14.2", seed=61
    ),
    MinerSpec(
        name="gammaduo-2.13", model="gammaduo", board="650", firmware="v2.13.2", seed=71
    ),
    MinerSpec(name="gt-2.15", model="gt", board="801", firmware="v2.15.0", seed=81),
    MinerSpec(
        name="nerdaxegamma-1.0.29",
        model="nerdaxegamma",
        board="NerdAxeGamma",
        firmware="v1.0.29",
        dialect="nerdos",
        hostname="nerdaxe",
        seed=91,
    ),
    MinerSpec(
        name="nerdqaxepp-1.0.36",
        model="nerdqaxepp",
        board="NerdQAxe++",
        firmware="v1.0.36",
        dialect="nerdos",
        pool_difficulty=8192,
        seed=92,
    ),
    MinerSpec(
        name="nerdqaxepp-1.1.0",
        model="nerdqaxepp",
        board="NerdQAxe++",
        firmware="v1.1.0",
        dialect="nerdos",
        pool_difficulty=8192,
        seed=93,
    ),
    MinerSpec(
        name="nerdqaxepp-otp",
        model="nerdqaxepp",
        board="NerdQAxe++",
        firmware="v1.0.36",
        dialect="nerdos",
        pool_difficulty=8192,
        otp="271828",
        seed=94,
    ),
    MinerSpec(
        name="nerdoctaxe-1.1.0",
        model="nerdoctaxe",
        board="NerdOCTAXE-γ",
        firmware="v1.1.0",
        dialect="nerdos",
        pool_difficulty=16384,
        hostname="nerdoctaxe",
        seed=95,
    ),
    MinerSpec(
        name="forge-nano",
        model="forge-nano",
        board="800",
        firmware="v1.0-12-ge3023a7",
        dialect="forge",
        pool_difficulty=8192,
        seed=101,
    ),
    MinerSpec(
        name="forge-nano-1.0",
        model="forge-nano",
        board="800",
        firmware="v1.0",
        dialect="forge",
        pool_difficulty=8192,
        seed=102,
    ),
    MinerSpec(
        name="nmaxe",
        model="nmaxe",
        board="NMAxe",
        firmware="v2.9.31",
        dialect="nmaxe",
        seed=111,
    ),
)

PRESETS: dict[str, MinerSpec] = {spec.name: spec for spec in _SPECS}
"""Specs by name; the number in a name is the firmware version."""

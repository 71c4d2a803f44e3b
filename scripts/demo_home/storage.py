"""The configuration folder, as far as it is there before Home Assistant starts.

The demo must not reach for the internet. Home Assistant does so at three points that
only its stores can decide before the first start: the onboarding adds a weather
forecast and others, the marketplace loads its catalog, and the server listens to
everyone. Formats: Home Assistant 2026.11.0.
"""

import json
from pathlib import Path
import secrets
import shutil
from typing import Any

from .errors import DemoError
from .plug import EFFICIENCY, IDLE
from .settings import LOOPBACK, ROOT, Settings

_CONFIGURATION = f"""\
# Written by scripts/demo with every start. What default_config would add beyond this
# needs packages, hardware or the internet.
frontend:
config:
history:
logbook:
energy:
sun:
system_health:
# A room with a thermometer, and a plug that measures, as a home has them.
template:
  - sensor:
      - name: Study temperature
        unique_id: study_temperature
        device_class: temperature
        unit_of_measurement: °C
        state_class: measurement
        state: "{{{{ (20.4 + 0.4 * sin(as_timestamp(now()) / 1800)) | round(1) }}}}"
      - name: Study plug power
        unique_id: study_plug_power
        device_class: power
        unit_of_measurement: W
        state_class: measurement
        availability: "{{{{ has_value('sensor.bitaxe_office_power') }}}}"
        state: >-
          {{{{ ({IDLE} + states('sensor.bitaxe_office_power') | float / {EFFICIENCY})
          | round(1) }}}}
automation: !include automations.yaml
script: !include scripts.yaml
logger:
  default: warning
  logs:
    custom_components.bitaxe: info
    # They miss programs for cameras and voices, which nothing here uses.
    haffmpeg: critical
    homeassistant.components.camera: critical
"""
_WRITTEN_BY_THE_INTERFACE = ("automations.yaml", "scripts.yaml")
# Home Assistant imports its voice assistants wherever it describes its actions. They
# need two packages that no wheel exists of for this Python; nothing here listens to
# voices.
_STAND_INS = {
    "pymicro_vad.py": "class MicroVad:\n    pass\n",
    "pyspeex_noise.py": "class AudioProcessor:\n    pass\n",
}
_STATE = "demo.json"
_CREATED = "2026-01-01T00:00:00+00:00"


class State:
    """What the demo stores of its Home Assistant between two starts."""

    def __init__(self, settings: Settings) -> None:
        """Read it, or begin anew."""
        self._path = settings.config / _STATE
        data: dict[str, Any] = {}
        if self._path.exists():
            data = json.loads(self._path.read_text(encoding="utf-8"))
        self.password: str = data.get("password") or secrets.token_urlsafe(6)
        self.ready: bool = data.get("ready", False)
        """Whether the user and the miners are set up."""

    def save(self) -> None:
        """Write it for the eyes of its owner only."""
        text = json.dumps({"password": self.password, "ready": self.ready})
        self._path.touch(mode=0o600)
        self._path.write_text(text, encoding="utf-8")


def clear(settings: Settings) -> None:
    """Remove the configuration folder.

    Raises:
        DemoError: the folder holds something, and no demo made it.

    """
    folder = settings.config
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / _STATE).exists():
        raise DemoError(f"{folder} is no folder of a demo: it is left alone")
    shutil.rmtree(folder)


def prepare(settings: Settings) -> State:
    """Make the configuration folder fit to start, keeping what it holds."""
    folder = settings.config
    state = State(settings)
    if not state.ready:
        clear(settings)
    (folder / ".storage").mkdir(parents=True, exist_ok=True)
    state.save()
    (folder / "configuration.yaml").write_text(_CONFIGURATION, encoding="utf-8")
    for name in _WRITTEN_BY_THE_INTERFACE:
        (folder / name).touch()
    settings.stand_ins.mkdir(exist_ok=True)
    for name, source in _STAND_INS.items():
        (settings.stand_ins / name).write_text(source, encoding="utf-8")
    for name in ("www", "custom_components"):
        (folder / name).mkdir(exist_ok=True)
    link = folder / "custom_components" / "bitaxe"
    link.unlink(missing_ok=True)
    link.symlink_to(ROOT / "custom_components" / "bitaxe", target_is_directory=True)
    _write(
        folder,
        "http",
        {
            "stable": {
                "server_host": [LOOPBACK],
                "server_port": settings.port,
                "cors_allowed_origins": [],
                "login_attempts_threshold": -1,
                "ip_ban_enabled": False,
                "ssl_profile": "intermediate_v6",
                "use_x_frame_options": True,
                "created_at": _CREATED,
                "error": None,
                "error_message": None,
            },
            "pending": None,
            "yaml_migration_done": True,
        },
        version=3,
    )
    if not state.ready:
        _write(
            folder,
            "onboarding",
            {"done": ["core_config", "analytics", "integration"]},
            version=4,
        )
        _write(
            folder,
            "core.config_entries",
            {"entries": [_marketplace_turned_off()]},
            version=1,
            minor_version=5,
        )
    return state


def _marketplace_turned_off() -> dict[str, Any]:
    return {
        "created_at": _CREATED,
        "data": {},
        "discovery_keys": {},
        "disabled_by": "user",
        "domain": "marketplace",
        "entry_id": "01000000000000000000000000",
        "minor_version": 1,
        "modified_at": _CREATED,
        "options": {},
        "pref_disable_new_entities": False,
        "pref_disable_polling": False,
        "source": "system",
        "subentries": [],
        "title": "Marketplace",
        "unique_id": None,
        "version": 1,
    }


def _write(
    folder: Path, key: str, data: object, *, version: int, minor_version: int = 1
) -> None:
    document = {
        "version": version,
        "minor_version": minor_version,
        "key": key,
        "data": data,
    }
    path = folder / ".storage" / key
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")

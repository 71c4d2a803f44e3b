"""What Home Assistant can install, and what it has installed."""

import threading
from typing import Any

from homeassistant import requirements
from homeassistant.core import HomeAssistant
from homeassistant.util import package
from packaging.requirements import Requirement
import pytest


class PackageIndex:
    """Stands for pip: decides what is installed, and whether more can be.

    Everything else than the `missing` libraries is installed already.
    """

    def __init__(
        self, hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch, *missing: str
    ) -> None:
        """Take the place of what Home Assistant installs packages with."""
        self.missing = set(missing)
        self.is_reachable = False
        self.attempts: list[str] = []
        self.released = threading.Event()
        """Cleared while an installation takes its time."""
        self.released.set()
        hass.config.skip_pip = False
        monkeypatch.setattr(requirements, "MAX_INSTALL_FAILURES", 1)
        monkeypatch.setattr(package, "is_installed", self._is_installed)
        monkeypatch.setattr(package, "install_package", self._install)

    def _is_installed(self, requirement: str) -> bool:
        return Requirement(requirement).name not in self.missing

    def _install(self, requirement: str, **_: Any) -> bool:
        name = Requirement(requirement).name
        self.attempts.append(name)
        self.released.wait()
        if self.is_reachable:
            self.missing.discard(name)
        return self.is_reachable

"""Python libraries that are installed when a feature first needs them.

The requirements of a manifest are all or nothing: without internet after an update of
Home Assistant, a library for pictures would stop the miners. Charts and Discord
therefore ask here, and go on without where a library is missing.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from importlib import import_module, invalidate_caches
from time import monotonic
from typing import Final

from homeassistant import requirements
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import package
from homeassistant.util.hass_dict import HassKey
from packaging.tags import platform_tags

from .const import DOMAIN

FIRST_RETRY_SECONDS: Final = 60.0
"""Seconds from a failed installation to the next attempt; it doubles with each."""
LONGEST_RETRY_SECONDS: Final = 3600.0


def _always() -> bool:
    return True


def _not_on_musl_aarch64() -> bool:
    """Return whether there are wheels of matplotlib for this platform.

    There are none for Home Assistant OS on a Raspberry Pi, where nobody wants to have
    matplotlib compiled.
    """
    return not any(
        tag.startswith("musllinux") and tag.endswith("aarch64")
        for tag in platform_tags()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A library that one feature needs."""

    name: str
    specifier: str
    """What Home Assistant is asked to install."""
    module: str
    """A module of the library; importing it shows whether the library works."""
    issue: str
    """Translation key of the repair issue while it is missing."""
    is_supported: Callable[[], bool] = _always
    """Whether it can be installed on this machine. Reads files."""


MATPLOTLIB: Final = Requirement(
    name="matplotlib",
    # A range rather than a version: all integrations share one installation, and two
    # that ask for different versions would replace each other's at each start.
    specifier="matplotlib>=3.10,<4",
    module="matplotlib.backends.backend_agg",
    issue="charts_library_missing",
    is_supported=_not_on_musl_aarch64,
)
NEXTCORD: Final = Requirement(
    name="nextcord",
    specifier="nextcord>=3.1.0,<4",
    module="nextcord",
    issue="discord_library_missing",
)


class LibraryState(StrEnum):
    """How far a library is."""

    NOT_NEEDED = "not_needed"
    INSTALLING = "installing"
    READY = "ready"
    MISSING = "missing"
    """It could not be installed, or cannot be imported; this is tried again."""
    UNSUPPORTED = "unsupported"
    """There is none for this machine."""


class LibraryMissingError(HomeAssistantError):
    """A library is not installed, or does not work."""

    def __init__(self, library: str, reason: str) -> None:
        """Name the library, and what Home Assistant or Python says."""
        super().__init__(
            translation_domain=DOMAIN,
            translation_key="library_missing",
            translation_placeholders={"library": library, "reason": reason},
        )
        self.library = library
        self.reason = reason


class Library:
    """Installs one library, at most one attempt at a time."""

    def __init__(self, hass: HomeAssistant, requirement: Requirement) -> None:
        """Do nothing until somebody needs the library."""
        self.requirement = requirement
        self.state = LibraryState.NOT_NEEDED
        self.reason = ""
        """Why it is missing."""
        self._hass = hass
        self._attempt: asyncio.Task[None] | None = None
        self._is_needed = False
        self._failures = 0
        self._retry_at = 0.0
        self._ready = asyncio.Event()
        self._listeners: set[CALLBACK_TYPE] = set()

    @property
    def is_ready(self) -> bool:
        """Whether it can be imported."""
        return self.state is LibraryState.READY

    @property
    def _is_installing(self) -> bool:
        return self.state is LibraryState.INSTALLING

    @property
    def retry_seconds(self) -> float:
        """Seconds until it is tried again; 0 if that may be now."""
        return max(0.0, self._retry_at - monotonic())

    @callback
    def async_add_listener(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call `listener` whenever the state changes, or another attempt failed."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    async def async_load(self, *, at_once: bool = False) -> None:
        """Install the library if need be, and import it.

        Args:
            at_once: Whether to try again although the last attempt has only just
                failed; for a person who waits for the answer.

        Raises:
            LibraryMissingError: it is not there.

        """
        if self.is_ready:
            return
        if not self._is_installing and (
            at_once
            or self.state is LibraryState.NOT_NEEDED
            # Timers may fire a moment early.
            or self.retry_seconds < 1.0
        ):
            self._begin()
        if self._attempt is not None:
            # Others may wait for the same attempt.
            await asyncio.shield(self._attempt)
        if not self.is_ready:
            raise LibraryMissingError(self.requirement.name, self.reason)

    async def async_load_if_installed(self) -> bool:
        """Return whether it can be used now, and have it installed in the background.

        For a feature that has something else to go on with.
        """
        if self.is_ready or self.state is LibraryState.UNSUPPORTED:
            return self.is_ready
        if self.state is LibraryState.NOT_NEEDED:
            is_installed, is_supported = await self._hass.async_add_executor_job(
                lambda: (
                    package.is_installed(self.requirement.specifier),
                    self.requirement.is_supported(),
                )
            )
            if is_installed:
                with suppress(LibraryMissingError):
                    await self.async_load()
                return self.is_ready
            if not is_supported:
                self._set_state(LibraryState.UNSUPPORTED)
                return False
        if not self._is_installing and self.retry_seconds < 1.0:
            self._begin()
        return False

    async def async_wait_until_ready(self) -> None:
        """Wait until somebody's attempt to load it succeeds."""
        await self._ready.wait()

    @callback
    def async_release(self) -> None:
        """Take the repair issue back, because nobody needs the library any more."""
        self._is_needed = False
        ir.async_delete_issue(self._hass, DOMAIN, self.requirement.issue)
        if self.state is LibraryState.MISSING:
            self._failures = 0
            self._retry_at = 0.0
            self._set_state(LibraryState.NOT_NEEDED)

    @callback
    def _begin(self) -> None:
        self._is_needed = True
        self._attempt = self._hass.async_create_background_task(
            self._async_attempt(),
            f"install {self.requirement.name} for {DOMAIN}",
            eager_start=False,
        )
        # Listeners may ask for the library, and find the attempt begun.
        self._set_state(LibraryState.INSTALLING)

    async def _async_attempt(self) -> None:
        """Install and import; whatever goes wrong is noted, and stops nothing else."""
        try:
            await self._async_install()
            await self._hass.async_add_import_executor_job(
                partial(_import, self.requirement.module)
            )
        except Exception as err:  # noqa: BLE001 - a library may raise anything
            self._fail(str(err) or type(err).__name__)
        else:
            self._succeed()

    async def _async_install(self) -> None:
        """Have Home Assistant install the library, also after it has given up.

        Raises:
            RequirementsNotFound: it could not be installed.

        """
        if self._hass.config.skip_pip:
            return
        specifier = self.requirement.specifier
        manager: requirements.RequirementsManager | None = self._hass.data.get(
            requirements.DATA_REQUIREMENTS_MANAGER
        )
        if manager is not None:
            # It tries nothing again that has failed once, until it restarts.
            manager.install_failure_history.discard(specifier)
        await requirements.async_process_requirements(
            self._hass, DOMAIN, [specifier], is_built_in=False
        )

    def _succeed(self) -> None:
        self.reason = ""
        ir.async_delete_issue(self._hass, DOMAIN, self.requirement.issue)
        self._ready.set()
        self._set_state(LibraryState.READY)

    def _fail(self, reason: str) -> None:
        self.reason = reason
        self._retry_at = monotonic() + min(
            FIRST_RETRY_SECONDS * 2**self._failures, LONGEST_RETRY_SECONDS
        )
        # No more than it takes to reach the longest delay.
        self._failures = min(self._failures + 1, 10)
        if self._is_needed:
            ir.async_create_issue(
                self._hass,
                DOMAIN,
                self.requirement.issue,
                is_fixable=False,
                severity=ir.IssueSeverity.WARNING,
                translation_key=self.requirement.issue,
                translation_placeholders={
                    "library": self.requirement.name,
                    "reason": reason,
                },
            )
        self._set_state(LibraryState.MISSING)

    def _set_state(self, state: LibraryState) -> None:
        self.state = state
        for listener in list(self._listeners):
            listener()


def _import(module: str) -> None:
    # Python has looked for it before it was installed, and has cached that.
    invalidate_caches()
    import_module(module)


_LIBRARIES: Final[HassKey[dict[str, Library]]] = HassKey(f"{DOMAIN}_libraries")


@callback
def async_get_library(hass: HomeAssistant, requirement: Requirement) -> Library:
    """Return the one `Library` of a requirement."""
    libraries = hass.data.setdefault(_LIBRARIES, {})
    if requirement.name not in libraries:
        libraries[requirement.name] = Library(hass, requirement)
    return libraries[requirement.name]


@callback
def async_needed_libraries(hass: HomeAssistant) -> list[Library]:
    """Return the libraries that were needed so far."""
    return [
        library
        for library in hass.data.get(_LIBRARIES, {}).values()
        if library.state is not LibraryState.NOT_NEEDED
    ]


@callback
def async_release_libraries(hass: HomeAssistant) -> None:
    """Take back the repair issues of all libraries."""
    for library in hass.data.get(_LIBRARIES, {}).values():
        library.async_release()

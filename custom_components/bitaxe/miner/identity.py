"""Whether a reading is of the miner that a config entry is for, and of its board."""

from collections.abc import Callable

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

from ..axeos import Hardware, Snapshot
from ..const import DOMAIN
from .address import is_mac
from .errors import BoardChangedError, DifferentMinerError


class IdentityCheck:
    """Distinguishes the miner of one config entry from all others."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Begin without knowing whether the miner reports a MAC address."""
        self.hass = hass
        self.config_entry = entry
        self.reports_mac = False
        """Whether the miner has ever reported its MAC address."""

    @property
    def identifier(self) -> str:
        """What the miner is known by in the registries; final once it was read."""
        return self.config_entry.unique_id or self.config_entry.entry_id

    def check(
        self, snapshot: Snapshot, *, last: Snapshot | None, hardware: Hardware | None
    ) -> None:
        """Refuse a reading of another miner that got this one's address.

        Every reading passes here before anything is made of it: polls, those that a
        write is decided by, and those that confirm it.

        Old firmware reports no MAC address. Its miner is recognised by board and host
        name then; another host name is believed when the entry is loaded anew. The same
        holds for one reply without a MAC address, but that is not enough to write.

        `last` is the reading before, and `hardware` the board that settings were chosen
        for.

        Raises:
            DifferentMinerError: it is another miner's.

        """
        identity = snapshot.identity
        found = {
            dr.format_mac(mac)
            for mac in (identity.mac, identity.ethernet_mac)
            if mac is not None
        }
        if is_mac(self.identifier) and found:
            if self.identifier not in found:
                raise DifferentMinerError(self.identifier, ", ".join(sorted(found)))
            return
        if last is not None and any(
            self.hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, mac)
            for mac in found
        ):
            # Not the new firmware of this one, but the miner of another entry.
            raise DifferentMinerError(self.identifier, ", ".join(sorted(found)))
        if hardware is not None and identity.hardware.differs_from(hardware):
            raise DifferentMinerError(str(hardware), str(identity.hardware))
        known = last.identity.hostname if last is not None else None
        if known is not None and identity.hostname not in (None, known):
            raise DifferentMinerError(known, str(identity.hostname))

    def board_check(self, last: Snapshot) -> Callable[[Snapshot], None]:
        """Return what refuses writes to another board than that of the last reading."""
        meant_for = last.identity.hardware

        def check_board(snapshot: Snapshot) -> None:
            identity = snapshot.identity
            if self.reports_mac and not (identity.mac or identity.ethernet_mac):
                raise DifferentMinerError(self.identifier, identity.hostname or "?")
            found = identity.hardware
            if found.differs_from(meant_for):
                raise BoardChangedError(str(meant_for), str(found))

        return check_board

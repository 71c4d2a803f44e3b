"""Set-up: typing an address, searching the network, discovery."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from ipaddress import IPv4Interface
from typing import Any, Final, override

from homeassistant.components import network
from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_IMPORT,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.helpers import translation
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.device_registry import format_mac
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
import voluptuous as vol

from .axeos import (
    DEFAULT_PORT,
    CannotConnectError,
    ConnectionLostError,
    MinerClient,
    MinerError,
    NotAMinerError,
    ReadRefusedError,
)
from .const import (
    CONF_KIND,
    DOMAIN,
    ENTRY_VERSION,
    KIND_MINER,
    KIND_SWARM,
    SWARM_UNIQUE_ID,
)
from .discord.hub import SUBENTRY_TYPE
from .discord.setup.flow import DiscordChannelFlow
from .discord.setup.reauth import DiscordReauth
from .errors import error_key, error_placeholders
from .formatting import as_text
from .miner.address import Address, has_path, is_mac, miner_unique_id, parse_address
from .miner.names import suggested_name
from .miner.scan import (
    LARGEST_NETWORK,
    FoundMiner,
    NetworkTooLargeError,
    ScanResult,
    parse_network,
    scan,
)
from .options_flow import MinerOptionsFlow, SwarmOptionsFlow
from .pools.flow import PoolAccountFlow
from .pools.settings import SUBENTRY_TYPE as POOL_SUBENTRY_TYPE
from .power.heating import SUBENTRY_TYPE as HEATING
from .power.heating_flow import HeatingFlow
from .power.supply_flow import SupplyFlow
from .swarm.supply import SUBENTRY_TYPE as SUPPLY
from .texts import async_get_texts

CONF_NETWORKS: Final = "networks"
CONF_MINERS: Final = "miners"

# Larger networks of Home Assistant are searched around its own address by default.
_LARGEST_PREFILLED_PREFIX: Final = 22
_USUAL_PREFIX: Final = 24
_NOTHING: Final = "–"

_HOST_SCHEMA: Final = vol.Schema({vol.Required(CONF_HOST): TextSelector()})
_NETWORKS_SCHEMA: Final = vol.Schema(
    {vol.Required(CONF_NETWORKS): TextSelector(TextSelectorConfig(multiple=True))}
)


class BitaxeConfigFlow(DiscordReauth, domain=DOMAIN):
    """Adds miners, and once the swarm they form."""

    VERSION = ENTRY_VERSION
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Start with nothing found."""
        self._networks: list[str] = []
        self._addresses: list[Address] = []
        self._scan: asyncio.Task[ScanResult] | None = None
        self._found: dict[str, FoundMiner] = {}
        self._discovered: FoundMiner | None = None
        self._name = ""
        self._added: list[str] = []
        """Names of all miners that are added together."""

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the options of the kind of entry."""
        if config_entry.data[CONF_KIND] == KIND_SWARM:
            return SwarmOptionsFlow()
        return MinerOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what can be added to the swarm; nothing can to a miner."""
        if config_entry.data.get(CONF_KIND) == KIND_SWARM:
            return {
                SUBENTRY_TYPE: DiscordChannelFlow,
                POOL_SUBENTRY_TYPE: PoolAccountFlow,
                HEATING: HeatingFlow,
                SUPPLY: SupplyFlow,
            }
        return {}

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Offer the two ways to add miners."""
        return self.async_show_menu(step_id="user", menu_options=["miner", "scan"])

    async def async_step_miner(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add the miner at an address."""
        errors: dict[str, str] = {}
        placeholders: dict[str, str] = {}
        if user_input is not None:
            found = await self._async_find(user_input[CONF_HOST], errors, placeholders)
            if found is not None:
                return await self._async_create_miner(found)
        return self.async_show_form(
            step_id="miner",
            data_schema=self.add_suggested_values_to_schema(_HOST_SCHEMA, user_input),
            errors=errors,
            description_placeholders=placeholders,
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the address of a miner."""
        entry = self._get_reconfigure_entry()
        if entry.data[CONF_KIND] == KIND_SWARM:
            return self.async_abort(reason="swarm_has_no_address")
        errors: dict[str, str] = {}
        placeholders = {"name": entry.title}
        if user_input is not None:
            found = await self._async_find(user_input[CONF_HOST], errors, placeholders)
            if found is not None:
                return await self._async_move(entry, found)
        present = Address(entry.data[CONF_HOST], entry.data[CONF_PORT])
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(
                _HOST_SCHEMA, user_input or {CONF_HOST: str(present)}
            ),
            errors=errors,
            description_placeholders=placeholders,
        )

    async def async_step_scan(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the networks to search."""
        errors: dict[str, str] = {}
        placeholders = {"largest": str(LARGEST_NETWORK)}
        if user_input is None:
            self._networks = self._networks or await _async_own_networks(self.hass)
        else:
            self._networks = user_input[CONF_NETWORKS]
            self._addresses = _parse_networks(self._networks, errors, placeholders)
            if not errors:
                self._scan = None
                return await self.async_step_search()
        return self.async_show_form(
            step_id="scan",
            data_schema=self.add_suggested_values_to_schema(
                _NETWORKS_SCHEMA, {CONF_NETWORKS: self._networks}
            ),
            errors=errors,
            description_placeholders=placeholders,
        )

    async def async_step_search(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Search, and show how far it is."""
        if self._scan is None:
            self._scan = self.hass.async_create_task(
                scan(
                    async_get_clientsession(self.hass),
                    self._addresses,
                    self.async_update_progress,
                ),
                "bitaxe scan",
            )
        if not self._scan.done():
            return self.async_show_progress(
                step_id="search",
                progress_action="search",
                description_placeholders={"addresses": str(len(self._addresses))},
                progress_task=self._scan,
            )
        self._found = self._new_miners(self._scan.result())
        return self.async_show_progress_done(
            next_step_id="select" if self._found else "nothing_found"
        )

    async def async_step_nothing_found(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what the search came to, and offer the way back."""
        return self.async_show_menu(
            step_id="nothing_found",
            menu_options=["scan", "miner"],
            description_placeholders=self._search_summary(),
        )

    async def async_step_select(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add every miner that is ticked."""
        errors: dict[str, str] = {}
        if user_input is not None:
            if user_input[CONF_MINERS]:
                return await self._async_create_miners(user_input[CONF_MINERS])
            errors[CONF_MINERS] = "no_miner"
        options = [
            SelectOptionDict(value=unique_id, label=_label(found))
            for unique_id, found in self._found.items()
        ]
        schema = vol.Schema(
            {
                vol.Required(
                    CONF_MINERS,
                    default=list(self._found) if user_input is None else [],
                ): SelectSelector(
                    SelectSelectorConfig(
                        options=options, multiple=True, mode=SelectSelectorMode.LIST
                    )
                )
            }
        )
        return self.async_show_form(
            step_id="select",
            data_schema=schema,
            errors=errors,
            description_placeholders=self._search_summary(),
        )

    async def async_step_import(self, import_data: dict[str, Any]) -> ConfigFlowResult:
        """Add one more of the miners that were ticked; the scan has just read it."""
        found: FoundMiner = import_data["found"]
        self._name = import_data["name"]
        entry = await self.async_set_unique_id(_unique_id(found))
        # Ticking a miner overrules ignoring its discovery.
        if entry is not None and entry.source != SOURCE_IGNORE:
            return self.async_abort(reason="already_configured")
        return self._create_entry(found)

    async def async_step_system(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add the swarm, with the first miner."""
        await self.async_set_unique_id(SWARM_UNIQUE_ID)
        self._abort_if_unique_id_configured()
        texts = await translation.async_get_translations(
            self.hass, self.hass.config.language, "device", [DOMAIN]
        )
        return self.async_create_entry(
            title=texts[f"component.{DOMAIN}.device.swarm.name"],
            data={CONF_KIND: KIND_SWARM},
        )

    @override
    async def async_step_zeroconf(
        self, discovery_info: ZeroconfServiceInfo
    ) -> ConfigFlowResult:
        """Take in a web server that announces itself like a miner."""
        port = discovery_info.port or DEFAULT_PORT
        addresses = [
            Address(str(address), port)
            for address in discovery_info.ip_addresses
            if address.version == 4
        ]
        if not addresses:
            # The firmware looks at the client's IPv4 address.
            return self.async_abort(reason="network_refused")
        return await self._async_discover(addresses)

    @override
    async def async_step_dhcp(
        self, discovery_info: DhcpServiceInfo
    ) -> ConfigFlowResult:
        """Take in a device that got an address; a known miner need not answer yet."""
        mac = format_mac(discovery_info.macaddress)
        entry = await self.async_set_unique_id(mac)
        await self._async_keep_address(entry)
        self._abort_if_unique_id_configured(updates={CONF_HOST: discovery_info.ip})
        return await self._async_discover([Address(discovery_info.ip)], mac)

    async def async_step_discovery_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let a person confirm the miner that was discovered."""
        assert self._discovered is not None
        if user_input is not None:
            return self._create_entry(self._discovered)
        self._set_confirm_only()
        identity = self._discovered.snapshot.identity
        return self.async_show_form(
            step_id="discovery_confirm",
            description_placeholders={
                "name": self._name,
                "model": as_text(identity.model),
                "address": str(self._discovered.address),
            },
        )

    async def _async_discover(
        self, addresses: list[Address], mac: str | None = None
    ) -> ConfigFlowResult:
        """Have a miner confirmed that answers at one of some addresses.

        `mac` is the one its network card uses.
        """
        try:
            found = await self._async_probe_any(addresses)
        except MinerError as err:
            return self.async_abort(
                reason=error_key(err),
                description_placeholders=error_placeholders(
                    err, async_get_texts(self.hass)
                ),
            )
        entry = await self.async_set_unique_id(
            miner_unique_id(found.snapshot.identity.mac or mac, found.address)
        )
        await self._async_keep_address(entry)
        self._abort_if_known(found)
        self._discovered = found
        others = {
            flow["context"].get("title_placeholders", {}).get("name", "")
            for flow in self._async_in_progress(include_uninitialized=True)
        }
        self._name = self._suggested_name(found, others)
        self.context["title_placeholders"] = {"name": self._name}
        return await self.async_step_discovery_confirm()

    async def _async_keep_address(self, entry: ConfigEntry | None) -> None:
        """Abort if a known miner still answers where it is asked.

        One on both cable and Wi-Fi announces two addresses in changing order; going
        after each of them would interrupt it every time.

        Raises:
            AbortFlow: its entry is right as it is.

        """
        if entry is None or entry.data.get(CONF_KIND) != KIND_MINER:
            return
        try:
            if entry.state is ConfigEntryState.LOADED:
                await entry.runtime_data.async_check_address()
            else:
                present = Address(entry.data[CONF_HOST], entry.data[CONF_PORT])
                found = await self._async_probe(present)
                if _unique_id(found) != entry.unique_id:
                    return
        except MinerError:
            return
        self._abort_if_unique_id_configured()

    async def _async_probe_any(self, addresses: list[Address]) -> FoundMiner:
        """Return the miner at the first address that one answers at."""
        *first, last = addresses
        for address in first:
            try:
                return await self._async_probe(address)
            except MinerError:
                continue
        return await self._async_probe(last)

    async def _async_find(
        self, text: str, errors: dict[str, str], placeholders: dict[str, str]
    ) -> FoundMiner | None:
        """Return the miner at the address a person typed, or report what is wrong."""
        try:
            address = parse_address(text)
        except ValueError:
            errors[CONF_HOST] = "invalid_host"
            return None
        try:
            return await self._async_probe(address)
        except MinerError as err:
            errors[CONF_HOST] = _reason(text, err)
            placeholders |= error_placeholders(err, async_get_texts(self.hass))
            return None

    async def _async_probe(self, address: Address) -> FoundMiner:
        snapshot = await MinerClient.probe(
            async_get_clientsession(self.hass), address.host, address.port
        )
        return FoundMiner(address, snapshot)

    async def _async_create_miner(self, found: FoundMiner) -> ConfigFlowResult:
        """Add a miner a person asked for."""
        entry = await self.async_set_unique_id(
            _unique_id(found), raise_on_progress=False
        )
        await self._async_keep_address(entry)
        self._abort_if_known(found)
        return self._create_entry(found)

    async def _async_create_miners(self, unique_ids: list[str]) -> ConfigFlowResult:
        """Add the first miner with this flow, and each other one with its own."""
        first, *others = (self._found[unique_id] for unique_id in unique_ids)
        hostnames = Counter(
            found.snapshot.identity.hostname for found in (first, *others)
        )
        several = {name for name, count in hostnames.items() if name and count > 1}
        self._name = self._suggested_name(first, several)
        names: list[str] = []
        for found in others:
            taken = (*several, self._name, *names)
            names.append(self._suggested_name(found, taken))
        for found, name in zip(others, names, strict=True):
            data = {"found": found, "name": name}
            self.hass.async_create_task(
                self.hass.config_entries.flow.async_init(
                    DOMAIN, context={"source": SOURCE_IMPORT}, data=data
                ),
                "bitaxe add miner",
            )
        self._added = [self._name, *names]
        return await self._async_create_miner(first)

    async def _async_move(
        self, entry: ConfigEntry, found: FoundMiner
    ) -> ConfigFlowResult:
        """Give an entry a new address, if the same miner is there.

        A miner that reports no MAC cannot be distinguished; the person is trusted.
        """
        await self.async_set_unique_id(_unique_id(found), raise_on_progress=False)
        if is_mac(entry.unique_id) and is_mac(self.unique_id):
            self._abort_if_unique_id_mismatch(
                reason="different_miner",
                description_placeholders={
                    "name": entry.title,
                    "found": _label(found),
                },
            )
        elif self.unique_id != entry.unique_id:
            self._abort_if_unique_id_configured()
        return self.async_update_reload_and_abort(
            entry,
            data_updates={
                CONF_HOST: found.address.host,
                CONF_PORT: found.address.port,
            },
        )

    @callback
    def _create_entry(self, found: FoundMiner) -> ConfigFlowResult:
        count, names = len(self._added), ", ".join(self._added)
        return self.async_create_entry(
            title=self._name or self._suggested_name(found),
            # The frontend would show the first of several as if it were all.
            description="several" if count > 1 else None,
            description_placeholders={"count": str(count), "names": names},
            data={
                CONF_KIND: KIND_MINER,
                CONF_HOST: found.address.host,
                CONF_PORT: found.address.port,
            },
        )

    @callback
    def _suggested_name(self, found: FoundMiner, others: Iterable[str] = ()) -> str:
        """Return a name that no entry has, nor one of `others`."""
        taken = [entry.title for entry in self._async_current_entries()]
        # A router may know the MAC of a miner that reports none.
        unique_id = self.unique_id if found is self._discovered else None
        return suggested_name(
            found.snapshot.identity, unique_id or _unique_id(found), [*taken, *others]
        )

    @callback
    def _abort_if_known(self, found: FoundMiner) -> None:
        """Abort if there is an entry of this miner, and correct its address."""
        self._abort_if_unique_id_configured(
            updates={
                CONF_HOST: found.address.host,
                CONF_PORT: found.address.port,
            }
        )
        if self._is_known_by_address(found):
            raise AbortFlow("already_configured")

    def _is_known_by_address(self, found: FoundMiner) -> bool:
        """Return whether an entry is about this miner, although not by its MAC.

        Where both the entry and the miner have a MAC, an equal address only means that
        it changed hands.
        """
        return any(
            entry.data.get(CONF_HOST) == found.address.host
            and entry.data.get(CONF_PORT) == found.address.port
            and not (is_mac(entry.unique_id) and is_mac(_unique_id(found)))
            for entry in self._async_current_entries(include_ignore=False)
        )

    def _new_miners(self, result: ScanResult) -> dict[str, FoundMiner]:
        """Return the found miners without an entry, by their unique id."""
        known = {
            entry.unique_id
            for entry in self._async_current_entries()
            if entry.source != SOURCE_IGNORE
        }
        return {
            unique_id: found
            for found in result.miners
            if (unique_id := _unique_id(found)) not in known
            and not self._is_known_by_address(found)
        }

    def _search_summary(self) -> dict[str, str]:
        """Return what the search came to besides new miners."""
        assert self._scan is not None
        result = self._scan.result()
        return {
            "addresses": str(len(self._addresses)),
            "known": str(len(result.miners) - len(self._found)),
            "refused": _list(result.refused),
            "unsupported": _list(result.unsupported),
        }


async def _async_own_networks(hass: HomeAssistant) -> list[str]:
    """Return the IPv4 networks Home Assistant is on."""
    networks: dict[str, None] = {}
    for adapter in await network.async_get_adapters(hass):
        if not adapter["enabled"]:
            continue
        for configured in adapter["ipv4"]:
            prefix = configured["network_prefix"]
            if prefix < _LARGEST_PREFILLED_PREFIX:
                prefix = _USUAL_PREFIX
            own = IPv4Interface(f"{configured['address']}/{prefix}")
            if not own.is_loopback and not own.is_link_local:
                networks[str(own.network)] = None
    return list(networks)


def _parse_networks(
    networks: list[str], errors: dict[str, str], placeholders: dict[str, str]
) -> list[Address]:
    """Return the addresses of all networks, or report what is wrong with one."""
    addresses: list[Address] = []
    for text in networks:
        try:
            addresses += parse_network(text)
        except NetworkTooLargeError:
            errors[CONF_NETWORKS] = "network_too_large"
            placeholders["network"] = text
        except ValueError:
            errors[CONF_NETWORKS] = "invalid_network"
            placeholders["network"] = text
    if not networks:
        errors[CONF_NETWORKS] = "no_network"
    return addresses


def _unique_id(found: FoundMiner) -> str:
    return miner_unique_id(found.snapshot.identity.mac, found.address)


def _reason(text: str, err: MinerError) -> str:
    """Return why there is no miner at the address a person typed."""
    is_foreign = isinstance(err, NotAMinerError | ReadRefusedError)
    if is_foreign or isinstance(err, CannotConnectError):
        if text.strip().lower().startswith("https:"):
            return "https_address"
        if is_foreign and has_path(text):
            return "address_with_path"
    if isinstance(err, ConnectionLostError):
        # Something has accepted the connection.
        return "not_http"
    return error_key(err)


def _label(found: FoundMiner) -> str:
    """Return what distinguishes a miner from the others of the swarm."""
    identity = found.snapshot.identity
    name = suggested_name(identity, _unique_id(found), ())
    return " · ".join(
        part
        for part in (
            name,
            None if identity.model in name else as_text(identity.model),
            str(found.address),
        )
        if part
    )


def _list(addresses: tuple[Address, ...]) -> str:
    return ", ".join(map(str, addresses)) or _NOTHING

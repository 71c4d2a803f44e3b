"""Tools for assistants: which setting is best, and how the miners are doing."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.homeassistant.exposed_entities import async_should_expose
from homeassistant.components.llm import LLMTools
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.helpers.llm import (
    LLM_API_ASSIST,
    LLMContext,
    Tool,
    ToolAnnotations,
    ToolInput,
    ToolResult,
)
from homeassistant.util.json import JsonObjectType, JsonValueType
import voluptuous as vol

from .const import DOMAIN
from .containment import Containment
from .coordinator import MinerCoordinator
from .following import loaded_miners
from .permissions import async_readable
from .results.helpers import DEFAULT_SPAN, EVERYTHING, analysis_errors, make_span
from .results.payload import operating_point_as_json, rounded
from .results.responses import async_answer_configurations, async_answer_summary
from .targets import async_device_id
from .texts import describe_error

_CONTAINMENT: Final = Containment()
_MINER: Final = "miner"
_SPAN: Final = "span"
_READ_ONLY: Final = ToolAnnotations(
    read_only=True, destructive=False, idempotent=True, open_world=False
)
# What an assistant does not need to answer; every figure costs it time.
_CONFIGURATION: Final = (
    "frequency_mhz",
    "core_voltage_mv",
    "hours",
    "hashrate_ghs",
    "efficiency_j_th",
    "power_w",
    "asic_temperature_c",
    "present",
    "measured_enough",
    "bottlenecks",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMiner:
    """A miner as people call it."""

    name: str
    area: str | None
    miner: MinerCoordinator


@callback
def async_get_tools(
    hass: HomeAssistant, llm_context: LLMContext, api_id: str
) -> LLMTools | None:
    """Return the tools, if the assistant may know of any miner."""
    if api_id != LLM_API_ASSIST:
        return None
    miners = _exposed_miners(hass, llm_context.assistant)
    if not miners:
        return None
    listed = "; ".join(
        f"{item.name} (area: {item.area})" if item.area else item.name
        for item in miners
    )
    return LLMTools(
        tools=[BestSettingsTool(miners), MinersTool(miners)],
        prompt=f"Bitcoin miners in this home: {listed}",
    )


def _exposed_miners(hass: HomeAssistant, assistant: str) -> list[NamedMiner]:
    """Return the miners of which at least one entity is exposed."""
    registry = er.async_get(hass)
    named = [
        _named(hass, miner)
        for miner in loaded_miners(hass)
        if any(
            async_should_expose(hass, assistant, entity.entity_id)
            for entity in er.async_entries_for_config_entry(
                registry, miner.config_entry.entry_id
            )
        )
    ]
    return sorted(named, key=lambda item: item.name)


def _named(hass: HomeAssistant, miner: MinerCoordinator) -> NamedMiner:
    device_id = async_device_id(hass, miner)
    device = dr.async_get(hass).async_get(device_id) if device_id else None
    area = None
    if device is not None and device.area_id is not None:
        area = ar.async_get(hass).async_get_area(device.area_id)
    return NamedMiner(
        name=miner.display_name,
        area=area.name if area else None,
        miner=miner,
    )


class _MinerTool(Tool, ABC):
    """A tool about some miners, or all of them."""

    annotations = _READ_ONLY
    integration = DOMAIN
    default_span: str

    def __init__(self, miners: Sequence[NamedMiner]) -> None:
        """Let the assistant choose among the miners it may know of."""
        self._miners = miners
        self.parameters = vol.Schema(
            {
                vol.Optional(
                    _MINER, description="Name of a miner; all of them if left out."
                ): vol.In([item.name for item in miners]),
                vol.Optional(
                    _SPAN,
                    description=(
                        "How far to look back, such as 24h, 7d or all "
                        f"(default: {self.default_span})."
                    ),
                ): str,
            }
        )

    @override
    async def async_call(
        self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext
    ) -> ToolResult:
        """Answer with what the user may see, or say what is missing."""
        args = self.parameters(tool_input.tool_args)
        chosen = [
            item for item in self._miners if args.get(_MINER) in (None, item.name)
        ]
        try:
            readable = await async_readable(
                hass, llm_context.context, [item.miner for item in chosen]
            )
            data = await self._async_answer(
                hass,
                [item for item in chosen if item.miner in readable],
                args.get(_SPAN, self.default_span),
            )
        except HomeAssistantError as err:
            return ToolResult(data={"error": describe_error(hass, err)}, error=True)
        return ToolResult(data=data)

    @abstractmethod
    async def _async_answer(
        self, hass: HomeAssistant, chosen: Sequence[NamedMiner], span: str
    ) -> JsonObjectType:
        """Return what is known of the chosen miners over a span."""


class BestSettingsTool(_MinerTool):
    """Answers which setting of a miner is best."""

    name = f"{DOMAIN}__get_best_settings"
    title = "Get best miner settings"
    description = (
        "Compare the settings (ASIC frequency and core voltage) a bitcoin miner has "
        "run at, as measured: which is most efficient (lowest J/TH), fastest, or best "
        "balanced, and what a change from the present setting would bring in a month. "
        "A verdict of 'uncertain' may be chance; 'wait' means not now, because the "
        "setting runs hotter and an alert of heat, power or hardware is raised. "
        "Settings are compared over the hours given, in a room as warm as it was then. "
        "Costs are in the given currency."
    )
    default_span = EVERYTHING

    @override
    async def _async_answer(
        self, hass: HomeAssistant, chosen: Sequence[NamedMiner], span: str
    ) -> JsonObjectType:
        with analysis_errors():
            answer = await async_answer_configurations(
                hass, [item.miner for item in chosen], make_span(span)
            )
        miners: list[JsonValueType] = []
        found = answer["miners"]
        assert isinstance(found, list)
        for item, result in zip(chosen, found, strict=True):
            assert isinstance(result, dict)
            configurations = result["configurations"]
            assert isinstance(configurations, list)
            miners.append(
                {
                    "name": item.name,
                    "present": result["present"],
                    "recommendations": result["recommendations"],
                    "configurations": [
                        {key: configuration[key] for key in _CONFIGURATION}
                        for configuration in configurations
                        if isinstance(configuration, dict)
                    ],
                }
            )
        return {"currency": answer["currency"], "miners": miners}


class MinersTool(_MinerTool):
    """Answers how miners are doing, and did."""

    name = f"{DOMAIN}__get_miners"
    title = "Get miners"
    description = (
        "Get the present state of bitcoin miners and what they did over a time: "
        "hashrate, power, efficiency, energy, cost, temperatures, availability, "
        "restarts, shares and stability. Keys end with the unit. Totals are work and "
        "energy by the time, and so are power_w and mean_hashrate_ghs of a miner; its "
        "hashrate_ghs is the mean while hashing. If a miner was not watched all the time, "
        "watched_seconds says for how long before its end."
    )
    default_span = DEFAULT_SPAN

    @override
    async def _async_answer(
        self, hass: HomeAssistant, chosen: Sequence[NamedMiner], span: str
    ) -> JsonObjectType:
        with analysis_errors():
            answer = await async_answer_summary(
                hass, [item.miner for item in chosen], make_span(span)
            )
        found = answer["miners"]
        assert isinstance(found, list)
        return {
            "span": answer["span"],
            "currency": answer["currency"],
            "total": answer["total"],
            "miners": [
                {
                    "name": item.name,
                    "area": item.area,
                    "now": _present(item),
                    "over_the_span": summary,
                }
                for item, summary in zip(chosen, found, strict=True)
            ],
        }


def _present(item: NamedMiner) -> JsonObjectType:
    """Return what a miner reported last; nothing where that cannot be said."""
    with _CONTAINMENT.of(f"{item.name} as it is now, for an assistant,"):
        return _present_state(item.miner)
    return {}


def _present_state(miner: MinerCoordinator) -> JsonObjectType:
    """Return what the miner reported last."""
    if not miner.last_update_success:
        return {"state": "offline"}
    snapshot = miner.snapshot
    point = snapshot.operating_point
    return {
        "state": snapshot.state.value,
        "hashrate_ghs": rounded(snapshot.hashing.hashrate),
        "power_w": rounded(snapshot.electrical.power),
        "efficiency_j_th": rounded(snapshot.efficiency),
        "asic_temperature_c": rounded(snapshot.cooling.hottest_asic_temperature),
        **({} if point is None else operating_point_as_json(point)),
    }

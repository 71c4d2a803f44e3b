/** The view of the whole swarm. */

import { swarmDevice } from "../lib/devices";
import type { DeviceEntry, EntityEntry, HomeAssistant } from "../lib/hass";
import { type Key, localize } from "../lib/i18n";
import {
  asTile,
  perDay,
  repairs,
  section,
  statistics,
  steps,
  timeline,
  unlessEmpty,
} from "./cards";
import {
  layoutOf,
  MAX_COLUMNS,
  minerPath,
  minersOption,
  type StrategyConfig,
  type ViewConfig,
} from "./config";
import { pick } from "./entities";

export function overview(
  config: StrategyConfig,
  hass: HomeAssistant,
  miners: readonly DeviceEntry[],
  entities: ReadonlyMap<string, EntityEntry[]>,
  stepsLeft: boolean,
): ViewConfig {
  const swarm = entities.get(swarmDevice(hass)?.id ?? "") ?? [];
  const [energy] = pick(swarm, "sensor", ["swarm_energy"]);
  const statistic = (key: string, title: Key) =>
    unlessEmpty(pick(swarm, "sensor", [key]), (ids) =>
      statistics(ids, { days: 7, title: localize(hass, title) }),
    );
  return {
    title: localize(hass, "strategy.overview"),
    path: "overview",
    icon: "mdi:view-dashboard",
    show_icon_and_title: true,
    type: "sections",
    max_columns: MAX_COLUMNS,
    dense_section_placement: true,
    sections: [
      ...section(
        [
          ...(stepsLeft ? [steps()] : []),
          {
            type: "custom:bitaxe-swarm-card",
            layout: layoutOf(config, miners.length),
            row_action: "navigate",
            navigation_path: minerPath("{device_id}"),
            ...minersOption(config),
            grid_options: { columns: "full" },
          },
          ...(hass.user?.is_admin === true ? [repairs()] : []),
        ],
        { column_span: MAX_COLUMNS },
      ),
      // Four of a size and one of twice their width fill one column, two and three alike.
      ...section(
        [
          ...[
            // Of our own: Home Assistant's would show the swarm in GH/s.
            {
              type: "custom:bitaxe-comparison-card",
              total: true,
              ...minersOption(config),
            },
            statistic("swarm_efficiency", "strategy.efficiency"),
            statistic("swarm_power", "strategy.power"),
            energy === undefined
              ? undefined
              : perDay(energy, 30, localize(hass, "strategy.energy_per_day")),
          ].flatMap(asTile),
          timeline(minersOption(config), { columns: 24, rows: 5 }),
        ],
        { column_span: MAX_COLUMNS },
      ),
    ],
  };
}

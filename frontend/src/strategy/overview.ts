/** The view of the whole swarm. */

import { swarmDevice } from "../lib/devices";
import type { DeviceEntry, EntityEntry, HomeAssistant } from "../lib/hass";
import { type Key, localize } from "../lib/i18n";
import {
  group,
  heading,
  logbook,
  perDay,
  repairs,
  section,
  statistics,
  tile,
  unlessEmpty,
} from "./cards";
import {
  layoutOf,
  MAX_COLUMNS,
  minerPath,
  type StrategyConfig,
  type ViewConfig,
} from "./config";
import { pick } from "./entities";

const TILES = [
  "swarm_hashrate",
  "swarm_efficiency",
  "swarm_power",
  "swarm_energy",
  "swarm_cost_per_day",
  "swarm_miners_mining",
  "swarm_best_difficulty",
  "swarm_time_to_block",
];

export function overview(
  config: StrategyConfig,
  hass: HomeAssistant,
  miners: readonly DeviceEntry[],
  entities: ReadonlyMap<string, EntityEntry[]>,
): ViewConfig {
  const swarm = entities.get(swarmDevice(hass)?.id ?? "") ?? [];
  const [energy] = pick(swarm, "sensor", ["swarm_energy"]);
  const events = miners.flatMap((miner) =>
    pick(entities.get(miner.id) ?? [], "event", ["alert", "activity"]),
  );
  const course = (key: string, title: Key) =>
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
          {
            type: "custom:bitaxe-swarm-card",
            layout: layoutOf(config, miners.length),
            row_action: "navigate",
            navigation_path: minerPath("{device_id}"),
            ...(config.miners === undefined || config.miners.length === 0
              ? {}
              : { miners: config.miners }),
            grid_options: { columns: "full" },
          },
        ],
        { column_span: MAX_COLUMNS },
      ),
      ...section([
        ...group(
          heading(localize(hass, "strategy.totals"), "mdi:sigma"),
          pick(swarm, "sensor", TILES).map(tile),
        ),
        ...group(heading(localize(hass, "strategy.events"), "mdi:bell-outline"), [
          hass.user?.is_admin === true ? repairs() : undefined,
          unlessEmpty(events, (ids) => logbook(ids, 72)),
        ]),
      ]),
      ...section(
        group(heading(localize(hass, "strategy.performance"), "mdi:pickaxe"), [
          course("swarm_hashrate", "strategy.hashrate"),
          course("swarm_efficiency", "strategy.efficiency"),
        ]),
      ),
      ...section(
        group(heading(localize(hass, "strategy.energy"), "mdi:lightning-bolt"), [
          energy === undefined
            ? undefined
            : perDay(energy, 30, localize(hass, "strategy.energy_per_day")),
          course("swarm_power", "strategy.power"),
        ]),
      ),
    ],
  };
}

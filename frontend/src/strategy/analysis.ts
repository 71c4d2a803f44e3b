/** The view that compares: what each miner did, and what it could do better. */

import type { DeviceEntry, EntityEntry, HomeAssistant } from "../lib/hass";
import { localize } from "../lib/i18n";
import { heading, section, statistics, unlessEmpty } from "./cards";
import {
  MAX_COLUMNS,
  type SectionConfig,
  type StrategyConfig,
  type ViewConfig,
} from "./config";
import { pick } from "./entities";

/** Lines of a graph that can be told apart; the table compares any number of miners. */
const MOST_LINES = 8;
/** Beyond so many miners the efficiency cards are in the views of the miners only. */
const MOST_CARDS = 12;

export function analysis(
  config: StrategyConfig,
  hass: HomeAssistant,
  miners: readonly DeviceEntry[],
  entities: ReadonlyMap<string, EntityEntry[]>,
): ViewConfig {
  const all = (key: string): string[] =>
    miners.flatMap((miner) => pick(entities.get(miner.id) ?? [], "sensor", [key]));
  const compared = (key: string) =>
    miners.length > MOST_LINES
      ? undefined
      : unlessEmpty(all(key), (ids) => statistics(ids, { days: 7, compare: true }));
  return {
    title: localize(hass, "strategy.analysis"),
    path: "analysis",
    icon: "mdi:chart-scatter-plot",
    type: "sections",
    max_columns: MAX_COLUMNS,
    dense_section_placement: true,
    sections: [
      {
        type: "grid",
        column_span: MAX_COLUMNS,
        cards: [
          {
            type: "custom:bitaxe-summary-card",
            ...(config.miners === undefined || config.miners.length === 0
              ? {}
              : { miners: config.miners }),
            grid_options: { columns: "full" },
          },
        ],
      },
      ...(miners.length > MOST_CARDS
        ? []
        : miners.map((miner): SectionConfig => ({
            type: "grid",
            column_span: 2,
            cards: [
              {
                type: "custom:bitaxe-efficiency-card",
                device_id: miner.id,
                grid_options: { columns: "full" },
              },
            ],
          }))),
      ...section(
        heading(localize(hass, "strategy.efficiency_compared"), "mdi:leaf"),
        [compared("efficiency")],
        2,
      ),
      ...section(
        heading(localize(hass, "strategy.hashrate_compared"), "mdi:pickaxe"),
        [compared("hashrate")],
        2,
      ),
    ],
  };
}

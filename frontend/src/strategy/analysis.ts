/** The view that compares: what each miner did, and what it could do better. */

import type { DeviceEntry, EntityEntry, HomeAssistant } from "../lib/hass";
import { type Key, localize } from "../lib/i18n";
import { section, statistics } from "./cards";
import {
  MAX_COLUMNS,
  minersOption,
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
  const compared = (key: string, title: Key): SectionConfig[] => {
    const ids = all(key);
    return ids.length < 2 || ids.length > MOST_LINES
      ? []
      : section([
          statistics(ids, { days: 7, title: localize(hass, title), compare: true }),
        ]);
  };
  return {
    title: localize(hass, "strategy.analysis"),
    path: "analysis",
    icon: "mdi:chart-scatter-plot",
    show_icon_and_title: true,
    type: "sections",
    max_columns: MAX_COLUMNS,
    dense_section_placement: true,
    sections: [
      ...section(
        [
          {
            type: "custom:bitaxe-summary-card",
            ...minersOption(config),
            grid_options: { columns: "full" },
          },
        ],
        { column_span: MAX_COLUMNS },
      ),
      ...compared("hashrate", "strategy.hashrate"),
      ...compared("efficiency", "strategy.efficiency"),
      ...compared("asic_temperature", "strategy.asic_heat"),
      ...(miners.length > MOST_CARDS
        ? []
        : miners.flatMap((miner) =>
            section([
              {
                type: "custom:bitaxe-efficiency-card",
                device_id: miner.id,
                grid_options: { columns: "full" },
              },
            ]),
          )),
    ],
  };
}

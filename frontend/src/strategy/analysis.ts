/** The view that compares: what each miner did, and what it could do better. */

import { swarmDevice } from "../lib/devices";
import type { DeviceEntry, EntityEntry, HomeAssistant } from "../lib/hass";
import { localize } from "../lib/i18n";
import { section } from "./cards";
import {
  MAX_COLUMNS,
  minersOption,
  type StrategyConfig,
  type ViewConfig,
} from "./config";
import { pick } from "./entities";

/** Beyond so many miners the efficiency cards are in the views of the miners only. */
const MOST_CARDS = 12;

export function analysis(
  config: StrategyConfig,
  hass: HomeAssistant,
  miners: readonly DeviceEntry[],
  entities: ReadonlyMap<string, EntityEntry[]>,
): ViewConfig {
  const swarm = entities.get(swarmDevice(hass)?.id ?? "") ?? [];
  const [records] = pick(swarm, "sensor", ["swarm_best_difficulty"]);
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
      ...(miners.length < 2
        ? []
        : section(
            [
              {
                type: "custom:bitaxe-comparison-card",
                ...minersOption(config),
                grid_options: { columns: "full" },
              },
            ],
            { column_span: MAX_COLUMNS },
          )),
      ...(miners.length > MOST_CARDS
        ? []
        : miners.flatMap((miner) =>
            section([
              {
                type: "custom:bitaxe-efficiency-card",
                device_id: miner.id,
                hide_unmeasured: true,
                grid_options: { columns: "full" },
              },
            ]),
          )),
      ...section(
        records === undefined
          ? []
          : [
              {
                type: "custom:bitaxe-records-card",
                entity: records,
                grid_options: { columns: "full" },
              },
            ],
      ),
    ],
  };
}

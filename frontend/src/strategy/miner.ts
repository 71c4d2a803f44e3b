/** The view of one miner. */

import { deviceName } from "../lib/devices";
import type { DeviceEntry, EntityEntry, HomeAssistant } from "../lib/hass";
import { localize } from "../lib/i18n";
import {
  entities as entityRows,
  group,
  heading,
  section,
  slider,
  statistics,
  timeline,
  unlessEmpty,
} from "./cards";
import {
  MAX_COLUMNS,
  minerPath,
  minersOption,
  type SectionConfig,
  type StrategyConfig,
  type ViewConfig,
} from "./config";
import { pick, pickAll, without } from "./entities";

/** What the card of the miner controls, and need not be there twice. */
const ON_THE_CARD = [
  "frequency",
  "core_voltage",
  "fan_speed",
  "auto_fan",
  "mining",
  "restart",
  "restore_settings",
  "power_target",
  "follow_power_target",
];

/** Settings with a slider, which would leave no room for a name in a row. */
const SLIDERS = ["minimum_fan_speed", "target_temperature"];

/**
 * Rows that the miner's card reaches over. What it is higher than the narrow sections beside
 * it goes to all of its rows alike: only one of them is the first section's, the others are
 * the second's, at whose end room is no hole.
 */
const ROWS = 8;

/** `readOnly`: the user may not control the miner, so that there is nothing to set. */
export function minerView(
  hass: HomeAssistant,
  miner: DeviceEntry,
  entities: readonly EntityEntry[],
  {
    subview,
    readOnly,
    config,
  }: { subview: boolean; readOnly: boolean; config: StrategyConfig },
): ViewConfig {
  const settings = readOnly
    ? []
    : pickAll(without(entities, [...ON_THE_CARD, ...SLIDERS]), [
        "number",
        "switch",
        "select",
        "button",
      ]);
  const sliders = readOnly ? [] : pick(entities, "number", SLIDERS);
  const diagnostics = pickAll(entities, ["sensor", "binary_sensor"], "diagnostic");
  const device =
    hass.user?.is_admin === true ? `/config/devices/device/${miner.id}` : undefined;
  const wide = (
    type: string,
    spans: Pick<SectionConfig, "column_span" | "row_span">,
    options: Record<string, unknown> = {},
  ) =>
    section(
      [{ type, device_id: miner.id, ...options, grid_options: { columns: "full" } }],
      spans,
    );
  return {
    title: deviceName(miner),
    path: minerPath(miner.id),
    type: "sections",
    max_columns: MAX_COLUMNS,
    dense_section_placement: true,
    ...(subview ? { subview: true } : {}),
    // Where there are three columns, the narrow sections are below each other beside the
    // miner's card; where there are two, they are beside each other below it.
    sections: [
      ...wide(
        "custom:bitaxe-miner-card",
        { column_span: 2, row_span: ROWS },
        { navigation_path: minerPath("{device_id}"), ...minersOption(config) },
      ),
      ...section([
        ...group(
          heading(localize(hass, "strategy.settings"), "mdi:tune-variant", device),
          [...sliders.map(slider), unlessEmpty(settings, entityRows)],
        ),
        timeline({ device_id: miner.id }, { columns: "full", rows: "auto" }),
      ]),
      ...section(
        [
          ...group(heading(localize(hass, "strategy.week"), "mdi:chart-line"), [
            unlessEmpty(
              pick(entities, "sensor", ["asic_temperature", "vr_temperature"]),
              (ids) =>
                statistics(ids, { days: 7, title: localize(hass, "strategy.heat") }),
            ),
            unlessEmpty(pick(entities, "sensor", ["efficiency"]), (ids) =>
              statistics(ids, {
                days: 7,
                title: localize(hass, "strategy.efficiency"),
              }),
            ),
          ]),
          ...group(
            heading(localize(hass, "strategy.diagnostics"), "mdi:stethoscope", device),
            [unlessEmpty(diagnostics, entityRows)],
          ),
        ],
        { row_span: ROWS - 1 },
      ),
      ...wide("custom:bitaxe-efficiency-card", { column_span: MAX_COLUMNS }),
    ],
  };
}

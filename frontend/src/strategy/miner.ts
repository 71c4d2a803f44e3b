/** The view of one miner. */

import { deviceName } from "../lib/devices";
import type { DeviceEntry, EntityEntry, HomeAssistant } from "../lib/hass";
import { localize } from "../lib/i18n";
import {
  entities as entityRows,
  group,
  heading,
  logbook,
  section,
  statistics,
  unlessEmpty,
} from "./cards";
import { MAX_COLUMNS, minerPath, type ViewConfig } from "./config";
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
];

/** `readOnly`: the user may not control the miner, so that there is nothing to set. */
export function minerView(
  hass: HomeAssistant,
  miner: DeviceEntry,
  entities: readonly EntityEntry[],
  { subview, readOnly }: { subview: boolean; readOnly: boolean },
): ViewConfig {
  const settings = readOnly
    ? []
    : pickAll(without(entities, ON_THE_CARD), ["number", "switch", "select", "button"]);
  const diagnostics = pickAll(entities, ["sensor", "binary_sensor"], "diagnostic");
  const device =
    hass.user?.is_admin === true ? `/config/devices/device/${miner.id}` : undefined;
  const wide = (type: string) =>
    section([{ type, device_id: miner.id, grid_options: { columns: "full" } }], {
      column_span: 2,
    });
  return {
    title: deviceName(miner),
    path: minerPath(miner.id),
    type: "sections",
    max_columns: MAX_COLUMNS,
    dense_section_placement: true,
    ...(subview ? { subview: true } : {}),
    // Two rows of about equal heights where there are three columns; where there are two,
    // the narrow sections are beside each other.
    sections: [
      ...wide("custom:bitaxe-miner-card"),
      ...section([
        ...group(
          heading(localize(hass, "strategy.settings"), "mdi:tune-variant", device),
          [unlessEmpty(settings, entityRows)],
        ),
        ...group(heading(localize(hass, "strategy.events"), "mdi:bell-outline"), [
          unlessEmpty(pick(entities, "event", ["alert", "activity"]), (ids) =>
            logbook(ids, 168),
          ),
        ]),
        ...group(heading(localize(hass, "strategy.week"), "mdi:chart-line"), [
          unlessEmpty(
            pick(entities, "sensor", ["asic_temperature", "vr_temperature"]),
            (ids) =>
              statistics(ids, { days: 7, title: localize(hass, "strategy.heat") }),
          ),
          unlessEmpty(pick(entities, "sensor", ["efficiency"]), (ids) =>
            statistics(ids, { days: 7, title: localize(hass, "strategy.efficiency") }),
          ),
        ]),
      ]),
      ...wide("custom:bitaxe-efficiency-card"),
      ...section(
        group(
          heading(localize(hass, "strategy.diagnostics"), "mdi:stethoscope", device),
          [unlessEmpty(diagnostics, entityRows)],
        ),
      ),
    ],
  };
}

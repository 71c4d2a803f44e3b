/** Made-up alerts, as the integration sends them. */

import type { AlertLook, Warning } from "../../src/lib/model";

type Kind = AlertLook & Pick<Warning, "low" | "strain">;

const kind = (icon: string, changes: Partial<Kind> = {}): Kind => ({
  icon,
  severity: "warning",
  unit: null,
  precision: 0,
  low: false,
  strain: false,
  ...changes,
});

const HEAT = { severity: "critical", unit: "°C", strain: true } as const;

/** Some of the kinds that there are. */
const KINDS: Record<string, Kind> = {
  offline: kind("mdi:lan-disconnect", { severity: "critical" }),
  overheating: kind("mdi:thermometer-alert", HEAT),
  vr_heat: kind("mdi:thermometer-alert", HEAT),
  low_hashrate: kind("mdi:trending-down", { unit: "%", low: true }),
  frozen_hashrate: kind("mdi:snowflake-alert", { severity: "critical" }),
  reject_rate: kind("mdi:close-network", { unit: "%", precision: 1 }),
  low_input_voltage: kind("mdi:flash-alert", {
    unit: "V",
    precision: 2,
    low: true,
    strain: true,
  }),
  pool_fallback: kind("mdi:server-network-off"),
  detuned: kind("mdi:arrow-down-bold-circle", { strain: true }),
  restarted: kind("mdi:restart-alert"),
  new_best_difficulty: kind("mdi:trophy", { severity: "info" }),
  block_found: kind("mdi:treasure-chest", { severity: "info" }),
};

/** How a kind of alert is shown; null for what is no alert. */
export function alertLook(name: string): AlertLook | null {
  const found = KINDS[name];
  if (found === undefined) return null;
  const { severity, icon, unit, precision } = found;
  return { severity, icon, unit, precision };
}

/** An alert that is raised; of a kind that is not known here, as of an older integration. */
export const makeWarning = (name: string, changes: Partial<Warning> = {}): Warning => ({
  kind: name,
  value: null,
  limit: null,
  since: 0,
  ...KINDS[name],
  ...changes,
});

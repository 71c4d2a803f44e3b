/** The columns of the summary: what they say, and how rows are sorted by them. */

import { collatorOf } from "../../lib/collation";
import {
  formatAge,
  formatEfficiency,
  formatHashrate,
  formatMoney,
  formatNumber,
  formatPercent,
  formatTemperature,
  withUnit,
} from "../../lib/format";
import type { HomeAssistant } from "../../lib/hass";
import { localize, localizeDynamic } from "../../lib/i18n";
import type { MinerSummary } from "../../lib/model";

export const COLUMNS = [
  "name",
  "hashrate",
  "efficiency",
  "energy",
  "cost",
  "availability",
  "restarts",
  "rejects",
  "asic_max",
  "stability",
] as const;

export type Column = (typeof COLUMNS)[number];

/** What counts as idle in kWh; less is the second in which a miner starts. */
const LEAST_IDLE = 0.05;

/** Energy, and how much of it was used while nothing was hashed. */
export function formatEnergy(
  hass: HomeAssistant,
  energy: number | null,
  idle: number | null,
): string {
  const all = withUnit(hass, energy, "kWh", 1);
  return idle === null || idle < LEAST_IDLE
    ? all
    : localize(hass, "summary.idle", {
        energy: all,
        idle: withUnit(hass, idle, "kWh", 1),
      });
}

interface ColumnKind {
  /** What rows are sorted by; `null` comes last either way. */
  value: (item: MinerSummary) => number | string | null;
  text: (hass: HomeAssistant, item: MinerSummary, currency: string) => string;
  /** The direction that is asked for first: what is best, or worst, on top. */
  descending: boolean;
}

const dayStability = (item: MinerSummary) => item.stability["24h"];

export const KINDS: Record<Column, ColumnKind> = {
  name: {
    value: (item) => item.name,
    text: (_, item) => item.name,
    descending: false,
  },
  hashrate: {
    value: (item) => item.mean_hashrate_ghs,
    text: (hass, item) => formatHashrate(hass, item.mean_hashrate_ghs),
    descending: true,
  },
  efficiency: {
    value: (item) => item.efficiency_j_th,
    text: (hass, item) => formatEfficiency(hass, item.efficiency_j_th),
    descending: false,
  },
  energy: {
    value: (item) => item.energy_kwh,
    text: (hass, item) => formatEnergy(hass, item.energy_kwh, item.idle_energy_kwh),
    descending: true,
  },
  cost: {
    value: (item) => item.cost,
    text: (hass, item, currency) => formatMoney(hass, item.cost, currency),
    descending: true,
  },
  availability: {
    value: (item) => item.availability_percent,
    text: (hass, item) => {
      const share = formatPercent(hass, item.availability_percent, 1);
      return item.watched_seconds === null
        ? share
        : localize(hass, "summary.since", {
            share,
            duration: formatAge(hass, item.watched_seconds),
          });
    },
    descending: false,
  },
  restarts: {
    value: (item) => item.restarts,
    text: (hass, item) => formatNumber(hass, item.restarts),
    descending: true,
  },
  rejects: {
    value: (item) => item.reject_rate_percent,
    text: (hass, item) => formatPercent(hass, item.reject_rate_percent, 2),
    descending: true,
  },
  asic_max: {
    value: (item) => item.asic_temperature_max_c,
    text: (hass, item) => formatTemperature(hass, item.asic_temperature_max_c),
    descending: true,
  },
  stability: {
    value: (item) => dayStability(item)?.bucket_variance_percent ?? null,
    text: (hass, item) =>
      localizeDynamic(
        hass,
        `common.stability.${dayStability(item)?.label ?? "unknown"}`,
        localize(hass, "common.stability.unknown"),
      ),
    descending: true,
  },
};

/** Rows in order; equal ones by name. */
export function sortRows(
  items: readonly MinerSummary[],
  column: Column,
  descending: boolean,
  language: string,
): MinerSummary[] {
  const collator = collatorOf(language);
  const { value } = KINDS[column];
  const sign = descending ? -1 : 1;
  return [...items].sort((a, b) => {
    const left = value(a);
    const right = value(b);
    if (left === null || right === null) {
      return (left === null ? 1 : 0) - (right === null ? 1 : 0);
    }
    const order =
      typeof left === "number" && typeof right === "number"
        ? left - right
        : collator.compare(String(left), String(right));
    return order === 0 ? collator.compare(a.name, b.name) : sign * order;
  });
}

/** What is wrong with a miner, and what to do about it, in words. */

import {
  formatAge,
  formatNumber,
  percent,
  join,
  temperature,
  withUnit,
} from "./format";
import type { HomeAssistant } from "./hass";
import { localize, localizeDynamic } from "./i18n";
import type { AlertKind, Miner, MinerState, Warning } from "./model";
import type { Level } from "./levels";

export interface WarningText {
  icon: string;
  level: Exclude<Level, "good">;
  /** What is wrong. */
  title: string;
  /** What was measured and what it passed; undefined where nothing is measured. */
  measured: string | undefined;
  /** For how long; empty where nobody knows. */
  since: string;
  /** What to do about it. */
  advice: string;
}

interface Look {
  icon: string;
  level: WarningText["level"];
  /** Writes a value of this kind. */
  write?: (hass: HomeAssistant, value: number) => string;
  /** Whether it is low values that are wrong. */
  low?: true;
}

const celsius = (hass: HomeAssistant, value: number): string =>
  join(temperature(hass, value));
const share = (digits: number) => (hass: HomeAssistant, value: number) =>
  join(percent(hass, value, digits));

const LOOKS: Record<AlertKind, Look> = {
  offline: { icon: "mdi:lan-disconnect", level: "critical" },
  overheating: { icon: "mdi:thermometer-alert", level: "critical", write: celsius },
  vr_heat: { icon: "mdi:thermometer-alert", level: "critical", write: celsius },
  low_hashrate: {
    icon: "mdi:trending-down",
    level: "warning",
    write: share(0),
    low: true,
  },
  frozen_hashrate: { icon: "mdi:snowflake-alert", level: "critical" },
  error_rate: { icon: "mdi:chip", level: "warning", write: share(1) },
  reject_rate: { icon: "mdi:close-network", level: "warning", write: share(1) },
  low_input_voltage: {
    icon: "mdi:flash-alert",
    level: "warning",
    write: (hass, value) => withUnit(hass, value, "V", 2),
    low: true,
  },
  pool_fallback: { icon: "mdi:server-network-off", level: "warning" },
  power_fault: { icon: "mdi:power-plug-off", level: "critical" },
  hardware_fault: { icon: "mdi:alert-octagon", level: "critical" },
  detuned: { icon: "mdi:arrow-down-bold-circle", level: "warning" },
  restarted: { icon: "mdi:restart-alert", level: "warning" },
  new_best_difficulty: { icon: "mdi:trophy", level: "warning" },
  block_found: { icon: "mdi:treasure-chest", level: "warning" },
};

/** A kind that a newer integration may know. */
const OTHER: Look = {
  icon: "mdi:alert",
  level: "warning",
  write: (hass, value) => formatNumber(hass, value, 1),
};

/** Describe a warning to people at a Unix time in s. */
export function describeWarning(
  hass: HomeAssistant,
  warning: Warning,
  now: number = Date.now() / 1000,
): WarningText {
  const { kind, value, limit, since } = warning;
  const look = LOOKS[kind] ?? OTHER;
  const { icon, level } = look;
  const text = (name: "title" | "advice"): string =>
    localizeDynamic(
      hass,
      `warning.${kind}.${name}`,
      localize(hass, `warning.unknown.${name}`),
    );
  return {
    icon,
    level,
    title: text("title"),
    measured: measured(hass, look, value, limit),
    since: since
      ? localize(hass, "warning.since", { duration: formatAge(hass, now - since) })
      : "",
    advice: text("advice"),
  };
}

/** What was measured, and from where on that is told; undefined where there is nothing. */
function measured(
  hass: HomeAssistant,
  { write, low }: Look,
  value: number | null,
  limit: number | null,
): string | undefined {
  if (write === undefined || value === null) {
    return undefined;
  }
  const shown = write(hass, value);
  return limit === null
    ? shown
    : localize(hass, low ? "warning.measured_below" : "warning.measured_above", {
        value: shown,
        limit: write(hass, limit),
      });
}

/** What a state means to somebody who has switched its alert off. */
const STATES: Partial<Record<MinerState, AlertKind>> = {
  offline: "offline",
  overheated: "overheating",
  fault: "hardware_fault",
};

/**
 * The warnings of a miner, the worst and then the oldest first. A state that nobody
 * warned of, as people may switch alerts off, is one as well, since 0.
 */
export function warningsOf(miner: Miner): Warning[] {
  const kind = STATES[miner.state];
  if (kind !== undefined && miner.warnings.length === 0)
    return [{ kind, value: null, limit: null, since: 0 }];
  const rank = ({ kind }: Warning): number =>
    (LOOKS[kind] ?? OTHER).level === "critical" ? 0 : 1;
  return [...miner.warnings].sort((a, b) => rank(a) - rank(b) || a.since - b.since);
}

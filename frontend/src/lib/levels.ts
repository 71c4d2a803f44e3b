/** When a figure deserves attention. Colours follow these, and never stand alone. */

import type { AlertKind, Miner } from "./model";

export type Level = "good" | "warning" | "critical";

/** °C below the limit from which heat is worth a look. */
const HEAT_MARGIN = 5;
/** Share of the expected hashrate below which a miner falls short, and badly. */
const HASHRATE = { warning: 0.9, critical: 0.75 };
/** % of shares. */
const REJECTS = { warning: 1, critical: 3 };
/** % of nonces. */
const ERRORS = { warning: 1, critical: 3 };
/** Share of the board's maximum power. */
const POWER = { warning: 0.875, critical: 1 };
/** Share of the nominal input voltage. */
const SUPPLY = { warning: 0.98, critical: 0.96 };
/** dBm. */
const WIFI = { warning: -70, critical: -80 };

type Figure = number | null | undefined;

/** Heat in °C against its limit. */
export function heatLevel(value: Figure, limit: Figure): Level | undefined {
  if (value == null || limit == null) return undefined;
  if (value >= limit) return "critical";
  return value >= limit - HEAT_MARGIN ? "warning" : "good";
}

/** Heat of the ASIC: worth a look as long as there is an alert, which comes earlier. */
export const asicLevel = (miner: Miner): Level | undefined =>
  warned(miner, "overheating", heatLevel(miner.asic_temperature_c, miner.asic_limit_c));

/** The same of the voltage regulator. */
export const regulatorLevel = (miner: Miner): Level | undefined =>
  warned(miner, "vr_heat", heatLevel(miner.vr_temperature_c, miner.vr_limit_c));

const warned = (
  { warnings }: Miner,
  kind: AlertKind,
  level: Level | undefined,
): Level | undefined =>
  level === "good" && warnings.some((warning) => warning.kind === kind)
    ? "warning"
    : level;

/** Hashrate against what frequency and ASICs promise. */
export function hashrateLevel(value: Figure, expected: Figure): Level | undefined {
  return expected ? below(value, scaled(HASHRATE, expected)) : undefined;
}

/** Power in W against what the board is made for. */
export function powerLevel(value: Figure, limit: Figure): Level | undefined {
  return limit ? above(value, scaled(POWER, limit)) : undefined;
}

/** Input voltage in V against the nominal one; only sagging is bad. */
export function supplyLevel(value: Figure, nominal: Figure): Level | undefined {
  return nominal ? below(value, scaled(SUPPLY, nominal)) : undefined;
}

/** Share of rejected shares in %. */
export function rejectLevel(value: Figure): Level | undefined {
  return above(value, REJECTS);
}

/** Share of nonces with errors in %. */
export function errorLevel(value: Figure): Level | undefined {
  return above(value, ERRORS);
}

/** Strength of the wireless signal in dBm. */
export function wifiLevel(value: Figure): Level | undefined {
  return below(value, WIFI);
}

/** What a label of stability means. */
export function stabilityLevel(label: string | null | undefined): Level | undefined {
  switch (label) {
    case "excellent":
    case "stable":
      return "good";
    case "variable":
      return "warning";
    case "unstable":
      return "critical";
    default:
      return undefined;
  }
}

interface Steps {
  warning: number;
  critical: number;
}

function scaled({ warning, critical }: Steps, by: number): Steps {
  return { warning: warning * by, critical: critical * by };
}

function above(value: Figure, steps: Steps): Level | undefined {
  if (value == null) return undefined;
  if (value >= steps.critical) return "critical";
  return value >= steps.warning ? "warning" : "good";
}

function below(value: Figure, steps: Steps): Level | undefined {
  if (value == null) return undefined;
  if (value < steps.critical) return "critical";
  return value < steps.warning ? "warning" : "good";
}

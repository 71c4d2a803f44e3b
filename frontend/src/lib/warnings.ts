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
import { ALERTS, type AlertSpecification } from "./live-types";
import type { AlertKind, Miner, MinerState, Warning } from "./model";
import type { Level } from "./levels";
import { isRestarting } from "./states";

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

type Write = (hass: HomeAssistant, value: number) => string;

const SPECIFICATIONS: Readonly<Record<string, AlertSpecification | undefined>> = ALERTS;

/** A kind that a newer integration may know. */
const OTHER: AlertSpecification = {
  icon: "mdi:alert",
  severity: "warning",
  unit: "",
  precision: 1,
  low: false,
  strain: false,
};

const specificationOf = (kind: string): AlertSpecification =>
  SPECIFICATIONS[kind] ?? OTHER;

/** What writes a value of a kind; undefined where nothing is measured. */
function writerOf({ unit, precision }: AlertSpecification): Write | undefined {
  switch (unit) {
    case null:
      return undefined;
    case "":
      return (hass, value) => formatNumber(hass, value, precision);
    case "°C":
      return (hass, value) => join(temperature(hass, value));
    case "%":
      return (hass, value) => join(percent(hass, value, precision));
    default:
      return (hass, value) => withUnit(hass, value, unit, precision);
  }
}

/** How bad a warning is: as the integration says, else as its kind usually is. */
function levelOf({ kind, severity }: Warning): WarningText["level"] {
  return severity === "critical" || severity === "warning"
    ? severity
    : usualLevel(specificationOf(kind));
}

const usualLevel = ({ severity }: AlertSpecification): WarningText["level"] =>
  severity === "critical" ? "critical" : "warning";

/** Describe a warning to people at a Unix time in s. */
export function describeWarning(
  hass: HomeAssistant,
  warning: Warning,
  now: number = Date.now() / 1000,
): WarningText {
  const { kind, since, reason } = warning;
  const specification = specificationOf(kind);
  const { icon } = specification;
  const level = levelOf(warning);
  const text = (name: "title" | "advice"): string =>
    localizeDynamic(
      hass,
      `warning.${kind}_${reason}.${name}`,
      localizeDynamic(
        hass,
        `warning.${kind}.${name}`,
        localize(hass, `warning.unknown.${name}`),
      ),
    );
  return {
    icon,
    level,
    title: text("title"),
    measured: measured(hass, specification, warning, now),
    since: since
      ? localize(hass, "warning.since", { duration: formatAge(hass, now - since) })
      : "",
    advice: text("advice"),
  };
}

/** What was measured, and from where on that is told; undefined where there is nothing. */
function measured(
  hass: HomeAssistant,
  specification: AlertSpecification,
  { value, limit, unread_since }: Warning,
  now: number,
): string | undefined {
  const write = writerOf(specification);
  if (unread_since != null) {
    const duration = formatAge(hass, now - unread_since);
    return write === undefined || value === null
      ? localize(hass, "warning.unread", { duration })
      : localize(hass, "warning.unread_value", { value: write(hass, value), duration });
  }
  if (write === undefined || value === null) {
    return undefined;
  }
  const shown = write(hass, value);
  return limit === null
    ? shown
    : localize(
        hass,
        specification.low ? "warning.measured_below" : "warning.measured_above",
        {
          value: shown,
          limit: write(hass, limit),
        },
      );
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
  // One that was told to restart is away because somebody wants it to be.
  const kind = isRestarting(miner) ? undefined : STATES[miner.state];
  if (kind !== undefined && miner.warnings.length === 0)
    return [{ kind, value: null, limit: null, since: 0 }];
  const rank = (warning: Warning): number => (levelOf(warning) === "critical" ? 0 : 1);
  return [...miner.warnings].sort((a, b) => rank(a) - rank(b) || a.since - b.since);
}

/** What is wrong with heat, power or hardware of a miner, in words. */
export const strainsOf = (hass: HomeAssistant, miner: Miner): string[] =>
  warningsOf(miner)
    .filter(({ kind }) => specificationOf(kind).strain)
    .map((warning) => describeWarning(hass, warning).title);

/** Icon and level of a kind of alert; of none for what is no alert. */
export function lookOfKind(
  kind: string,
): Pick<WarningText, "icon" | "level"> | undefined {
  const specification = SPECIFICATIONS[kind];
  return (
    specification && { icon: specification.icon, level: usualLevel(specification) }
  );
}

/** A value of a kind of alert with its unit; empty where it has none. */
export function writeValue(
  hass: HomeAssistant,
  kind: string,
  value: number | null,
): string {
  const specification = SPECIFICATIONS[kind];
  const write = specification && writerOf(specification);
  return value === null || write === undefined ? "" : write(hass, value);
}

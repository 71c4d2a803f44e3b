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
import type { AlertLook, Miner, MinerState, Warning } from "./model";
import type { Level } from "./levels";
import { isRestarting } from "./states";

interface WarningText {
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

/** How a warning is shown of which an older integration does not say it. */
const OTHER: AlertLook = {
  icon: "mdi:alert",
  severity: "warning",
  unit: "",
  precision: 1,
};

/** What writes the values of an alert; undefined where nothing is measured. */
function writerOf({ unit, precision }: AlertLook): Write | undefined {
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

/** How bad an alert is. */
export const levelOf = ({ severity }: Partial<AlertLook>): WarningText["level"] =>
  severity === "critical" ? "critical" : "warning";

/** Describes a warning to people at a Unix time in s. */
export function describeWarning(
  hass: HomeAssistant,
  warning: Warning,
  now: number = Date.now() / 1000,
): WarningText {
  const { kind, since, reason } = warning;
  const look = { ...OTHER, ...warning };
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
    icon: look.icon,
    level: levelOf(look),
    title: text("title"),
    measured: measured(hass, look, warning, now),
    since: since
      ? localize(hass, "warning.since", { duration: formatAge(hass, now - since) })
      : "",
    advice: text("advice"),
  };
}

/** What was measured, and from where on an alert is raised; undefined if nothing. */
function measured(
  hass: HomeAssistant,
  look: AlertLook,
  { value, limit, low, unread_since }: Warning,
  now: number,
): string | undefined {
  const write = writerOf(look);
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
    : localize(hass, low ? "warning.measured_below" : "warning.measured_above", {
        value: shown,
        limit: write(hass, limit),
      });
}

/** What a state means to somebody who has switched its alert off. */
const STATES: Partial<Record<MinerState, Pick<Warning, "kind" | "icon" | "strain">>> = {
  offline: { kind: "offline", icon: "mdi:lan-disconnect" },
  overheated: { kind: "overheating", icon: "mdi:thermometer-alert", strain: true },
  fault: { kind: "hardware_fault", icon: "mdi:alert-octagon", strain: true },
};

/**
 * The warnings of a miner, the worst and then the oldest first. A state that nobody
 * warned of, as people may switch alerts off, is one as well, since 0.
 */
export function warningsOf(miner: Miner): Warning[] {
  // One that was asked to restart is away because somebody wants it to be.
  const alert = isRestarting(miner) ? undefined : STATES[miner.state];
  if (alert !== undefined && miner.warnings.length === 0)
    return [{ ...alert, severity: "critical", value: null, limit: null, since: 0 }];
  const rank = (warning: Warning): number => (levelOf(warning) === "critical" ? 0 : 1);
  return [...miner.warnings].sort((a, b) => rank(a) - rank(b) || a.since - b.since);
}

/** What is wrong with heat, power or hardware of a miner, in words. */
export const strainsOf = (hass: HomeAssistant, miner: Miner): string[] =>
  warningsOf(miner)
    .filter(({ strain }) => strain)
    .map((warning) => describeWarning(hass, warning).title);

/** A value of an alert with its unit; empty where it has none. */
export function writeValue(
  hass: HomeAssistant,
  look: AlertLook | null | undefined,
  value: number | null,
): string {
  const write = look ? writerOf(look) : undefined;
  return value === null || write === undefined ? "" : write(hass, value);
}

/** What the tuner tried, as points of the map. */

import type { MapPoint, OperatingPointMap } from "../../../chart/map";
import {
  formatEfficiency,
  formatHashrate,
  formatNumber,
  formatPower,
  formatTemperature,
} from "../../../lib/format";
import type { HomeAssistant } from "../../../lib/hass";
import { localize } from "../../../lib/i18n";
import { isSamePoint, pointName, shortName } from "../../../lib/operating-point";
import type { TuningReport, TuningRunning, TuningTrial } from "../../../lib/tuning";

/** How a trial ended, where more than its figures is to be said. */
const WALLS: readonly TuningTrial["outcome"][] = ["dark", "limit", "overheated"];

/** How a trial ended, in words; empty for one that was measured to its end. */
export function outcomeName(hass: HomeAssistant, trial: TuningTrial): string {
  const { outcome, limit } = trial;
  if (outcome === "limit") {
    switch (limit) {
      case "power":
      case "temperature":
      case "vr_temperature":
      case "fan_speed":
        return localize(hass, `tuning.limit.${limit}`);
      default:
        return localize(hass, "tuning.outcome.limit");
    }
  }
  return outcome === "measured" || outcome === "passed"
    ? ""
    : localize(hass, `tuning.outcome.${outcome}`);
}

/** A trial in one sentence. */
function describeTrial(hass: HomeAssistant, trial: TuningTrial): string {
  const { hashrate_ghs, power_w, efficiency_j_th, asic_temperature_c } = trial;
  return [
    outcomeName(hass, trial),
    hashrate_ghs === null ? "" : formatHashrate(hass, hashrate_ghs),
    power_w === null ? "" : formatPower(hass, power_w),
    efficiency_j_th === null ? "" : formatEfficiency(hass, efficiency_j_th),
    asic_temperature_c === null ? "" : formatTemperature(hass, asic_temperature_c),
  ]
    .filter(Boolean)
    .join(" · ");
}

export interface TuningMap {
  map: OperatingPointMap;
  /** By the index of the point: what is said of it. */
  words: string[];
}

/** The map of a run; undefined while nothing on it has a place. */
export function makeTuningMap(
  hass: HomeAssistant,
  run: Pick<TuningRunning, "trials" | "best" | "original"> &
    Partial<Pick<TuningRunning, "now">>,
): TuningMap | undefined {
  const { now } = run;
  const measuring =
    now?.hashrate_ghs != null && now.efficiency_j_th !== null && !now.passing;
  // Of several trials of one setting, the last says most; that which goes on even more.
  const trials = run.trials.filter(
    (trial, index) =>
      !(measuring && isSamePoint(trial, now)) &&
      !run.trials.slice(index + 1).some((later) => isSamePoint(trial, later)),
  );
  const places = trials.flatMap((trial): Place[] => {
    const wall = WALLS.includes(trial.outcome);
    const hashrate = trial.hashrate_ghs ?? (wall ? trial.expected_hashrate_ghs : null);
    if (!hashrate || trial.power_w === null) {
      return [];
    }
    const best = isSamePoint(trial, run.best);
    const before = isSamePoint(trial, run.original);
    return [
      {
        point: trial,
        hashrate,
        efficiency: trial.efficiency_j_th ?? (trial.power_w / hashrate) * 1000,
        hashrateError: trial.hashrate_error_ghs,
        efficiencyError: trial.efficiency_error_j_th,
        seconds: trial.seconds,
        best,
        present: before && now === undefined,
        faint: trial.hashrate_ghs === null,
        critical: wall,
        words: [
          best ? localize(hass, "tuning.best") : "",
          before ? localize(hass, "tuning.before") : "",
          describeTrial(hass, trial),
        ],
      },
    ];
  });
  if (measuring && now.hashrate_ghs !== null && now.efficiency_j_th !== null) {
    places.push({
      point: now,
      hashrate: now.hashrate_ghs,
      efficiency: now.efficiency_j_th,
      hashrateError: now.hashrate_error_ghs,
      efficiencyError: now.efficiency_error_j_th,
      seconds: now.seconds,
      best: false,
      present: true,
      faint: true,
      critical: false,
      words: [
        localize(hass, "tuning.now"),
        formatHashrate(hass, now.hashrate_ghs),
        formatEfficiency(hass, now.efficiency_j_th),
      ],
    });
  }
  if (places.length === 0) {
    return undefined;
  }
  const unit = places.some(({ hashrate }) => hashrate >= 1000) ? 1000 : 1;
  const words = places.map(({ point, words }) =>
    [pointName(hass, point), ...words.filter(Boolean)].join(" · "),
  );
  return {
    words,
    map: {
      points: places.map((place, index): MapPoint => ({
        label: shortName(hass, place.point),
        description: words[index] ?? "",
        x: place.hashrate / unit,
        y: place.efficiency,
        xError: place.hashrateError && place.hashrateError / unit,
        yError: place.efficiencyError,
        weight: place.seconds,
        best: place.best,
        present: place.present,
        front: false,
        faint: place.faint,
        critical: place.critical,
        id: place.point,
      })),
      xTitle: unit > 1 ? "TH/s" : "GH/s",
      yTitle: "J/TH",
      tick: (value, digits) => formatNumber(hass, value, digits),
    },
  };
}

interface Place {
  point: { frequency_mhz: number; core_voltage_mv: number };
  /** GH/s. */
  hashrate: number;
  /** J/TH. */
  efficiency: number;
  hashrateError: number | null;
  efficiencyError: number | null;
  seconds: number;
  best: boolean;
  present: boolean;
  faint: boolean;
  critical: boolean;
  words: string[];
}

/** What was measured before and after a run, row by row. */
export interface Compared {
  name: "hashrate" | "power" | "efficiency" | "asic";
  before: number | null;
  after: number | null;
  /** Share by which it changed; °C are shown as they are. */
  change: number | null;
  /** Whether that is what people want. */
  better: boolean;
}

export function compare(report: TuningReport): Compared[] {
  const { before, best } = report;
  const rows: [Compared["name"], keyof TuningTrial, 1 | -1][] = [
    ["hashrate", "hashrate_ghs", 1],
    ["power", "power_w", -1],
    ["efficiency", "efficiency_j_th", -1],
    ["asic", "asic_temperature_c", -1],
  ];
  return rows.map(([name, key, sign]) => {
    const [was, is] = [before?.[key] ?? null, best?.[key] ?? null] as (number | null)[];
    const known = was !== null && is !== null && was !== undefined && is !== undefined;
    const change = !known
      ? null
      : name === "asic"
        ? is - was
        : was
          ? is / was - 1
          : null;
    return {
      name,
      before: was ?? null,
      after: is ?? null,
      change,
      better: change !== null && sign * change > 0,
    };
  });
}

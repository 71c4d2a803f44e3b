/** What a search found, in words and figures. */

import { html, nothing, type TemplateResult } from "lit";
import {
  formatDuration,
  formatEfficiency,
  formatHashrate,
  formatPercent,
  formatPower,
  formatTemperature,
  localizeCount,
  signed,
  withUnit,
} from "../../../lib/format";
import type { HomeAssistant } from "../../../lib/hass";
import { localize } from "../../../lib/i18n";
import type { TuningLimits } from "../../../lib/live-types";
import { isSamePoint, pointName } from "../../../lib/operating-point";
import type { TuningReport, TuningRunning, TuningTrial } from "../../../lib/tuning";
import { compare, outcomeName, type Compared } from "./map";

/** By how much the best is better, and how sure that is; empty if it is unknown. */
export function gainWords(
  hass: HomeAssistant,
  found: Pick<
    TuningReport,
    "gain_percent" | "gain_error_percent" | "best" | "original"
  >,
): string {
  const { gain_percent: gain, gain_error_percent: error, best, original } = found;
  if (gain === null || best === null) {
    return "";
  }
  if (isSamePoint(best, original)) {
    return localize(hass, "tuning.original_is_best");
  }
  if (gain <= 0) {
    return localize(hass, "tuning.worse");
  }
  const better = formatPercent(hass, gain, 1);
  return error === null
    ? localize(hass, "tuning.gain", { gain: better })
    : localize(hass, "tuning.gain_error", {
        gain: better,
        error: formatPercent(hass, error, 1),
      });
}

/** What was measured, in one line. */
export const trialFigures = (hass: HomeAssistant, trial: TuningTrial): string =>
  [
    formatHashrate(hass, trial.hashrate_ghs),
    formatPower(hass, trial.power_w),
    formatEfficiency(hass, trial.efficiency_j_th),
    formatTemperature(hass, trial.asic_temperature_c),
  ].join(" · ");

/** The limits that apply. */
export function limitWords(hass: HomeAssistant, limits: TuningLimits): string[] {
  const words: string[] = [];
  const add = (name: "power" | "asic" | "vr" | "fan", value: string): void => {
    words.push(`${localize(hass, `miner.reading.${name}`)}\u00a0≤\u00a0${value}`);
  };
  if (limits.power_w !== null) {
    const whole = Number.isInteger(limits.power_w);
    add("power", withUnit(hass, limits.power_w, "W", whole ? 0 : 1));
  }
  if (limits.asic_temperature_c !== null) {
    add("asic", withUnit(hass, limits.asic_temperature_c, "°C"));
  }
  if (limits.vr_temperature_c !== null) {
    add("vr", withUnit(hass, limits.vr_temperature_c, "°C"));
  }
  if (limits.fan_speed_percent !== null) {
    add("fan", withUnit(hass, limits.fan_speed_percent, "%"));
  }
  if (limits.hashrate_ghs !== null) {
    words.push(
      `${localize(hass, "miner.reading.hashrate")} ≥\u00a0${formatHashrate(hass, limits.hashrate_ghs)}`,
    );
  }
  if (limits.seconds !== null) {
    words.push(formatDuration(hass, limits.seconds));
  }
  return words;
}

/** The trials that ended at a limit, or where the chip or the miner gave up. */
export function renderWalls(
  hass: HomeAssistant,
  trials: readonly TuningTrial[],
): TemplateResult | typeof nothing {
  const walls = trials.filter(
    ({ outcome }) => !["measured", "worse", "passed"].includes(outcome),
  );
  if (walls.length === 0) return nothing;
  return html`<dt>${localize(hass, "tuning.walls")}</dt>
    <dd>
      <ul>
        ${walls.map(
          (trial) =>
            html`<li>${pointName(hass, trial)}: ${outcomeName(hass, trial)}</li>`,
        )}
      </ul>
    </dd>`;
}

/** How many settings were tried, and in how warm a room. */
export const circumstances = (
  hass: HomeAssistant,
  { trials, room_temperature_c: room }: TuningRunning | TuningReport,
): string[] => [
  localizeCount(hass, "tuning.tried", trials.length),
  ...(room === null
    ? []
    : [localize(hass, "tuning.room", { temperature: withUnit(hass, room, "°C", 1) })]),
];

/** The result against the original setting. */
export function renderResult(
  hass: HomeAssistant,
  report: TuningReport,
  reason: string,
): TemplateResult {
  const { best, limiting } = report;
  const limits = limitWords(hass, report.limits);
  const [tried = "", ...room] = circumstances(hass, report);
  const duration = formatDuration(hass, report.seconds);
  const context = [tried, localize(hass, "tuning.took", { duration }), ...room];
  return html`<div class="facts">
    <div class="verdict">
      ${best === null ? localize(hass, "tuning.nothing_found") : pointName(hass, best)}
      <small>${[reason, gainWords(hass, report)].filter(Boolean).join(" · ")}</small>
    </div>
    ${best === null ? nothing : renderTable(hass, report)}
    <dl>
      ${
        limiting === null
          ? nothing
          : html`<dt>${localize(hass, "tuning.limited_by")}</dt>
              <dd>${localize(hass, `tuning.limiting.${limiting}`)}</dd>`
      }
      ${
        limits.length === 0
          ? nothing
          : html`<dt>${localize(hass, "tuning.limits_short")}</dt>
              <dd>${limits.join(" · ")}</dd>`
      }
      ${renderWalls(hass, report.trials)}
    </dl>
    <div class="secondary">${context.join(" · ")}</div>
  </div>`;
}

function renderTable(hass: HomeAssistant, report: TuningReport): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">
          <span class="visually-hidden">${localize(hass, "tuning.result")}</span>
        </th>
        <th scope="col">${localize(hass, "tuning.before")}</th>
        <th scope="col">${localize(hass, "tuning.best")}</th>
        <th scope="col">${localize(hass, "tuning.change")}</th>
      </tr>
    </thead>
    <tbody>
      ${compare(report).map(
        (row) =>
          html`<tr>
            <th scope="row">${localize(hass, `miner.reading.${row.name}`)}</th>
            <td>${figure(hass, row.name, row.before)}</td>
            <td>${figure(hass, row.name, row.after)}</td>
            <td class="change ${row.better ? "good" : ""}">${change(hass, row)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function figure(
  hass: HomeAssistant,
  name: Compared["name"],
  value: number | null,
): string {
  switch (name) {
    case "hashrate":
      return formatHashrate(hass, value);
    case "power":
      return formatPower(hass, value);
    case "efficiency":
      return withUnit(hass, value, "J/TH", 2);
    default:
      return formatTemperature(hass, value);
  }
}

function change(hass: HomeAssistant, { name, change: by }: Compared): string {
  if (by === null) return "";
  if (name === "asic") {
    return Math.abs(by) < 0.5
      ? withUnit(hass, 0, "°C")
      : `${signed(hass, by, 0)}\u00a0°C`;
  }
  return `${signed(hass, 100 * by, 1)}\u00a0%`;
}

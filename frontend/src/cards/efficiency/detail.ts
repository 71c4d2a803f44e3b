/** Everything that is known of one point. */

import { html, nothing, type TemplateResult } from "lit";
import {
  formatHashrate,
  formatNumber,
  formatPercent,
  formatPower,
  formatTemperature,
  formatTime,
  UNKNOWN,
} from "../../lib/format";
import type { HomeAssistant } from "../../lib/hass";
import { localize } from "../../lib/i18n";
import type { OperatingPoint } from "../../lib/model";
import { pointName } from "../../lib/operating-point";
import { tagsOf } from "./describe";
import type { Point } from "./points";
import { columnName, type ColumnName } from "./table";
import { bottleneckWords, withError } from "./words";

/** Describes a point, or says how to choose one. */
export function renderDetail(
  hass: HomeAssistant,
  point: Point | undefined,
  button: (point: OperatingPoint) => unknown,
): TemplateResult {
  if (point === undefined) {
    return html`<div class="detail hint secondary">
      ${localize(hass, "efficiency.choose")}
    </div>`;
  }
  const { configuration: item } = point;
  const figure = (name: ColumnName, value: string, note = "") =>
    value === UNKNOWN
      ? nothing
      : html`<div>
          <dt>
            ${
              name === "efficiency"
                ? localize(hass, "miner.reading.efficiency")
                : columnName(hass, name)
            }
          </dt>
          <dd>${value} <small>${note}</small></dd>
        </div>`;
  const peak = (value: number | null): string =>
    value === null
      ? ""
      : localize(hass, "efficiency.peak", { value: formatTemperature(hass, value) });
  const words = bottleneckWords(hass, item.bottlenecks);
  return html`<div class="detail">
    <div class="detail-head">
      <b>${pointName(hass, item)}</b>
      ${tagsOf(hass, point).map((tag) => html`<span class="tag">${tag}</span>`)}
      ${point.present ? nothing : button(item)}
    </div>
    <dl>
      ${figure(
        "hashrate",
        formatHashrate(hass, item.hashrate_ghs),
        item.hashrate_error_ghs === null
          ? ""
          : `± ${formatNumber(hass, item.hashrate_error_ghs)} GH/s`,
      )}
      ${figure(
        "efficiency",
        withError(hass, item.efficiency_j_th, item.efficiency_error_j_th, "J/TH", 2),
      )}
      ${figure("power", formatPower(hass, item.power_w))}
      ${figure(
        "wall",
        formatPower(hass, item.wall_power_w),
        item.wall_efficiency_j_th === null
          ? ""
          : `${formatNumber(hass, item.wall_efficiency_j_th, 2)} J/TH`,
      )}
      ${figure(
        "hours",
        localize(hass, "efficiency.hours", {
          hours: formatNumber(hass, item.hours, 1),
        }),
        localize(hass, "efficiency.seen", {
          time: formatTime(hass, Date.parse(item.last_seen) / 1000),
        }),
      )}
      ${figure(
        "heat",
        formatTemperature(hass, item.asic_temperature_c),
        peak(item.asic_temperature_max_c),
      )}
      ${figure(
        "vr_heat",
        formatTemperature(hass, item.vr_temperature_c),
        peak(item.vr_temperature_max_c),
      )}
      ${figure("errors", formatPercent(hass, item.error_rate_percent, 2))}
      ${figure("rejects", formatPercent(hass, item.reject_rate_percent, 2))}
      ${figure("expected", formatPercent(hass, item.expected_ratio_percent, 1))}
      ${figure("variation", formatPercent(hass, item.variation_percent, 1))}
    </dl>
    ${
      words.length > 0
        ? html`<div class="bottlenecks ${point.critical ? "critical" : "warning"}">
            <ha-icon icon="mdi:alert"></ha-icon>${words.join(" · ")}
          </div>`
        : nothing
    }
  </div>`;
}

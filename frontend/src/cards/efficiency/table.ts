/** The operating points as a table. */

import { html, nothing, type TemplateResult } from "lit";
import { formatNumber, formatPercent, formatTemperature } from "../../lib/format";
import type { HomeAssistant } from "../../lib/hass";
import { localize } from "../../lib/i18n";
import type { OperatingPoint } from "../../lib/model";
import { isSamePoint, shortName } from "../../lib/operating-point";
import { describe, unitName, unitOf } from "./describe";
import {
  shortened,
  sorted,
  sortedBy,
  type Point,
  type Sort,
  type SortColumn,
} from "./points";

/** Rows before the rest is folded away, and how few are not worth it. */
const MOST_ROWS = 8;
const FEW = 2;

export type ColumnName =
  keyof typeof import("../../translations/en/efficiency.json").column;

/** What is sorted by, and which texts head it. */
const COLUMNS: readonly [SortColumn, ColumnName][] = [
  ["frequency_mhz", "setting"],
  ["hours", "hours"],
  ["hashrate_ghs", "hashrate"],
  ["efficiency_j_th", "efficiency"],
  ["asic_temperature_c", "heat"],
  ["error_rate_percent", "errors"],
];

export interface TableState {
  sort: Sort;
  /** Whether all rows are shown. */
  unfolded: boolean;
  /** What is shown in detail. */
  chosen: OperatingPoint | undefined;
}

export const columnName = (hass: HomeAssistant, name: ColumnName): string =>
  localize(hass, `efficiency.column.${name}`);

export function renderTable(
  hass: HomeAssistant,
  name: string,
  points: readonly Point[],
  { sort, unfolded, chosen }: TableState,
  change: (state: Partial<TableState>) => void,
): TemplateResult {
  const all = sorted(points, sort);
  const short = shortened(all, MOST_ROWS);
  const folds = all.length > short.length + FEW;
  const shown = unfolded || !folds ? all : short;
  const unit = unitOf(points);
  return html`<table aria-label=${localize(hass, "efficiency.table_label", { name })}>
      <thead>
        <tr>
          ${COLUMNS.map(([column, heading]) => {
            const active = sort.column === column;
            return html`<th
              class=${heading}
              aria-sort=${
                active ? (sort.descending ? "descending" : "ascending") : "none"
              }
            >
              <button @click=${() => change({ sort: sortedBy(sort, column) })}>
                ${
                  heading === "hashrate" ? unitName(unit) : columnName(hass, heading)
                }<ha-icon
                  .icon=${active && sort.descending ? "mdi:arrow-down" : "mdi:arrow-up"}
                  class=${active ? "" : "hidden"}
                ></ha-icon>
              </button>
            </th>`;
          })}
        </tr>
      </thead>
      <tbody>
        ${shown.map((point) => renderRow(hass, point, unit, isSamePoint(point.configuration, chosen), change))}
      </tbody>
    </table>
    ${
      folds
        ? html`<button class="text" @click=${() => change({ unfolded: !unfolded })}>
            ${
              unfolded
                ? localize(hass, "efficiency.fewer")
                : localize(hass, "efficiency.more", { count: all.length })
            }
          </button>`
        : nothing
    }`;
}

function renderRow(
  hass: HomeAssistant,
  point: Point,
  unit: number,
  chosen: boolean,
  change: (state: Partial<TableState>) => void,
): TemplateResult {
  const { configuration: item } = point;
  return html`<tr
    class="${chosen ? "chosen" : ""} ${item.measured_enough ? "" : "faint"}"
    @click=${() => change({ chosen: item })}
  >
    <td class="setting">
      <button aria-pressed=${chosen} title=${describe(hass, point)}>
        ${shortName(hass, item, " / ")}
      </button>
      ${point.best ? html`<ha-icon icon="mdi:star" class="best"></ha-icon>` : nothing}${
        point.present
          ? html`<span class="tag now">${localize(hass, "efficiency.present")}</span>`
          : nothing
      }${
        point.critical
          ? html`<ha-icon icon="mdi:alert" class="unsound"></ha-icon>`
          : nothing
      }
    </td>
    <td class="hours">${formatNumber(hass, item.hours, item.hours < 10 ? 1 : 0)}</td>
    <td class="hashrate">
      ${formatNumber(hass, item.hashrate_ghs / unit, unit > 1 ? 2 : 0)}
    </td>
    <td class="efficiency">
      ${formatNumber(hass, item.efficiency_j_th, 2)}
      <small
        >${
          item.efficiency_error_j_th === null
            ? nothing
            : `± ${formatNumber(hass, item.efficiency_error_j_th, 2)}`
        }</small
      >
    </td>
    <td class="heat">${formatTemperature(hass, item.asic_temperature_c)}</td>
    <td class="errors">${formatPercent(hass, item.error_rate_percent, 1)}</td>
  </tr>`;
}

/** Points as the map shows them and as screen readers say them. */

import type { MapPoint, OperatingPointMap } from "../../chart/map";
import { formatHashrate, formatNumber } from "../../lib/format";
import type { HomeAssistant } from "../../lib/hass";
import { localize } from "../../lib/i18n";
import { pointName, shortName } from "../../lib/operating-point";
import type { Point } from "./points";
import { withError } from "./words";

/** GH/s in the unit that map and table are in. */
export const unitOf = (points: readonly Point[]): number =>
  points.some(({ configuration }) => configuration.hashrate_ghs >= 1000) ? 1000 : 1;

export const unitName = (unit: number): string => (unit > 1 ? "TH/s" : "GH/s");

/** What is special about a point. */
export function tagsOf(hass: HomeAssistant, point: Point): string[] {
  const tags: string[] = [];
  if (point.best) tags.push(localize(hass, "efficiency.best"));
  if (point.present) tags.push(localize(hass, "efficiency.present"));
  if (point.front) tags.push(localize(hass, "efficiency.front"));
  if (point.critical) tags.push(localize(hass, "efficiency.unsound"));
  if (!point.configuration.measured_enough) {
    tags.push(localize(hass, "efficiency.too_short"));
  }
  return tags;
}

/** A point in one sentence. */
export function describe(hass: HomeAssistant, point: Point): string {
  const { configuration: item } = point;
  return [
    pointName(hass, item),
    ...tagsOf(hass, point),
    formatHashrate(hass, item.hashrate_ghs),
    withError(hass, item.efficiency_j_th, item.efficiency_error_j_th, "J/TH", 1),
    localize(hass, "efficiency.advice.behind", {
      hours: formatNumber(hass, item.hours),
    }),
  ].join(", ");
}

/** The map of all points whose efficiency is known. */
export function makeMap(hass: HomeAssistant, all: readonly Point[]): OperatingPointMap {
  const unit = unitOf(all);
  return {
    points: all.flatMap((point) => {
      const { configuration: item } = point;
      return item.efficiency_j_th === null
        ? []
        : [
            {
              label: shortName(hass, item),
              description: describe(hass, point),
              x: item.hashrate_ghs / unit,
              y: item.efficiency_j_th,
              xError: item.hashrate_error_ghs && item.hashrate_error_ghs / unit,
              yError: item.efficiency_error_j_th,
              weight: item.hours,
              best: point.best,
              present: point.present,
              front: point.front,
              faint: !item.measured_enough,
              critical: point.critical,
              id: item,
            } satisfies MapPoint,
          ];
    }),
    xTitle: unitName(unit),
    yTitle: "J/TH",
    tick: (value, digits) => formatNumber(hass, value, digits),
  };
}

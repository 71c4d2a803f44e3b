/** What is known of each operating point, in the order people want it. */

import { isSamePoint } from "../../lib/operating-point";
import type {
  Bottleneck,
  Configuration,
  MinerConfigurations,
  OperatingPoint,
} from "../../lib/model";

/** A configuration with what the advice says of it. */
export interface Point {
  configuration: Configuration;
  /** The thriftiest of all that are advisable. */
  best: boolean;
  /** What the miner runs at now. */
  present: boolean;
  /** No other one beats it in both hashrate and J/TH. */
  front: boolean;
  /** Something speaks against using it. */
  critical: boolean;
}

export type SortColumn =
  | "frequency_mhz"
  | "hours"
  | "hashrate_ghs"
  | "efficiency_j_th"
  | "asic_temperature_c"
  | "error_rate_percent";

export interface Sort {
  column: SortColumn;
  descending: boolean;
}

/** What is sorted by at first, and which columns put the greatest first. */
export const FIRST_SORT: Sort = { column: "efficiency_j_th", descending: false };
const GREATEST_FIRST: readonly SortColumn[] = ["hours", "hashrate_ghs"];

/** Joins configurations and advice; `present` is what the miner runs at by now. */
export function makePoints(
  result: MinerConfigurations,
  present: OperatingPoint | null,
): Point[] {
  const best = result.recommendations.efficiency?.best;
  return result.configurations.map((configuration) => ({
    configuration,
    best: isSamePoint(configuration, best),
    present: isSamePoint(configuration, present),
    front: result.pareto_front.some((point) => isSamePoint(configuration, point)),
    critical: configuration.bottlenecks.some((item: Bottleneck) => item.critical),
  }));
}

/** What a click on the head of a column sorts by. */
export function sortedBy(now: Sort, column: SortColumn): Sort {
  return {
    column,
    descending:
      now.column === column ? !now.descending : GREATEST_FIRST.includes(column),
  };
}

/** Sorts points; what is unknown comes last whichever way. */
export function sorted(
  points: readonly Point[],
  { column, descending }: Sort,
): Point[] {
  const value = ({ configuration }: Point): number | null => configuration[column];
  const sign = descending ? -1 : 1;
  return [...points].sort((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === null || right === null) {
      return Number(left === null) - Number(right === null);
    }
    return (
      sign * (left - right) ||
      sign * (a.configuration.core_voltage_mv - b.configuration.core_voltage_mv)
    );
  });
}

/** The first so many, and those that must not be missed. */
export function shortened(points: readonly Point[], most: number): Point[] {
  return points.length <= most + 1
    ? [...points]
    : points.filter((point, index) => index < most || point.best || point.present);
}

/** Time series on an even grid, as sparklines need them. */

import type { MinerSeries, Series } from "../../lib/model";
import type { Span } from "./config";

const HOUR = 3600;
/** Length of the spans, and of the steps they are drawn in, in s. */
export const GRID: Record<Span, { length: number; step: number }> = {
  "1h": { length: HOUR, step: 300 },
  "24h": { length: 24 * HOUR, step: HOUR / 2 },
};

export type Curve = readonly (number | null)[];

/** Returns the mean hashrate in each step of the span; null where none is known. */
export function curveOf(minerSeries: MinerSeries, span: Span, end: number): Curve {
  const { length, step } = GRID[span];
  const { time, seconds, hashrate_ghs: values = [] } = minerSeries.columns;
  const count = length / step;
  const sums = new Array<number>(count).fill(0);
  const weights = new Array<number>(count).fill(0);
  const start = end - length;
  time.forEach((begin, index) => {
    const value = values[index] ?? null;
    if (value === null) return;
    const finish = begin + (seconds[index] ?? 0);
    const last = Math.min(count - 1, Math.ceil((finish - start) / step) - 1);
    for (let at = Math.max(0, Math.floor((begin - start) / step)); at <= last; at++) {
      const weight =
        Math.min(finish, start + (at + 1) * step) - Math.max(begin, start + at * step);
      sums[at] = (sums[at] ?? 0) + weight * value;
      weights[at] = (weights[at] ?? 0) + weight;
    }
  });
  return sums.map((sum, at) => (weights[at] ? sum / weights[at] : null));
}

/**
 * Returns the curve of each device; those that did not change are the same as before. The
 * grid ends where the newest time series does.
 */
export function curvesOf(
  series: Series,
  span: Span,
  before: ReadonlyMap<string, Curve>,
): Map<string, Curve> {
  const { step } = GRID[span];
  const ends = series.miners.map(({ columns: { time, seconds } }) => {
    const last = time.length - 1;
    return (time[last] ?? 0) + (seconds[last] ?? 0);
  });
  const newest = Math.max(0, ...ends) || Date.parse(series.span.end) / 1000;
  const end = Math.ceil(newest / step) * step;
  return new Map(
    series.miners.map((minerSeries) => {
      const curve = curveOf(minerSeries, span, end);
      const known = before.get(minerSeries.device_id);
      return [minerSeries.device_id, known && isSame(known, curve) ? known : curve];
    }),
  );
}

function isSame(one: Curve, other: Curve): boolean {
  return one.length === other.length && one.every((value, at) => value === other[at]);
}

/**
 * Returns the scale of a curve. It reaches from half of what is expected, so that usual
 * ups and downs stay small and what falls out is seen.
 */
export function scaleOf(
  curve: Curve,
  expected: number | null,
): { low: number; high: number } {
  const known = curve.filter((value): value is number => value !== null);
  const middle = expected ?? Math.max(...known, 0);
  return {
    low: Math.min(middle / 2, ...known),
    high: Math.max(middle * 1.05, ...known),
  };
}

/** From the histories of several miners to the lines of one chart. */

import type { TrendLine } from "../../chart/trend";
import type { MinerSeries, SeriesColumn } from "../../lib/model";
import type { Metric } from "./config";

/** Lines that can be distinguished. */
export const MOST_LINES = 8;

const COLORS = [
  "var(--blue-color, #2196f3)",
  "var(--deep-orange-color, #ff6f22)",
  "var(--green-color, #4caf50)",
  "var(--purple-color, #926bc7)",
  "var(--pink-color, #e91e63)",
  "var(--teal-color, #009688)",
  "var(--amber-color, #ffc107)",
  "var(--brown-color, #795548)",
].map((color) => `color-mix(in srgb, ${color}, var(--primary-text-color) 14%)`);

export const COLUMN: Record<Metric, SeriesColumn> = {
  hashrate: "hashrate_ghs",
  efficiency: "efficiency_j_th",
  asic: "asic_temperature_c",
  vr: "vr_temperature_c",
  power: "power_w",
};

/** Whether figures of several miners add up. */
export const isAdditive = (metric: Metric): boolean =>
  metric === "hashrate" || metric === "power";

/** px of the chart alone, at a width in px. */
export const chartRoom = (width: number): number =>
  Math.round(Math.min(Math.max(width * 0.22, 140), 260));

interface Table {
  times: number[];
  /** By device. */
  columns: Map<string, (number | null)[]>;
}

/**
 * Joins histories by time; what a miner has no row for is unknown.
 *
 * Rows of the last minutes begin and end with readings, at other seconds for each miner.
 * Those that begin within half a step of each other are of one time. The newest time is
 * left out while a miner that was known right before has yet to be heard: the sum of the
 * others would look like a fall.
 */
export function tableOf(allSeries: readonly MinerSeries[], metric: Metric): Table {
  const rows = allSeries.map(({ columns }) =>
    columns.time.map((begin, index) => ({
      begin,
      end: begin + (columns.seconds[index] ?? 0),
      value: columns[COLUMN[metric]]?.[index] ?? null,
    })),
  );
  const all = rows.flat();
  const lengths = all.map(({ begin, end }) => end - begin).sort((a, b) => a - b);
  const half = (lengths[lengths.length >> 1] ?? 0) / 2;
  const begins: number[] = [];
  for (const begin of all.map((row) => row.begin).sort((a, b) => a - b)) {
    const last = begins.at(-1);
    if (last === undefined || begin >= last + half) begins.push(begin);
  }
  const values = allSeries.map((_, number) => {
    const own = rows[number] ?? [];
    let next = 0;
    return begins.map((begin) => {
      while ((own[next]?.begin ?? Infinity) < begin + half) next += 1;
      const row = own[next - 1];
      return row !== undefined && row.end > begin ? row.value : null;
    });
  });
  const newest = begins.length - 1;
  if (
    values.some(
      (column) => column[newest] === null && (column[newest - 1] ?? null) !== null,
    )
  ) {
    begins.pop();
    for (const column of values) column.pop();
  }
  const finish = all.reduce((latest, { end }) => Math.max(latest, end), 0);
  return {
    times: begins.map((begin) => Math.min(begin + half, finish)),
    columns: new Map(
      allSeries.map(({ device_id: id }, number) => [id, values[number] ?? []]),
    ),
  };
}

/** The sum of all that is known at each time; unknown where nothing is. */
export function totalOf({ times, columns }: Table): (number | null)[] {
  return times.map((_, index) => {
    let sum: number | null = null;
    for (const values of columns.values()) {
      const value = values[index] ?? null;
      if (value !== null) sum = (sum ?? 0) + value;
    }
    return sum;
  });
}

/** A line per chosen miner, in its colour: that of its place among the chosen. */
export function linesOf(
  { columns }: Table,
  chosen: readonly string[],
  nameOf: (id: string) => string,
): TrendLine[] {
  return chosen.map((id, index) => ({
    label: nameOf(id),
    color: COLORS[index % COLORS.length] ?? "",
    values: columns.get(id) ?? [],
  }));
}

/** The line of all together. */
export const totalLine = (table: Table, label: string): TrendLine => ({
  label,
  color: COLORS[0] ?? "",
  values: totalOf(table),
  filled: true,
});

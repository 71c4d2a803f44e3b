/** Fewer points that draw the same line. */

export type Column = readonly (number | null)[];

/**
 * Returns the indices worth drawing: of each slice of the time the first, last, lowest
 * and highest value, and where it becomes unknown. Peaks stay, whatever the width.
 */
export function thin(values: Column, slices: number): number[] {
  const length = values.length;
  if (length <= slices * 4) return Array.from({ length }, (_, index) => index);
  const kept: number[] = [];
  for (let slice = 0; slice < slices; slice++) {
    const from = Math.floor((slice * length) / slices);
    const to = Math.floor(((slice + 1) * length) / slices);
    const chosen = new Set<number>([from, to - 1]);
    let low = -1;
    let high = -1;
    for (let index = from; index < to; index++) {
      const value = values[index] ?? null;
      if (value === null) {
        if (index === from || (values[index - 1] ?? null) !== null) chosen.add(index);
        continue;
      }
      if (low < 0 || value < (values[low] as number)) low = index;
      if (high < 0 || value > (values[high] as number)) high = index;
    }
    if (low >= 0) chosen.add(low).add(high);
    kept.push(...[...chosen].sort((a, b) => a - b));
  }
  return kept;
}

/** Returns an SVG path through the known values; it breaks where one is unknown. */
export function linePath(
  times: readonly number[],
  values: Column,
  x: (time: number) => number,
  y: (value: number) => number,
  slices: number,
): string {
  let path = "";
  let pen = false;
  for (const index of thin(values, slices)) {
    const value = values[index] ?? null;
    if (value !== null) {
      path += `${pen ? "L" : "M"}${x(times[index] as number).toFixed(1)} ${y(value).toFixed(1)}`;
      // Alone between two gaps a point is a line of no length, with a round cap.
      if (!pen) path += "h0";
    }
    pen = value !== null;
  }
  return path;
}

/** Returns the index of the time nearest to the wanted one; times are sorted. */
export function nearest(times: readonly number[], wanted: number): number {
  let low = 0;
  let high = times.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) < wanted) low = middle;
    else high = middle;
  }
  if (high < 0) return -1;
  return wanted - (times[low] as number) <= (times[high] as number) - wanted
    ? low
    : high;
}

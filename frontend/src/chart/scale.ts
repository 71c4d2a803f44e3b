/** From values to pixels, and where an axis has ticks. */

export interface Scale {
  low: number;
  high: number;
  /** Place of a value; what lies outside is put on the edge. */
  (value: number): number;
}

/** Maps `low`…`high` onto the pixels `from`…`to`. */
export function linear(low: number, high: number, from: number, to: number): Scale {
  const scale = (value: number): number =>
    from + Math.min(Math.max((value - low) / (high - low), 0), 1) * (to - from);
  return Object.assign(scale, { low, high });
}

/**
 * Ends of an axis with some room around the values, or undefined without values.
 * Never below 0 if no value is. `most` cuts off what would flatten everything else;
 * `least` is the share of the values that the axis covers at least, so that noise does
 * not look like news.
 */
export function bounds(
  values: Iterable<number>,
  most?: number,
  least = 0,
): [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return undefined;
  if (most !== undefined && low < most && most < high) high = most;
  const size = Math.max(Math.abs(low), Math.abs(high));
  const room = high - low <= size * 1e-6 ? size * 0.05 || 1 : (high - low) * 0.08;
  const spare = Math.max(room, (size * least - (high - low)) / 2);
  return [low < 0 ? low - spare : Math.max(low - spare, 0), high + spare];
}

/** A limit above which values are rare: a miner that starts burns any number of J/TH. */
export function usualMost(values: readonly (number | null)[]): number | undefined {
  const sorted = values
    .filter((value): value is number => value !== null)
    .sort((a, b) => a - b);
  const usual = sorted[Math.floor((sorted.length - 1) * 0.95)];
  return usual === undefined ? undefined : usual * 1.25;
}

/**
 * About `count` round numbers within the bounds, at least two, and the decimals that
 * they need.
 */
export function numberTicks(
  low: number,
  high: number,
  count: number,
): { values: number[]; decimals: number } {
  const rough = (high - low) / Math.max(count, 1);
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const multiple =
    [1, 2, 2.5, 5].find((factor) => factor * magnitude >= rough * 0.999) ?? 10;
  const step = multiple * magnitude;
  const values: number[] = [];
  for (
    let index = Math.ceil(low / step - 1e-9);
    index <= Math.floor(high / step + 1e-9);
    index++
  )
    // Never -0, which would be written with its sign.
    values.push(index * step + 0);
  const decimals =
    Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) +
    (multiple === 2.5 && magnitude < 10 ? 1 : 0);
  return values.length < 2 && count < 20
    ? numberTicks(low, high, count * 2)
    : { values, decimals };
}

/** When a figure deserves attention. Colours follow these, and never stand alone. */

import type { Judged, Level, Miner } from "./model";

export type { Level } from "./model";

/** The level that the integration gives to a figure; unknown is neither good nor bad. */
export const levelOf = ({ levels }: Miner, figure: Judged): Level | undefined =>
  levels?.[figure];

/** How much of the expected hashrate it makes: as it is judged, else in its last reading. */
export function shareOfExpected(miner: Miner): number | undefined {
  const { expected_ratio_percent: judged, hashrate_ghs: value } = miner;
  const expected = miner.expected_hashrate_ghs;
  if (judged !== null) return judged / 100;
  return value !== null && expected ? value / expected : undefined;
}

/** What a label of stability means. */
export function stabilityLevel(label: string | null | undefined): Level | undefined {
  switch (label) {
    case "excellent":
    case "stable":
      return "good";
    case "variable":
      return "warning";
    case "unstable":
      return "critical";
    default:
      return undefined;
  }
}

/** When a figure deserves attention. Colours follow these, and never stand alone. */

import type { Judged, Level, Miner } from "./model";

export type { Level } from "./model";

/** The level that the integration gives to a figure; unknown is neither good nor bad. */
export const levelOf = ({ levels }: Miner, figure: Judged): Level | undefined =>
  levels?.[figure];

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

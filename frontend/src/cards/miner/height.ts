/** How high the card of a miner is, about. */

import { atWidth, type Breakpoints } from "../../lib/breakpoints";

/** px of the parts of the card, by its width: as measured with a miner that is well. */
const READINGS: Breakpoints = [
  [0, 500],
  [460, 296],
];
const DETAILS: Breakpoints = [
  [0, 387],
  [330, 354],
  [380, 337],
  [450, 280],
  [500, 263],
  [560, 235],
  [700, 173],
  [900, 230],
];
const CHART: Breakpoints = [
  [0, 505],
  [340, 487],
  [380, 425],
  [450, 453],
  [500, 485],
  [560, 518],
  [700, 574],
];
const CONTROLS: Breakpoints = [
  [0, 408],
  [380, 314],
  [560, 292],
  [700, 221],
];
const TUNING: Breakpoints = [
  [0, 135],
  [460, 77],
];
/** px from which readings and chart are beside each other, and the height of the chart. */
const WIDE = 900;
const WIDE_CHART: Breakpoints = [
  [0, 504],
  [1200, 550],
];
const HEADER = 90;

/** px of the bar of days: the shares are below its title on narrow cards. */
const UPTIME: Breakpoints = [
  [0, 106],
  [480, 83],
];
/** px of what leads to other miners. */
const NEIGHBOURS = 52;

interface Parts {
  navigation_path?: string | undefined;
  details: boolean;
  chart: boolean;
  uptime: boolean;
  controls: boolean;
  tuning: boolean;
}

/** Returns the height in px of the card with its parts, at a width in px. */
export function minerHeight(
  { details, chart, uptime, controls, tuning, navigation_path: path }: Parts,
  width: number,
): number {
  const figures = atWidth(READINGS, width) + (details ? atWidth(DETAILS, width) : 0);
  const below =
    (uptime ? atWidth(UPTIME, width) : 0) +
    (controls ? atWidth(CONTROLS, width) : 0) +
    (tuning ? atWidth(TUNING, width) : 0) +
    (path ? NEIGHBOURS : 0);
  if (!chart) return figures + below;
  return width >= WIDE
    ? Math.max(figures, HEADER + atWidth(WIDE_CHART, width)) + below
    : figures + atWidth(CHART, width) + below;
}

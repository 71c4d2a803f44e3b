/** Round times of somebody's time zone. */

import type { TimeFormat } from "../lib/clock";

const MINUTE = 60;
const DAY = 86_400;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080].map(
  (minutes) => minutes * MINUTE,
);

interface TimeTick {
  /** Unix time in s. */
  time: number;
  label: string;
  /** A day begins. */
  strong: boolean;
}

/** Up to about `count` round times within the bounds. */
export function timeTicks(
  start: number,
  end: number,
  count: number,
  format: TimeFormat,
): TimeTick[] {
  const rough = (end - start) / Math.max(count, 1);
  const step = STEPS.find((seconds) => seconds >= rough) ?? 4 * 7 * DAY;
  const ticks: TimeTick[] = [];
  const firstWall = Math.ceil((start + format.offset(start)) / step) * step;
  for (let wall = firstWall; ; wall += step) {
    // The offset at the moment itself is only known once the moment is.
    let time = wall - format.offset(wall - format.offset(start));
    time = wall - format.offset(time);
    if (time > end) return ticks;
    // An hour that is skipped in spring has no moment.
    if (time < start || time + format.offset(time) !== wall) continue;
    const strong = wall % DAY === 0;
    ticks.push({
      time,
      label: strong ? format.date(time) : format.time(time),
      strong,
    });
  }
}

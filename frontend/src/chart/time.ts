/** Round times of somebody's time zone, and how they are written. */

import type { Clock } from "../lib/clock";

const MINUTE = 60;
const DAY = 86_400;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080].map(
  (minutes) => minutes * MINUTE,
);

export interface TimeTick {
  /** Unix time in s. */
  time: number;
  label: string;
  /** A day begins. */
  strong: boolean;
}

export interface TimeFormat {
  /** 14:05 */
  time(unix: number): string;
  /** 24 Nov */
  date(unix: number): string;
  /** 24 Nov, 14:05 */
  moment(unix: number): string;
  /** How far the wall clock is ahead of UTC then, in s. */
  offset(unix: number): number;
}

/** Intl formatters are dear to make, so one set is kept for each clock. */
const formats = new Map<string, TimeFormat>();

/** Return how times are written for somebody. */
export function timeFormat(clock: Clock): TimeFormat {
  const key = `${clock.language}|${clock.timeZone}|${clock.hour12}`;
  let format = formats.get(key);
  if (!format) formats.set(key, (format = makeFormat(clock)));
  return format;
}

function makeFormat({ language, timeZone, hour12 }: Clock): TimeFormat {
  const make = (
    options: Intl.DateTimeFormatOptions,
    locale = language,
  ): ((unix: number) => string) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone, ...options });
    return (unix) => format.format(unix * 1000);
  };
  const twelve =
    hour12 ??
    new Intl.DateTimeFormat(language, { hour: "numeric" }).resolvedOptions().hour12;
  const clock: Intl.DateTimeFormatOptions = {
    hour: twelve ? "numeric" : "2-digit",
    minute: "2-digit",
    // Not `hour12`, which makes midnight 24 in English.
    hourCycle: twelve ? "h12" : "h23",
  };
  const day: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };
  // Swedish writes dates as ISO 8601 does.
  const wall = make(
    {
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    },
    "sv",
  );
  return {
    time: make(clock),
    date: make(day),
    moment: make({ ...day, ...clock }),
    offset: (unix) =>
      Date.parse(`${wall(unix).replace(" ", "T")}Z`) / 1000 - Math.floor(unix),
  };
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

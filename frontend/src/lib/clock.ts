/** How a user reads times: language, time zone, and 12 or 24 hours. */

import type { HomeAssistant } from "./hass";

export interface Clock {
  language: string;
  /** IANA name. */
  timeZone: string;
  hour12?: boolean;
}

/** Returns the clock of a user's profile. */
export function clockOf(hass: HomeAssistant): Clock {
  const { language, time_format: format, time_zone: zone } = hass.locale;
  return {
    language: format === "system" ? navigator.language : language,
    timeZone:
      zone === "server"
        ? hass.config.time_zone
        : new Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...(format === "12" || format === "24" ? { hour12: format === "12" } : {}),
  };
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
  /** The number of the day, by the wall clock. */
  day(unix: number): number;
}

/** Intl formatters are dear to make, so one set is kept for each clock. */
const formats = new Map<string, TimeFormat>();

/** Returns how times are written for somebody. */
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
  const offset = (unix: number): number =>
    Date.parse(`${wall(unix).replace(" ", "T")}Z`) / 1000 - Math.floor(unix);
  return {
    time: make(clock),
    date: make(day),
    moment: make({ ...day, ...clock }),
    offset,
    day: (unix) => Math.floor((unix + offset(unix)) / 86_400),
  };
}

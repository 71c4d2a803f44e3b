/** Days and times of a timeline, by the clock of the user. */

import { type Clock, timeFormat } from "../../lib/clock";
import type { HomeAssistant } from "../../lib/hass";
import { localize } from "../../lib/i18n";

/** Time of day: 14:05. */
export const timeOf = (clock: Clock, unix: number): string =>
  timeFormat(clock).time(unix);

/** The day of a moment, seen from now: today, yesterday, or its date. */
export function dayName(
  hass: HomeAssistant,
  clock: Clock,
  unix: number,
  now: number,
): string {
  const { date, day } = timeFormat(clock);
  const ago = day(now) - day(unix);
  if (ago <= 0) return localize(hass, "timeline.today");
  return ago === 1 ? localize(hass, "timeline.yesterday") : date(unix);
}
